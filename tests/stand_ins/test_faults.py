from datetime import UTC, datetime
from typing import Any

import httpx
import openai
import pytest
from google.genai.errors import APIError
from langchain_core.messages import AIMessage

from tests.stand_ins.conftest import HELLO, Vendor
from tests.stand_ins.model_server import Fault, Reply, Usage

TEXT = "Here you are, my dear friend."
CALL = ("look", {"at": "apples"})
LOST = (openai.APIConnectionError, httpx.TransportError)
TOO_SLOW = (openai.APITimeoutError, httpx.TimeoutException)
# A vendor's client lets through what its own parsing raises.
UNREADABLE = (ValueError, APIError)


def _reason(message: AIMessage) -> str | None:
    told = message.response_metadata
    return told.get("finish_reason") or (told.get("incomplete_details") or {}).get("reason")


@pytest.mark.parametrize("streamed", [True, False])
def test_a_right_answer_is_read_whole(vendor: Vendor, streamed: bool) -> None:  # noqa: FBT001
    ask = vendor.stream if streamed else vendor.whole

    message = ask(Reply(TEXT, [CALL], usage=Usage(100, 20, cached=64, reasoning=7)))

    assert message.text == TEXT
    assert [(one["name"], one["args"]) for one in message.tool_calls] == [CALL]
    used = message.usage_metadata
    assert used is not None
    assert (used["input_tokens"], used["output_tokens"]) == (100, 20)
    assert used["input_token_details"]["cache_read"] == 64
    assert used["output_token_details"]["reasoning"] == 7
    assert vendor.server.asked[-1].tools == ["look"]
    assert vendor.server.asked[-1].system == "You sell."


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(
    "fault",
    ["cut before", "cut headers", "cut", "cut text", "cut arguments", "cut finish"],
)
def test_a_cut_is_an_error_of_the_connection(
    vendor: Vendor,
    fault: Fault,
    streamed: bool,  # noqa: FBT001
) -> None:
    with pytest.raises(LOST):
        (vendor.stream if streamed else vendor.whole)(Reply(TEXT, [CALL], broken=fault))


@pytest.mark.long
@pytest.mark.parametrize("fault", ["", "stall headers", "stall", "stall arguments", "stall finish"])
def test_silence_runs_into_the_time_limit_of_the_client(vendor: Vendor, fault: Fault) -> None:
    with pytest.raises(TOO_SLOW):
        vendor.stream(Reply(TEXT, [CALL], broken=fault, seconds=2))


def test_a_short_silence_is_waited_for(vendor: Vendor) -> None:
    message = vendor.stream(Reply(TEXT, [CALL], broken="stall", seconds=0.05, pause=0.001))

    assert message.text == TEXT


@pytest.mark.parametrize("fault", ["not json", "wrong type", "garbage", "garbage event"])
def test_what_is_not_the_protocol_cannot_be_read(vendor: Vendor, fault: Fault) -> None:
    with pytest.raises(UNREADABLE):
        vendor.stream(Reply(TEXT, [CALL], broken=fault))


@pytest.mark.parametrize("fault", ["not json", "garbage"])
def test_what_is_not_the_protocol_cannot_be_read_whole(vendor: Vendor, fault: Fault) -> None:
    with pytest.raises(UNREADABLE):
        vendor.whole(Reply(TEXT, [CALL], broken=fault))


@pytest.mark.parametrize("streamed", [True, False])
def test_text_that_is_no_utf_8_cannot_be_read_or_is_marked(
    vendor: Vendor,
    streamed: bool,  # noqa: FBT001
) -> None:
    try:
        message = (vendor.stream if streamed else vendor.whole)(Reply(TEXT, broken="bad utf-8"))
    except UnicodeDecodeError:
        return
    assert "\ufffd" in message.text


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("fault", ["failed", "error event"])
def test_a_failure_of_the_vendor_in_the_middle_is_told(
    vendor: Vendor,
    fault: Fault,
    streamed: bool,  # noqa: FBT001
) -> None:
    with pytest.raises((ValueError, openai.APIError, APIError), match=r"fail|overloaded|error"):
        (vendor.stream if streamed else vendor.whole)(Reply(TEXT, broken=fault))


