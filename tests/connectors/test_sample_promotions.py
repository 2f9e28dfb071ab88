from pathlib import Path

from connectors.sample_promotions import bring_promotions, end_promotions
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.pricing.promotion_store import Promotions
from tests.fixed_clock import FixedClock
from tests.sample_shop import SAMPLE

FILE = SAMPLE / "promotions.yaml"


def test_promotions_come_once_and_go_with_the_catalog(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    bring_promotions(FILE, sqlite_units, clock)
    with sqlite_units.write() as session:
        promotions = Promotions(session, clock)
        promotions.end("welcome")
        ours = promotions.list()[0].model_copy(update={"title": "Our own"})
        promotions.save(ours)

    bring_promotions(FILE, sqlite_units, clock)
    assert "welcome" not in _in_force(sqlite_units, clock)

    end_promotions(FILE, sqlite_units, clock)
    assert _in_force(sqlite_units, clock) == {ours.id}


def test_a_shop_without_promotions_has_none_to_end(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    end_promotions(tmp_path / "gone.yaml", sqlite_units, clock)

    assert _in_force(sqlite_units, clock) == set()


def _in_force(units: UnitsOfWork, clock: FixedClock) -> set[str]:
    with units.read() as session:
        return {one.id for one in Promotions(session, clock).list() if one.active}
