"""Embeds by a vendor: in batches, at its pace, again after failures, around texts it refuses."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from assistant.providers.failures import Failure
from connectors.embedders.batches import BatchLimits, batches
from connectors.embedders.pacing import Pace
from connectors.embedders.query_side import SECONDS, QueriesUnavailable, QuerySide
from connectors.embedders.requests import Api, Note, RequestFailed, Requests
from connectors.embedders.unit_vectors import EmbedderUnavailable
from knowledge.ports import Vectors

logger = logging.getLogger(__name__)
_EMPTY = "-"  # vendors refuse empty texts
_PROBE = "apples"
_SHORTENED = 1000
_LONGEST_PAUSE = 30.0
_LONGEST_HOLD = 120.0
_LONGEST_REQUEST = 60.0


@dataclass(frozen=True, slots=True)
class EmbeddingOptions:
    """``retries`` is how often a batch is asked for again; ``per_minute`` 0 is without limit."""

    retries: int = 4
    per_minute: int = 0
    query_seconds: float = SECONDS
    first_pause: float = 0.5
    note: Note | None = None
    """Told of every request."""


class VendorEmbedder:
    """Thread-safe. ``dimension`` None is found by embedding one word."""

    def __init__(
        self, api: Api, limits: BatchLimits, dimension: int | None, options: EmbeddingOptions
    ) -> None:
        self._api = api
        self._limits = limits
        self._options = options
        self._pace = Pace(options.per_minute)
        self._requests = Requests(api, dimension, options.note)
        self._queries = QuerySide(self._requests, self._pace, seconds=options.query_seconds)
        self._has_worked = False

    @cached_property
    def name(self) -> str:
        return f"{self._api.vendor.lower()}/{self._api.model}/{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        if self._requests.dimension is None:
            # On the short clock: the shop opens, and searches, without knowing it.
            self._requests.dimension = len(self.embed_query(_PROBE))
        return self._requests.dimension

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for places, part in self.embed_in_parts(texts):
            vectors[list(places)] = part
        return vectors

    def embed_in_parts(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """One part for each request that went well; zeros for texts the vendor refuses.

        Raises ``EmbedderUnavailable``.
        """
        for places in batches(texts, self._limits):
            written = [self._written(texts[place]) for place in places]
            try:
                yield from self._halved(places, written)
            except RequestFailed as error:
                raise self._unavailable(str(error)) from error

    def embed_query(self, text: str) -> Vectors:
        """Raises ``EmbedderUnavailable``, at once when the vendor has just failed."""
        self._api.prepare()
        try:
            return np.asarray(self._queries.embed(self._written(text))[0], dtype=np.float32)
        except QueriesUnavailable as error:
            raise self._unavailable(str(error)) from None

    def prepare(self) -> None:
        self._api.prepare()

    def close(self) -> None:
        """Wake who waits for the vendor, and let go of connections."""
        self._pace.stop()
        self._requests.close()

    def _halved(
        self, places: Sequence[int], texts: Sequence[str], *, patient: bool = True
    ) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Ask for a batch; when its texts are at fault, for its halves, down to the wrong one."""
        try:
            vectors = self._asked_again(texts) if patient else self._asked(texts)
        except RequestFailed as error:
            if not self._is_of_texts(error):
                raise
            if len(texts) == 1:
                yield places, self._alone(texts[0], error)
                return
        else:
            yield places, vectors
            return
        middle = len(texts) // 2
        for part in (slice(None, middle), slice(middle, None)):
            alone = len(texts[part]) == 1
            yield from self._halved(places[part], texts[part], patient=alone)

    def _is_of_texts(self, error: RequestFailed) -> bool:
        """Whether other texts would do: some servers break on a text instead of refusing it."""
        if error.failure.of_request and self._has_worked:
            return True
        broken = error.failure.outcome == "broken" and not error.failure.lasting
        if not (error.failure.of_request or broken):
            return False
        try:
            self._asked([_PROBE])
        except RequestFailed:
            return False
        return True

    def _alone(self, text: str, refused: RequestFailed) -> Vectors:
        """The vector of a text that was refused: of its beginning, if that is taken; else zeros."""
        if len(text) > _SHORTENED:
            try:
                return self._asked_again([text[:_SHORTENED]])
            except RequestFailed as error:
                if not self._is_of_texts(error):
                    raise
        logger.warning("%s cannot embed %r: %s", self._api.vendor, text[:80], refused)
        return np.zeros((1, self.dimension), dtype=np.float32)

    def _asked_again(self, texts: Sequence[str]) -> Vectors:
        """Ask in turn, and again when the failure may pass. Raises ``RequestFailed``."""
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(self._options.retries + 1),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._asked, texts)

    def _asked(self, texts: Sequence[str]) -> Vectors:
        if not self._pace.wait():
            raise self._unavailable("the shop is closing.")
        try:
            vectors = self._requests.start(texts, "product").result(_LONGEST_REQUEST)
        except TooSlow:
            told = f"it took longer than {_LONGEST_REQUEST:g} s."
            raise RequestFailed(Failure("timeout", told)) from None
        except RequestFailed as error:
            if error.failure.retry_after:
                self._pace.hold(min(error.failure.retry_after, _LONGEST_HOLD))
            raise
        self._has_worked = True
        return vectors

    def _pause(self, state: RetryCallState) -> float:
        """Somewhere between nothing and twice the last, so that many do not come back at once."""
        grown = wait_random_exponential(self._options.first_pause, max=_LONGEST_PAUSE)
        return grown(state)

    def _sleep(self, seconds: float) -> None:
        if not self._pace.pause(seconds):
            raise self._unavailable("the shop is closing.")

    def _written(self, text: str) -> str:
        return text[: self._limits.longest] or _EMPTY

    def _unavailable(self, reason: str) -> EmbedderUnavailable:
        return EmbedderUnavailable(self._api.vendor, reason)


def _may_pass(error: BaseException) -> bool:
    if not isinstance(error, RequestFailed):
        return False
    return error.failure.worth_a_retry and not error.failure.lasting
