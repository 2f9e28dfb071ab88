import time

from knowledge.state.connection import SharedState
from knowledge.state.locks import CartLock, CartLocks


def test_one_has_the_lock_until_it_is_released(state: SharedState, name: str) -> None:
    locks = CartLocks(state, ttl_seconds=5)
    lock = locks.acquire(name)
    assert lock is not None
    assert locks.acquire(name) is None

    locks.release(lock)

    assert locks.acquire(name) is not None


def test_a_lock_ends_by_itself_unless_it_is_extended(state: SharedState, name: str) -> None:
    locks = CartLocks(state, ttl_seconds=0.3)
    lock = locks.acquire(name)
    assert lock is not None
    time.sleep(0.2)
    locks.extend(lock)
    time.sleep(0.2)
    assert locks.acquire(name) is None
    time.sleep(0.3)

    assert locks.acquire(name) is not None


def test_only_its_holder_can_release_a_lock(state: SharedState, name: str) -> None:
    locks = CartLocks(state, ttl_seconds=5)
    assert locks.acquire(name) is not None

    locks.release(CartLock(name, "forged"))

    assert locks.acquire(name) is None


def test_without_redis_everybody_gets_the_lock(lost: SharedState, name: str) -> None:
    locks = CartLocks(lost, ttl_seconds=5)

    first, second = locks.acquire(name), locks.acquire(name)

    assert first is not None
    assert second is not None
    locks.extend(first)
    locks.release(first)
