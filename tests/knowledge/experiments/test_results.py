from decimal import Decimal

import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.experiments.experiments import Experiments
from knowledge.experiments.models import VariantResult
from knowledge.experiments.results import buyers_share, verdict
from knowledge.experiments.statistics import difference_interval, share_interval
from tests.fixed_clock import FixedClock
from tests.knowledge.experiments.shoppers import add_call, add_order, add_shopper, add_turn


def test_each_shopper_counts_for_the_variant_they_got(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with units.write() as session:
        experiments = Experiments(session, clock)
        names = [f"shopper{number}" for number in range(8)]
        for name in names:
            add_shopper(session, name, clock.now())
            add_order(session, name, clock.now(), number=f"before-{name}")
        clock.advance(1)
        experiments.create("calmer", {"control": 1, "calm": 1})
        clock.advance(1)
        variants = {name: experiments.variant_of(name) for name in names}
        for name in names:
            turn = add_turn(session, name, clock.now(), seq=1)
            add_call(session, turn, clock.now(), purpose="answer", micros=1500)
            add_turn(session, name, clock.now(), seq=2, outcome="too_slow")
        calm = [name for name in names if variants[name] == "calm"]
        add_call(session, f"{calm[0]}-1", clock.now(), purpose="repair", micros=None)
        add_call(session, f"{calm[0]}-1", clock.now(), purpose="repair", micros=None)
        add_order(session, calm[0], clock.now(), number="1")
        add_order(session, calm[0], clock.now(), number="2")
        clock.advance(1)
        stopped = experiments.stop("calmer")
        add_turn(session, calm[0], clock.now(), seq=3)
        add_order(session, calm[0], clock.now(), number="after")

        control_result, calm_result = experiments.results(stopped)

    assert 0 < len(calm) < 8
    assert control_result == VariantResult(
        "control",
        shoppers=8 - len(calm),
        turns=2 * (8 - len(calm)),
        failed=8 - len(calm),
        cost=Decimal(8 - len(calm)) * Decimal("0.0015"),
    )
    assert calm_result == VariantResult(
        "calm",
        shoppers=len(calm),
        turns=2 * len(calm),
        failed=len(calm),
        rewritten=1,
        cost=Decimal(len(calm)) * Decimal("0.0015"),
        unpriced=2,
        orders=2,
        buyers=1,
    )


def test_a_variant_nobody_got_has_no_results(units: UnitsOfWork, clock: FixedClock) -> None:
    with units.write() as session:
        experiments = Experiments(session, clock)
        experiment = experiments.create("calmer", {"control": 1, "calm": 1})

        measured = experiments.results(experiment)

    assert measured == [VariantResult("control"), VariantResult("calm")]
    assert buyers_share(measured[0]) == "unknown"
    assert "too few to decide by" in verdict(measured)


def test_the_verdict_says_how_sure_it_is() -> None:
    control = VariantResult("control", shoppers=1000, buyers=100)
    alike = VariantResult("calm", shoppers=1000, buyers=110)
    better = VariantResult("bold", shoppers=1000, buyers=170)
    worse = VariantResult("loud", shoppers=1000, buyers=40)

    text = verdict([control, alike, better, worse])

    calm, bold, loud, hint = [line for line in text.split(". ") if line]
    assert "between -1.7 and +3.7 points" in calm
    assert "there may be no difference" in calm
    assert "sold more" in bold
    assert "sold less" in loud
    assert "too few" not in hint
    assert buyers_share(control) == "10.0% (8.3% to 12.0%)"


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Newcombe 1998 (I), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_the_interval_that_was_published(
    count: int, of: int, low: float, high: float
) -> None:
    interval = share_interval(count, of)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    # Newcombe 1998 (II), table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_has_the_interval_that_was_published(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    interval = difference_interval(first, second)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