def test_a_call_may_be_written_as_text(vendor: Vendor) -> None:
    message = vendor.stream(Reply("Wait. ", [CALL], broken="text call"))

    assert message.tool_calls == []
    assert '<tool_call>\n{"name": "look", "arguments": {"at": "apples"}}' in message.text


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("length", {"length", "MAX_TOKENS", "max_output_tokens"}),
        ("declined", {"content_filter", "SAFETY"}),
        ("wrong finish", {"tool_calls", "OTHER", None}),
        ("unfinished", {None}),
    ],
)
def test_the_reason_to_stop_is_told(vendor: Vendor, fault: Fault, reasons: set[Any]) -> None:
    message = vendor.stream(Reply(TEXT, broken=fault))

    assert message.text == ("" if fault == "declined" else TEXT)
    assert _reason(message) in reasons


def test_a_reason_of_its_own_is_told(vendor: Vendor) -> None:
    told = vendor.stream(Reply(TEXT, finish="OTHER")).response_metadata

    assert "OTHER" in {told.get("finish_reason"), told.get("status")}


def test_a_refusal_in_words_is_no_text(vendor: Vendor) -> None:
    assert vendor.stream(Reply("I will not.", [CALL], broken="refusal")).text == ""


def test_an_empty_answer_has_nothing_in_it(vendor: Vendor) -> None:
    try:
        message = vendor.stream(Reply(broken="empty"))
    except ValueError as error:
        assert "No generation chunks" in str(error)  # noqa: PT017 - one of two ways to say it
    else:
        assert (message.text, message.tool_calls) == ("", [])


@pytest.mark.long
def test_a_huge_answer_comes_whole(vendor: Vendor) -> None:
    assert len(vendor.stream(Reply(TEXT, broken="huge")).text) >= 500_000


def test_an_endless_answer_ends_when_the_client_leaves(vendor: Vendor) -> None:
    vendor.says.append(Reply(TEXT, broken="endless"))

    said = 0
    for chunk in vendor.model.stream(list(HELLO)):
        said += len(chunk.text)
        if said > 3 * len(TEXT):
            break

    assert vendor.stream(Reply(TEXT)).text == TEXT


def test_arguments_that_are_no_json_make_no_call_of_gemini_and_a_broken_one_of_openai(
    vendor: Vendor,
) -> None:
    message = vendor.whole(Reply(calls=[CALL], broken="arguments"))

    assert message.tool_calls == []
    assert len(message.invalid_tool_calls) == 1 or _reason(message) == "MALFORMED_FUNCTION_CALL"


@pytest.mark.parametrize("fault", ["string arguments", "array arguments"])
def test_arguments_that_are_no_object_are_not_taken_for_arguments(
    vendor: Vendor, fault: Fault
) -> None:
    # Which of these two it is depends on the client.
    try:
        message = vendor.stream(Reply(calls=[CALL], broken=fault))
    except ValueError as error:
        assert "valid dictionary" in str(error)  # noqa: PT017
    else:
        assert message.tool_calls == []


@pytest.mark.parametrize(("fault", "ids"), [("same id", 1), ("no id", None)])
def test_ids_of_calls_may_be_the_same_or_missing(
    vendor: Vendor, fault: Fault, ids: int | None
) -> None:
    message = vendor.stream(Reply(calls=[CALL, CALL], broken=fault))

    found = {one["id"] for one in message.tool_calls}
    assert len(message.tool_calls) == 2
    assert len(found) == ids if ids else found <= {None, ""} or len(found) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 429, 500, 502, 503, 529])
def test_a_status_reaches_the_client(vendor: Vendor, status: int) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each vendor has its own
        vendor.stream(Reply(status=status))

    error = caught.value
    cause = error.__cause__ or error
    code = getattr(cause, "status_code", None) or getattr(cause, "code", None)
    assert code == status


@pytest.mark.parametrize("retry_after", [7, datetime(2035, 1, 1, tzinfo=UTC)])
def test_a_busy_vendor_says_when_to_come_again(
    vendor: Vendor, retry_after: float | datetime
) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        vendor.stream(Reply(status=429, retry_after=retry_after))

    cause = caught.value.__cause__ or caught.value
    told = cause.response.headers["retry-after"]  # type: ignore[attr-defined]
    assert told == ("7" if retry_after == 7 else "Mon, 01 Jan 2035 00:00:00 GMT")
