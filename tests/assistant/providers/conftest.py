"""Two vendors on loopback, and the chain a shop would have of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import ModelSpec, parse_chain
from knowledge.shop import Shop
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer


@dataclass(frozen=True)
class Chain:
    """Two vendors and whoever asks them. ``first`` and ``second`` are as the chain has them."""

    first: ModelServer
    second: ModelServer
    minds: Minds


KINDS: dict[str, type[Any]] = {"google": GeminiServer, "openai-responses": ResponsesServer}
MakeChain = Callable[..., Chain]


@pytest.fixture
def chain(shop: Shop) -> Iterator[MakeChain]:
    """Make a chain of two vendors with a script each; one asked wrongly, or too little, fails."""
    started: list[ModelServer] = []

    def make(
        first: Sequence[Reply],
        second: Sequence[Reply] = (),
        *,
        named: str = "openai:gpt-5-mini,google:gemini-3-flash",
        **options: Any,
    ) -> Chain:
        specs = parse_chain(named)
        scripts = [first, second]
        servers: dict[ModelSpec, Any] = {}
        for spec, script in zip(
            [one for one in specs if not one.is_offline], scripts, strict=False
        ):
            kind = KINDS.get(spec.provider, OpenAiServer)
            servers[spec] = kind(*script).start()
            started.append(servers[spec])

        def options_of(spec: ModelSpec) -> ModelOptions:
            server = servers.get(spec)
            given = {"timeout": 5.0, "first_token_timeout": 2.0, "retries": 0, **options}
            return ModelOptions("secret", server.base_url if server else None, **given)

        minds = open_minds(specs, options_of, lambda: shop.search.vocabulary)
        asked = list(servers.values())
        return Chain(asked[0], asked[-1], minds)

    yield make
    for server in started:
        server.stop()
        server.verify()
