"""The talk works with an OpenAI-compatible model and with Gemini, over their real protocols."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.processes import Shopper, SmartCart
from tests.e2e.talk import GROCERY, carry
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.shopping_mind import ShoppingMind

Vendor = tuple[ModelServer, ShoppingMind, dict[str, str]]
# By code, without asking a model: the yes to the order.
_TURNS_OF_THE_MODEL = 10


@pytest.fixture(params=["openai", "gemini"])
def vendor(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    """A vendor on loopback and the settings that make a shop use it."""
    mind = ShoppingMind()
    server: OpenAiServer | GeminiServer
    if request.param == "openai":
        server = OpenAiServer(rules=[mind])
        settings = {"SMARTCART_MODEL": "openai:gpt-stand-in", "OPENAI_API_KEY": "no-real-key"}
    else:
        server = GeminiServer(rules=[mind])
        settings = {"SMARTCART_MODEL": "google:gemini-3-stand-in", "GEMINI_API_KEY": "no-real-key"}
    with server:
        yield server, mind, {**settings, "SMARTCART_MODEL_BASE_URL": server.base_url}


@pytest.mark.long
def test_a_model_carries_a_shopper_from_hello_to_order(vendor: Vendor, tmp_path: Path) -> None:
    server, mind, settings = vendor
    shop = SmartCart(tmp_path, **settings)
    answers: list[dict[str, Any]] = []
    try:
        shopper = Shopper(shop.wait().url)

        def say(text: str) -> dict[str, Any]:
            answers.append(shopper.say(text))
            return answers[-1]

        placed = carry(say, GROCERY)
        (order,) = shopper.get("orders")["items"]
    finally:
        shop.stop()

    assert order["id"] == placed["order"]["id"]
    assert mind.problems == []
    # The shopper read what the model wrote, word by word: nothing was stopped by mistake.
    said = [_by_the_model(answer) for answer in answers[:_TURNS_OF_THE_MODEL]]
    assert said == [_flat(text) for text in mind.written]
    assert len(server.asked) == 2 * _TURNS_OF_THE_MODEL + 1  # three searches, then an addition
    assert "Traceback" not in shop.log.read_text()


def _by_the_model(answer: dict[str, Any]) -> str:
    """Without the question of a confirmation, which the shop puts in its own words."""
    asked = answer["confirmation"]
    text = _flat(answer["text"])
    return text.removesuffix(_flat(asked["text"])).rstrip() if asked else text


def _flat(text: str) -> str:
    return " ".join(text.split())
