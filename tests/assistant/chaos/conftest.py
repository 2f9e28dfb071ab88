"""Fixtures of broken lines: an exchange for relays, vendors whose mind shops, patient channels."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from redis import Redis

from assistant.limits import Limits
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import parse_chain
from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.shopping import shops
from tests.assistant.chaos.verdict import CHANNEL
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer

Server = OpenAiServer | ResponsesServer | GeminiServer
VENDORS: dict[str, tuple[type[Server], str, str]] = {
    "openai": (OpenAiServer, "openai:gpt-stand-in", "/v1"),
    "responses": (ResponsesServer, "openai-responses:gpt-5-stand-in", "/v1"),
    "gemini": (GeminiServer, "google:gemini-3-stand-in", ""),
}
LEASE = timedelta(seconds=90)
MakeMinds = Callable[..., Minds]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange() as made:
        yield made


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(params=["openai"])
def vendor(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A vendor whose model searches, adds two things, and says that it did."""
    kind = VENDORS[request.param][0]
    with kind(rules=[shops]) as server:
        yield server


@pytest.fixture
def make_minds(vendor: Server) -> MakeMinds:
    """Open the vendor's model behind a port, as after a start: nothing is known of it."""
    spec, path = next(one[1:] for one in VENDORS.values() if isinstance(vendor, one[0]))

    def make(port: int, *, silence: float = 20.0, retries: int = 1) -> Minds:
        return open_minds(
            parse_chain(spec),
            ModelOptions(
                "no-real-key",
                f"http://127.0.0.1:{port}{path}",
                timeout=max(silence, 30.0),
                first_token_timeout=silence,
                retries=retries,
            ),
        )

    return make


def bounded(seconds: float) -> Limits:
    """The lease is so long that whatever is left behind shows in the next turn."""
    return Limits(seconds=seconds, seconds_by_channel={CHANNEL: seconds}, lease=LEASE)
