"""One request to a vendor of vectors: timed, noted, and its failure read."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import Literal, Protocol

from assistant.model_calls import CallOutcome, ModelCall
from assistant.providers.failures import Failure, failure_of
from connectors.embedders.unit_vectors import WrongDimension, unit_vectors
from knowledge.ports import Vectors

Kind = Literal["product", "query"]
Note = Callable[[ModelCall], None]


@dataclass(frozen=True, slots=True)
class Answer:
    rows: Sequence[Sequence[float]]
    tokens: int


class Api(Protocol):
    """A vendor's SDK; raises whatever it raises. It never asks again by itself."""

    @property
    def provider(self) -> str: ...

    @property
    def vendor(self) -> str:
        """The name people know it by."""
        ...

    @property
    def model(self) -> str: ...

    def prepare(self) -> None:
        """Load what is heavy, so that no clock has to wait for it."""
        ...

    def embed(self, texts: Sequence[str], kind: Kind) -> Answer: ...

    def close(self) -> None: ...


class RequestFailed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.told)
        self.failure = failure


class Requests:
    """``dimension`` is how many figures a vector must have, once that is known."""

    def __init__(self, api: Api, dimension: int | None = None, note: Note | None = None) -> None:
        self.dimension = dimension
        self._api = api
        self._note = note
        self._lock = Lock()
        self._waiting: set[Future[Vectors]] = set()
        self._sending = 0
        self._closed = False

    def start(self, texts: Sequence[str], kind: Kind) -> "Future[Vectors]":
        """Send in a thread that nobody has to wait for, not even the end of the process.

        An SDK cannot be interrupted, and its clock begins anew with each byte that comes.
        """
        asked: Future[Vectors] = Future()
        with self._lock:
            if self._closed:
                asked.set_exception(_closing())
                return asked
            self._waiting.add(asked)
            self._sending += 1
        asked.add_done_callback(self._waiting.discard)
        Thread(target=self._send_for, args=(asked, texts, kind), daemon=True).start()
        return asked

    def close(self) -> None:
        """Give up on all that is on its way; connections end with the last of it."""
        with self._lock:
            self._closed = True
            left, sending = list(self._waiting), self._sending
        for asked in left:
            with suppress(InvalidStateError):
                asked.set_exception(_closing())
        if not sending:
            self._api.close()

    def _send_for(self, asked: "Future[Vectors]", texts: Sequence[str], kind: Kind) -> None:
        with suppress(InvalidStateError):  # who asked has given up
            try:
                vectors = self.send(texts, kind)
            except RequestFailed as error:
                asked.set_exception(error)
            else:
                asked.set_result(vectors)
        with self._lock:
            self._sending -= 1
            is_last = self._closed and not self._sending
        if is_last:
            self._api.close()

    def send(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Raises ``RequestFailed``."""
        at, begun = datetime.now(UTC), time.perf_counter()
        try:
            answer = self._api.embed(texts, kind)
            vectors = unit_vectors(answer.rows, len(texts), self.dimension)
        except Exception as error:
            # Each SDK raises errors of its own, and lets through those of its HTTP library.
            failure = failure_of(error)
            if isinstance(error, WrongDimension):
                failure = replace(failure, lasting=True)
            self._noted(at, begun, failure.outcome, error=failure.told)
            raise RequestFailed(failure) from error
        self._noted(at, begun, "ok", tokens=answer.tokens)
        return vectors

    def _noted(
        self,
        at: datetime,
        begun: float,
        outcome: CallOutcome,
        tokens: int = 0,
        error: str | None = None,
    ) -> None:
        if self._note is None:
            return
        self._note(
            ModelCall(
                purpose="embed",
                provider=self._api.provider,
                model=self._api.model,
                outcome=outcome,
                at=at,
                seconds=time.perf_counter() - begun,
                input_tokens=tokens,
                error=error,
            )
        )


def _closing() -> RequestFailed:
    return RequestFailed(Failure("broken", "the shop is closing.", lasting=True))
