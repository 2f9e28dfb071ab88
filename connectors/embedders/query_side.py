"""Embeds what shoppers type, on a short clock; a vendor that is down is not waited for at all."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from threading import Lock

from assistant.providers.breaker import Breaker
from connectors.embedders.pacing import Pace
from connectors.embedders.requests import RequestFailed, Requests
from knowledge.ports import Vectors

SECONDS = 1.5


class QueriesUnavailable(Exception):
    """The message says why."""


class QuerySide:
    """Thread-safe. One failure is enough to leave a vendor alone: words find well without it.

    Whether it is well again is tried by the way, while the shopper who asked gets an answer
    without it.
    """

    def __init__(
        self,
        requests: Requests,
        pace: Pace,
        *,
        seconds: float = SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self._requests = requests
        self._pace = pace
        self._seconds = seconds
        self._breaker = breaker or Breaker()
        self._lock = Lock()
        self._is_well = True

    def embed(self, text: str) -> Vectors:
        """Raises ``QueriesUnavailable`` at once, or when the time is over."""
        if not self._is_well:
            self._try_by_the_way(text)
            raise QueriesUnavailable("it has failed a moment ago.")
        if not self._pace.may_now():
            raise QueriesUnavailable("it has been asked often enough for now.")
        asked = self._requests.start([text], "query")
        try:
            return asked.result(timeout=self._seconds)
        except TooSlow:
            asked.cancel()
            self._failed(None)
            raise QueriesUnavailable(f"it took longer than {self._seconds:g} s.") from None
        except RequestFailed as error:
            if error.failure.of_request:
                raise QueriesUnavailable(f"it refused the query: {error}") from None
            self._failed(error.failure.retry_after)
            raise QueriesUnavailable(str(error)) from None

    def _try_by_the_way(self, text: str) -> None:
        if not self._breaker.enter():
            return
        if not self._pace.may_now():
            self._breaker.left()
            return
        self._requests.start([text], "query").add_done_callback(self._tried)

    def _tried(self, asked: "Future[Vectors]") -> None:
        error = None if asked.cancelled() else asked.exception()
        if asked.cancelled():
            self._breaker.left()
        elif error is None:
            self._breaker.well()
            self._is_well = True
        else:
            failure = error.failure if isinstance(error, RequestFailed) else None
            self._breaker.failed(lasting=True, retry_after=failure.retry_after if failure else None)

    def _failed(self, retry_after: float | None) -> None:
        with self._lock:
            if self._is_well:
                self._is_well = False
                self._breaker.failed(lasting=True, retry_after=retry_after)
