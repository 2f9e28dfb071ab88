import pytest

from assistant.providers.minds import CallLimits
from assistant.providers.time_shares import Behind, may_wait, pause_before, share_of

LIMITS = CallLimits(timeout=30, first_token_timeout=12)


def test_with_time_enough_the_limits_of_a_call_count() -> None:
    share = share_of(60, LIMITS, Behind())

    assert (share.whole, share.silence) == (30, 12)


def test_voice_leaves_the_next_vendor_half_of_the_time() -> None:
    share = share_of(6.5, LIMITS, Behind(vendors=1))

    assert share.silence == pytest.approx(3.25)
    assert share.silence < share.whole < 6.5


def test_the_offline_mind_needs_little() -> None:
    share = share_of(6.5, LIMITS, Behind(offline=True))

    assert share.whole == share.silence == pytest.approx(5.75)


@pytest.mark.parametrize("left", [6.5, 3.0, 1.0, 0.8, 0.1])
@pytest.mark.parametrize(
    "behind", [Behind(vendors, offline) for vendors in range(4) for offline in (True, False)]
)
def test_a_share_is_never_more_than_what_is_left(left: float, behind: Behind) -> None:
    share = share_of(left, LIMITS, behind)

    assert 0 < share.silence <= share.whole <= left


def test_nobody_waits_long_for_a_busy_vendor_while_another_is_free() -> None:
    assert may_wait(5, 60, Behind())
    assert not may_wait(5, 60, Behind(vendors=1))
    assert not may_wait(5, 6.5, Behind())
    assert may_wait(0.5, 6.5, Behind(vendors=1))


def test_pauses_grow_and_stray() -> None:
    assert [pause_before(retry, 0.5) for retry in (1, 2, 3, 9)] == [0.25, 0.5, 1.0, 4.0]
    assert [pause_before(2, jitter) for jitter in (0.0, 1.0)] == [0.0, 1.0]
