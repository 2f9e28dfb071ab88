"""The one way to Redis: short timeouts, and work goes on without it when it is lost."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

CALL_SECONDS = 0.5
PAUSE_SECONDS = 1.0
"""After a failure callers do not wait for Redis again for this long."""


class SharedState:
    """Redis for what may be lost. Thread-safe; without a URL it is as if Redis were always down."""

    def __init__(self, url: str | None, *, pause: float = PAUSE_SECONDS) -> None:
        self._client: Redis | None = None
        self._pause = pause
        self._down_until = 0.0
        self._is_down = False
        self._lock = threading.Lock()
        if url is not None:
            self._client = Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=CALL_SECONDS,
                socket_connect_timeout=CALL_SECONDS,
                # One fresh try: pooled connections are all dead after a restart of the server.
                retry=Retry(NoBackoff(), 1),
                max_connections=64,
            )

    def attempt(self, work: Callable[[Redis], Result], otherwise: Result) -> Result:
        """Do the work on Redis, or return ``otherwise`` when Redis cannot do it now."""
        if self._client is None or time.monotonic() < self._down_until:
            return otherwise
        try:
            result = work(self._client)
        except (RedisError, OSError) as error:
            self._lost(error)
            return otherwise
        if self._is_down:
            self._found()
        return result

    @property
    def available(self) -> bool:
        return self.attempt(lambda redis: bool(redis.ping()), otherwise=False)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _lost(self, error: Exception) -> None:
        with self._lock:
            self._down_until = time.monotonic() + self._pause
            first, self._is_down = not self._is_down, True
        if first:
            logger.warning("Redis is lost (%s); going on without it, from the database.", error)

    def _found(self) -> None:
        with self._lock:
            again, self._is_down = self._is_down, False
        if again:
            logger.warning("Redis is back.")
