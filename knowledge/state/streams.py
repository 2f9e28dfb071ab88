"""Events of runs as Redis streams, so that any process can follow or replay a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis

from knowledge.state.connection import SharedState

TTL_SECONDS = 3600
MAX_EVENTS = 5000
_LONGEST_ID = 20


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One event of a run. ``id`` is ``attempt-number`` and rises; ``data`` is its JSON."""

    id: str
    data: str

    @property
    def attempt(self) -> int:
        return parse_event_id(self.id)[0]


def parse_event_id(text: str) -> tuple[int, int]:
    """The attempt and the number within it; (0, 0), before everything, when it is no id."""
    attempt, _, number = text.partition("-")
    if attempt.isdecimal() and number.isdecimal() and len(text) <= _LONGEST_ID:
        return int(attempt), int(number)
    return 0, 0


class RunStreams:
    """A stream per run; each attempt at a run starts it anew."""

    def __init__(self, state: SharedState) -> None:
        self._state = state

    def publish(self, run_id: str, events: Sequence[RunEvent]) -> None:
        """Append events in order; what a newer attempt has begun is left alone.

        Those that follow on each other are one entry under the last one's id: a line of JSON each.
        """

        def work(redis: Redis) -> None:
            with redis.pipeline() as pipe:
                for batch in _in_sequence(events):
                    pipe.xadd(
                        _key(run_id),
                        {"data": "\n".join(event.data for event in batch)},
                        id=batch[-1].id,
                        maxlen=MAX_EVENTS,
                        approximate=True,
                    )
                pipe.expire(_key(run_id), TTL_SECONDS)
                # An id that is not newer than the last is refused: the event is there already.
                pipe.execute(raise_on_error=False)

        self._state.attempt(work, None)

    def read(self, run_id: str, after: str | None, *, limit: int = 500) -> list[RunEvent]:
        """Events behind ``after``, at once; none when there are none or Redis is lost.

        ``limit`` is of entries, each of which holds what was published at once.
        """

        def work(redis: Redis) -> list[tuple[str, dict[str, str]]]:
            start = "-" if after is None else f"({after}"
            found = redis.xrange(_key(run_id), min=start, max="+", count=limit)
            return cast("list[tuple[str, dict[str, str]]]", found)

        entries: list[tuple[str, dict[str, Any]]] = self._state.attempt(work, [])
        events: list[RunEvent] = []
        behind = parse_event_id(after or "")
        for entry_id, fields in entries:
            attempt, last = parse_event_id(entry_id)
            lines = fields["data"].split("\n")
            for number, data in enumerate(lines, last - len(lines) + 1):
                if (attempt, number) > behind:
                    events.append(RunEvent(f"{attempt}-{number}", data))
                    behind = attempt, number
        return events


def _in_sequence(events: Sequence[RunEvent]) -> list[list[RunEvent]]:
    """The events in runs whose numbers follow on each other."""
    batches: list[list[RunEvent]] = []
    following = (0, 0)
    for event in events:
        attempt, number = parse_event_id(event.id)
        if (attempt, number) != following:
            batches.append([])
        batches[-1].append(event)
        following = attempt, number + 1
    return batches


def _key(run_id: str) -> str:
    return f"smartcart:run:{run_id}"
