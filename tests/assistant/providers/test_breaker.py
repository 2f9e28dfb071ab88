from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.providers.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker


class Now:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def breaker(now: Now) -> Breaker:
    return Breaker(monotonic=now, stray=lambda: 0.0)


@pytest.fixture
def fail(breaker: Breaker) -> Callable[[int], None]:
    def failing(times: int) -> None:
        for _ in range(times):
            assert breaker.enter()
            breaker.failed()

    return failing


def test_a_few_failures_are_borne(breaker: Breaker, fail: Callable[[int], None]) -> None:
    fail(FAILURES - 1)

    assert breaker.enter()


def test_failures_in_a_row_open_it(breaker: Breaker, fail: Callable[[int], None]) -> None:
    fail(FAILURES)

    assert breaker.is_open
    assert not breaker.enter()


def test_an_answer_in_between_begins_the_count_anew(
    breaker: Breaker, fail: Callable[[int], None]
) -> None:
    fail(FAILURES - 1)
    breaker.well()

    fail(FAILURES - 1)

    assert not breaker.is_open


def test_the_tries_of_one_call_all_count(breaker: Breaker) -> None:
    breaker.failed(tries=FAILURES)

    assert breaker.is_open


def test_after_its_pause_a_single_call_tries(
    breaker: Breaker, now: Now, fail: Callable[[int], None]
) -> None:
    fail(FAILURES)
    now.seconds += FIRST_PAUSE

    assert [breaker.enter() for _ in range(5)] == [True, False, False, False, False]


def test_a_try_that_succeeds_closes_it(
    breaker: Breaker, now: Now, fail: Callable[[int], None]
) -> None:
    fail(FAILURES)
    now.seconds += FIRST_PAUSE
    assert breaker.enter()

    breaker.well()

    assert [breaker.enter() for _ in range(3)] == [True] * 3


def test_pauses_grow_with_each_try_that_fails_up_to_a_bound(
    breaker: Breaker, now: Now, fail: Callable[[int], None]
) -> None:
    fail(FAILURES)
    pauses = []
    for _ in range(9):
        began = now.seconds
        while not breaker.enter():
            now.seconds += 1
        pauses.append(now.seconds - began)
        breaker.failed()

    assert pauses[:4] == [FIRST_PAUSE * 2**step for step in range(4)]
    assert pauses[-1] == LONGEST_PAUSE


def test_many_calls_that_fail_at_once_are_one_outage(breaker: Breaker, now: Now) -> None:
    for _ in range(16):
        assert breaker.enter()
    for _ in range(16):
        breaker.failed()

    now.seconds += FIRST_PAUSE
    assert breaker.enter()


def test_what_was_wrong_is_known_until_it_is_well(breaker: Breaker, now: Now) -> None:
    breaker.failed(lasting=True, why="refused: no such key")

    assert breaker.why == "refused: no such key"
    assert breaker.pause_left == FIRST_PAUSE
    now.seconds += FIRST_PAUSE
    assert breaker.enter()
    breaker.well()
    assert (breaker.why, breaker.pause_left) == ("", 0)


def test_a_try_that_is_given_up_leaves_the_place_to_another(
    breaker: Breaker, now: Now, fail: Callable[[int], None]
) -> None:
    fail(FAILURES)
    now.seconds += FIRST_PAUSE
    assert breaker.enter()

    breaker.left()

    assert breaker.enter()


def test_what_lasts_opens_it_at_once(breaker: Breaker) -> None:
    breaker.failed(lasting=True)

    assert breaker.is_open


def test_it_is_left_alone_for_as_long_as_it_asks(breaker: Breaker, now: Now) -> None:
    breaker.failed(retry_after=20)

    now.seconds += 19
    assert breaker.is_open
    now.seconds += 1
    assert not breaker.is_open


def test_a_server_cannot_ask_to_be_left_alone_for_hours(breaker: Breaker, now: Now) -> None:
    breaker.failed(retry_after=86_400)

    now.seconds += LONGEST_PAUSE
    assert not breaker.is_open


def test_of_many_threads_one_tries(breaker: Breaker, now: Now, fail: Callable[[int], None]) -> None:
    fail(FAILURES)
    now.seconds += FIRST_PAUSE

    with ThreadPoolExecutor(8) as threads:
        entered = list(threads.map(lambda _: breaker.enter(), range(200)))

    assert sum(entered) == 1
