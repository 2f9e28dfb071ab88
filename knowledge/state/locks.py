"""One turn at a time per cart, across processes: saves waste; the fences in SQL are what counts."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

from knowledge.state.connection import SharedState

_MARGIN = 0.5
"""Seconds that a call may stand in line on its way to Redis."""


@dataclass(frozen=True, slots=True)
class CartLock:
    """``ours_until`` is of the monotonic clock: before it nobody else can have taken the lock."""

    cart_id: str
    token: str
    ours_until: float = 0.0


class CartLocks:
    """Locks that end by themselves, so that a killed process blocks nobody for long."""

    def __init__(self, state: SharedState, *, ttl_seconds: float) -> None:
        self._state = state
        self._milliseconds = int(ttl_seconds * 1000)

    def acquire(self, cart_id: str) -> CartLock | None:
        """The lock, or None while another has it. Without Redis everybody gets it."""
        until = time.monotonic() + self._milliseconds / 1000
        lock = CartLock(cart_id, secrets.token_hex(8), until)

        def work(redis: Redis) -> bool:
            taken = redis.set(_key(cart_id), lock.token, nx=True, px=self._milliseconds)
            return bool(taken)

        return lock if self._state.attempt(work, otherwise=True) else None

    def extend(self, lock: CartLock) -> None:
        self._if_ours(lock, lambda pipe: pipe.pexpire(_key(lock.cart_id), self._milliseconds))

    def release(self, lock: CartLock) -> None:
        if time.monotonic() < lock.ours_until - _MARGIN:
            self._state.attempt(lambda redis: redis.delete(_key(lock.cart_id)), None)
        else:
            self._if_ours(lock, lambda pipe: pipe.delete(_key(lock.cart_id)))

    def _if_ours(self, lock: CartLock, change: Callable[[Pipeline], object]) -> None:
        def work(redis: Redis) -> None:
            with redis.pipeline() as pipe:
                try:
                    pipe.watch(_key(lock.cart_id))  # type: ignore[no-untyped-call]
                    if cast("str | None", pipe.get(_key(lock.cart_id))) != lock.token:
                        return
                    pipe.multi()
                    change(pipe)
                    pipe.execute()
                except WatchError:
                    return  # it lapsed and somebody else took it

        self._state.attempt(work, None)


def _key(cart_id: str) -> str:
    return f"smartcart:lock:cart:{cart_id}"
