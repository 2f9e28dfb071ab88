"""What vendors' clients raise, read from the real clients against servers that fail."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.providers.failures import Failure, failure_of
from assistant.providers.minds import Mind
from assistant.providers.one_try import Try, try_once
from assistant.providers.opening import ModelOptions, open_mind
from assistant.providers.specs import parse_spec
from assistant.providers.time_shares import Share
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer

KINDS: dict[str, type[Any]] = {
    "openai:gpt-5-mini": OpenAiServer,
    "openai-responses:gpt-5-mini": ResponsesServer,
    "google:gemini-3-flash": GeminiServer,
}
Asked = Callable[..., Any]


@pytest.fixture(scope="module", params=list(KINDS))
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, ModelServer]]:
    with KINDS[request.param]() as started:
        yield request.param, started


@pytest.fixture
async def mind(server: tuple[str, Any]) -> AsyncIterator[Mind]:
    named, started = server
    opened = open_mind(parse_spec(named), ModelOptions("secret", started.base_url))
    yield opened
    await opened.close()


@pytest.fixture
def ask(server: tuple[str, Any], mind: Mind) -> Asked:
    """Ask once, and hear what comes."""

    async def asking(reply: Reply, silence: float = 4.0) -> tuple[Try, str]:
        started = server[1]
        started.script[:] = [reply]
        heard: list[str] = []
        done = Try()
        await try_once(
            mind,
            mind.model,
            [SystemMessage("Be short."), HumanMessage("hi")],
            Share(5, silence),
            done,
            hear=heard.append,
            tool_names=("get_cart",),
        )
        return done, "".join(heard)

    return asking


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(status=401), "refused"),
        (Reply(status=403), "refused"),
        (Reply(status=404), "refused"),
        (Reply(status=400), "refused"),
        (Reply(status=408), "timeout"),
        (Reply(status=429), "busy"),
        (Reply(status=500), "broken"),
        (Reply(status=502), "broken"),
        (Reply(status=503), "busy"),
        (Reply("Hello", broken="cut before"), "broken|unreachable"),
        (Reply("Hello", broken="cut"), "broken"),
        (Reply("Hello", broken="unfinished"), "broken"),
        (Reply("Hello", broken="not json"), "broken|empty"),
        (Reply("Hello", broken="garbage"), "broken|empty"),
        (Reply("Hello", broken="error event"), "broken|busy"),
        (Reply(broken="empty"), "empty|broken"),
        (Reply(broken="declined"), "empty"),
        (Reply(broken="refusal"), "empty"),
    ],
    ids=lambda one: f"{one.status} {one.broken}".strip() if isinstance(one, Reply) else "",
)
async def test_each_failure_has_its_kind(ask: Asked, reply: Reply, outcome: str) -> None:
    done, _ = await ask(reply)

    assert (done.failure.outcome if done.failure else "ok") in outcome.split("|")


async def test_only_what_nobody_can_mend_lasts(ask: Asked) -> None:
    lasting = [(await ask(Reply(status=status)))[0].failure.lasting for status in (401, 404, 500)]

    assert lasting == [True, True, False]


async def test_a_silent_vendor_is_left(ask: Asked) -> None:
    done, _ = await ask(Reply("Hello there", broken="stall", seconds=3), silence=0.3)

    assert done.failure.outcome == "timeout"


async def test_how_long_a_busy_vendor_wants_to_be_left_is_read(ask: Asked) -> None:
    done, _ = await ask(Reply(status=429, retry_after=7))

    assert done.failure.retry_after == 7


async def test_a_date_to_come_back_is_read(ask: Asked) -> None:
    back = datetime.now(UTC) + timedelta(seconds=60)

    done, _ = await ask(Reply(status=429, retry_after=back))

    assert done.failure.retry_after == pytest.approx(60, abs=3)


async def test_a_good_answer_is_heard_with_its_tokens(ask: Asked) -> None:
    done, heard = await ask(Reply("Hello there."))

    assert heard == "Hello there."
    assert done.failure is None
    assert done.first_token is not None
    assert done.message.usage_metadata["input_tokens"] == 10


async def test_the_reason_to_stop_may_be_wrong(ask: Asked) -> None:
    done, _ = await ask(Reply(calls=[("get_cart", {})], broken="wrong finish"))

    assert done.failure is None
    assert [call["name"] for call in done.message.tool_calls] == ["get_cart"]


async def test_an_answer_without_end_is_cut(ask: Asked) -> None:
    done, heard = await ask(Reply("So it goes on. ", broken="huge"))

    assert done.failure is None
    assert done.cut_short
    assert len(heard) < 25_000


def test_a_key_in_an_error_is_not_told() -> None:
    failure = failure_of(ValueError("Incorrect API key provided: sk-proj-abcdefgh12345678"))

    assert "abcdefgh" not in failure.told


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "unreachable"),
        (KeyError("choices"), "broken"),
        (ValueError("No generation chunks were returned"), "empty"),
    ],
)
def test_what_is_no_vendors_error_has_a_kind_too(error: Exception, failure: str) -> None:
    assert failure_of(error).outcome == failure


def test_a_connection_that_is_lost_after_it_began_is_no_vendor_out_of_reach() -> None:
    assert failure_of(ConnectionResetError(), begun=True).outcome == "broken"


@pytest.mark.parametrize(
    ("failure", "worth"),
    [
        (Failure("busy", ""), True),
        (Failure("timeout", ""), True),
        (Failure("refused", "", lasting=True), False),
        (Failure("empty", "", of_request=True), False),
    ],
)
def test_what_is_refused_is_not_asked_again(failure: Failure, worth: object) -> None:
    assert failure.worth_a_retry is worth
