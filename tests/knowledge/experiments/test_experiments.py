from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.experiments.experiments import Experiments, choose
from tests.fixed_clock import FixedClock
from tests.knowledge.experiments.shoppers import add_shopper

TWO = {"control": 1, "calm": 1}


@contextmanager
def work_on(units: UnitsOfWork, clock: FixedClock) -> Iterator[Experiments]:
    with units.write() as session:
        for name in ("anna", "ben"):
            add_shopper(session, name, clock.now())
        yield Experiments(session, clock)


def test_nobody_gets_a_variant_where_nothing_is_tried(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with work_on(units, clock) as experiments:
        experiments.create("other", TWO, about="greeting")

        assert experiments.variant_of("anna", "prompts") is None


def test_a_variant_once_given_is_kept(units: UnitsOfWork, clock: FixedClock) -> None:
    with work_on(units, clock) as experiments:
        experiment = experiments.create("calmer", TWO)
        first = experiments.variant_of("anna")

        assert first == choose(experiment.id, "anna", TWO)
        assert [experiments.variant_of("anna") for _ in range(3)] == [first] * 3
        assert sum(experiments.shoppers(experiment).values()) == 1
        assert set(experiments.shoppers(experiment)) == {"control", "calm"}


def test_the_winner_of_a_stopped_experiment_is_everybodys(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with work_on(units, clock) as experiments:
        experiments.create("calmer", TWO)
        experiments.variant_of("anna")
        clock.advance(60)
        stopped = experiments.stop("calmer", winner="calm")

        assert not stopped.active
        assert stopped.stopped_at == clock.now()
        assert [experiments.variant_of(one) for one in ("anna", "ben")] == ["calm", "calm"]
        assert sum(experiments.shoppers(stopped).values()) == 1


def test_without_a_winner_what_was_decided_before_comes_back(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with work_on(units, clock) as experiments:
        experiments.create("calmer", TWO)
        experiments.stop("calmer", winner="calm")
        clock.advance(60)
        experiments.create("bolder", {"calm": 9, "bold": 1})
        experiments.stop("bolder")

        assert experiments.variant_of("anna") == "calm"
        assert [one.name for one in experiments.all()] == ["bolder", "calmer"]
        assert experiments.stop("bolder", winner="bold").winner == "bold"
        with pytest.raises(Conflict, match="'bolder'"):
            experiments.stop("calmer")


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("Calmer!", TWO),
        ("calmer", {"control": 1}),
        ("calmer", {"control": 1, "../x": 1}),
        ("calmer", {"control": 1, "calm": 0}),
    ],
)
def test_what_cannot_be_tried_is_refused(
    units: UnitsOfWork, clock: FixedClock, name: str, variants: dict[str, int]
) -> None:
    with work_on(units, clock) as experiments, pytest.raises(InvalidInput):
        experiments.create(name, variants)


def test_one_thing_is_tried_at_a_time(units: UnitsOfWork, clock: FixedClock) -> None:
    with work_on(units, clock) as experiments:
        experiments.create("calmer", TWO)

        with pytest.raises(Conflict, match="still active"):
            experiments.create("bolder", TWO)
        with pytest.raises(Conflict, match="already"):
            experiments.create("calmer", TWO, about="greeting")
        with pytest.raises(InvalidInput, match="control, calm"):
            experiments.stop("calmer", winner="bold")
        with pytest.raises(NotFound):
            experiments.stop("nothing")


def test_shares_are_as_the_weights_say() -> None:
    given = Counter(
        choose("exp_1", f"s{number}", {"a": 1, "b": 2, "c": 7}) for number in range(4000)
    )

    shares = {name: round(given[name] / 400) for name in "abc"}
    assert shares == {"a": 1, "b": 2, "c": 7}


def test_experiments_do_not_divide_shoppers_alike() -> None:
    both = Counter(
        (choose("exp_1", f"s{number}", TWO), choose("exp_2", f"s{number}", TWO))
        for number in range(4000)
    )

    assert all(900 < count < 1100 for count in both.values())
    assert len(both) == 4
