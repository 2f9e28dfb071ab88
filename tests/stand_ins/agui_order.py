"""The rules the official AG-UI client checks on a run's events, for our own tests."""

import json
from collections.abc import Sequence
from typing import Any

from ag_ui.core import Event
from pydantic import TypeAdapter

_EVENT: TypeAdapter[Any] = TypeAdapter(Event)


def verify_order(  # noqa: C901, PLR0912, PLR0915 - one rule after the other reads best
    data: Sequence[str],
) -> list[dict[str, Any]]:
    """Fail on the first event that a client would refuse; returns the events."""
    events = [json.loads(one) for one in data]
    for event in events:
        _EVENT.validate_python(event)
    assert events, "a run has events"
    assert events[0]["type"] == "RUN_STARTED", "a run begins with RUN_STARTED"
    open_texts: set[str] = set()
    open_calls: set[str] = set()
    ended_calls: set[str] = set()
    seen_texts: set[str] = set()
    ended = False
    has_state = False
    for position, event in enumerate(events):
        kind = event["type"]
        assert not ended, f"{kind} after the end of the run"
        assert kind != "RUN_STARTED" or position == 0, "a run begins once"
        match kind:
            case "TEXT_MESSAGE_START":
                assert event["messageId"] not in seen_texts, "a message begins once"
                assert not open_texts, "one text at a time"
                open_texts.add(event["messageId"])
                seen_texts.add(event["messageId"])
            case "TEXT_MESSAGE_CONTENT":
                assert event["messageId"] in open_texts, "content needs a start"
                assert event["delta"], "content is not empty"
            case "TEXT_MESSAGE_END":
                open_texts.remove(event["messageId"])
            case "TOOL_CALL_START":
                assert not open_texts, "text ends before a tool call starts"
                assert event["toolCallId"] not in open_calls | ended_calls
                open_calls.add(event["toolCallId"])
            case "TOOL_CALL_ARGS":
                assert event["toolCallId"] in open_calls
                json.loads(event["delta"])
            case "TOOL_CALL_END":
                open_calls.remove(event["toolCallId"])
                ended_calls.add(event["toolCallId"])
            case "TOOL_CALL_RESULT":
                assert event["toolCallId"] in ended_calls, "a result needs its call"
                assert event["messageId"]
            case "STATE_SNAPSHOT":
                has_state = True
            case "STATE_DELTA":
                assert has_state, "a change needs the whole first"
            case "ACTIVITY_SNAPSHOT":
                assert event["messageId"], "an activity needs an id"
                assert event["content"]["type"] == event["activityType"]
            case "RUN_FINISHED":
                assert not open_texts, "everything ends before the run"
                assert not open_calls, "everything ends before the run"
                ended = True
            case "RUN_ERROR":
                ended = True
    assert ended, "a run ends"
    return events


def kinds(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def spoken(events: Sequence[dict[str, Any]]) -> str:
    return "".join(one["delta"] for one in events if one["type"] == "TEXT_MESSAGE_CONTENT")


def state_at_the_end(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a client holds after applying the snapshot and every change."""
    state: dict[str, Any] = {}
    for event in events:
        if event["type"] == "STATE_SNAPSHOT":
            state = dict(event["snapshot"])
        elif event["type"] == "STATE_DELTA":
            for operation in event["delta"]:
                state[operation["path"].removeprefix("/")] = operation["value"]
    return state
