import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.insight import Insight
from assistant.model_calls import ModelCall
from connectors.embedding_choice import EmbeddingChoice, parse_links
from connectors.model_prices import load_prices
from connectors.opening import open_shop
from connectors.settings import InvalidSettings, load_settings
from connectors.vendor_keys import VendorKeys
from knowledge.errors import InvalidInput
from knowledge.search.requests import SearchRequest
from knowledge.usage.models import ModelUse
from tests.stand_ins.embeddings_server import EmbeddingsServer


def choice(named: str, **parts: Any) -> EmbeddingChoice:
    return EmbeddingChoice(named, VendorKeys("sk-own", "g", **parts))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("builtin", [None]),
        ("openai:small", ["openai:small"]),
        ("openai:small, builtin", ["openai:small", None]),
        ("gemini:a,openai:b@http://localhost:11434/v1,builtin",
         ["google:a", "openai:b@http://localhost:11434/v1", None]),
    ],
)  # fmt: skip
def test_a_chain_is_read_best_first(text: str, links: list[str | None]) -> None:
    assert [None if link is None else str(link) for link in parse_links(text)] == links


@pytest.mark.parametrize(
    "text", ["", "offline", "builtin,openai:a", "openai:a,openai:a", "openai:", "cohere:a", "a,"]
)
def test_a_chain_that_makes_no_sense_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_links(text)
    with pytest.raises(InvalidSettings, match="EMBEDDINGS"):
        load_settings(embeddings=text or "x", openai_api_key="k")


def test_a_key_goes_to_its_vendor_and_not_to_an_address_in_the_chain() -> None:
    with EmbeddingsServer() as server:
        named = f"openai:small@{server.url}/v1,google:gemini-embedding-001@{server.url},builtin"
        servers = {f"127.0.0.1:{server.port}": "house"}
        own, google, fitted = choice(named).open()
        house, _, _ = choice(named, servers=servers).open()
        assert own is not None
        assert google is not None
        own.embed_query("oat milk")
        assert house is not None
        google.embed_query("oat milk")
        house.embed_query("oat milk")

    assert fitted is None
    told = [one["authorization"] for one in server.openai.headers]
    assert [told[0], told[-1]] == ["Bearer none", "Bearer house"]
    assert server.gemini.headers[0]["x-goog-api-key"] == "none"


def test_openais_protocol_may_be_spoken_elsewhere() -> None:
    noted: list[ModelCall] = []
    with EmbeddingsServer() as server:
        (embedder,) = choice("openai:small", openai_base_url=f"{server.url}/v1").open(noted.append)
        assert embedder is not None
        embedder.embed_query("oat milk")

    assert server.openai.headers[0]["authorization"] == "Bearer sk-own"
    assert [one.model for one in noted] == ["small"]


def test_a_shop_notes_what_its_vectors_cost(tmp_path: Path) -> None:
    seen: list[ModelUse] = []

    class Watching:
        def model_called(self, use: ModelUse) -> None:
            seen.append(use)

        def tool_called(self, tool: str, outcome: str, seconds: float) -> None: ...

        def turn_ended(self, report: object) -> None: ...

    catalog = tmp_path / "products.csv"
    rows = "".join(f"p{n},Oat drink {n},1.00,Drinks\n" for n in range(3))
    catalog.write_text(f"id,title,price,category\n{rows}", "utf-8")
    with EmbeddingsServer() as server:
        settings = load_settings(
            data_dir=tmp_path / "data",
            catalog=catalog,
            embeddings=f"openai:text-embedding-3-small@{server.url}/v1,builtin",
        )
        insight = Insight(observer=Watching(), prices=load_prices(settings))
        with open_shop(settings, indexing="first", insight=insight) as opened:
            opened.shop.search.find(SearchRequest("oat drink"))

    # One to learn what the model makes, one for the products, one for the search.
    assert [(one.purpose, one.outcome) for one in seen] == [("embed", "ok")] * 3
    assert all(one.input_tokens and one.cost_micros is not None for one in seen)


def test_a_shop_opens_and_searches_while_nobody_knows_the_model(tmp_path: Path) -> None:
    catalog = tmp_path / "products.csv"
    catalog.write_text("id,title,price,category\np1,Oat drink,1.00,Drinks\n", "utf-8")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening
        settings = load_settings(
            data_dir=tmp_path / "data",
            catalog=catalog,
            embeddings=f"openai:house@http://127.0.0.1:{taken.getsockname()[1]}/v1,builtin",
        )
        with open_shop(settings) as opened:
            found = opened.shop.search.find(SearchRequest("oat drink"))

    assert [hit.product_id for hit in found.hits] == ["p1"]
