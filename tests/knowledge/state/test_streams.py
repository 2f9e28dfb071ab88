import pytest

from knowledge.state.connection import SharedState
from knowledge.state.streams import RunEvent, RunStreams, parse_event_id


def events(attempt: int, *numbers: int) -> list[RunEvent]:
    return [RunEvent(f"{attempt}-{number}", f'{{"n": {number}}}') for number in numbers]


def test_events_are_read_behind_an_id(state: SharedState, name: str) -> None:
    streams = RunStreams(state)
    streams.publish(name, events(1, 1, 2, 3))

    assert streams.read(name, None) == events(1, 1, 2, 3)
    assert streams.read(name, "1-2") == events(1, 3)
    assert streams.read(name, "1-3") == []


def test_an_event_published_twice_is_there_once(state: SharedState, name: str) -> None:
    streams = RunStreams(state)
    streams.publish(name, events(1, 1, 2))
    streams.publish(name, events(1, 2, 3))

    assert streams.read(name, None) == events(1, 1, 2, 3)


def test_an_older_attempt_cannot_write_behind_a_newer_one(state: SharedState, name: str) -> None:
    streams = RunStreams(state)
    streams.publish(name, events(2, 1))
    streams.publish(name, events(1, 5))

    assert streams.read(name, None) == events(2, 1)


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1", "1-x", "9" * 30 + "-1", "1-2-3"])
def test_what_is_no_event_id_stands_before_everything(text: str) -> None:
    assert parse_event_id(text) == (0, 0)


def test_without_redis_there_are_no_events(lost: SharedState, name: str) -> None:
    streams = RunStreams(lost)
    streams.publish(name, events(1, 1))

    assert streams.read(name, None) == []


def test_a_newer_attempt_goes_on_behind_an_older_one(state: SharedState, name: str) -> None:
    streams = RunStreams(state)
    streams.publish(name, [*events(1, 1, 2), *events(2, 3, 4)])

    assert streams.read(name, "1-1") == [*events(1, 2), *events(2, 3, 4)]
    assert streams.read(name, "2-3") == events(2, 4)
