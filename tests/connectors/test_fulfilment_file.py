from pathlib import Path

import pytest

from connectors.opening import load_zones, read_fulfilment
from connectors.settings import Settings
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import InvalidInput
from knowledge.fulfilment.zones import Zones
from knowledge.profile import ShopProfile
from tests.fixed_clock import FixedClock

TWO = """
zones:
  - {id: b, name: B, postal_codes: ["2*"], fee: "1"}
  - {id: a, name: A, postal_codes: ["1*"], fee: "2.50", free_from: "30"}
"""


def settings(**facts: object) -> Settings:
    return Settings(_env_file=None, **facts)  # type: ignore[arg-type]


def test_zones_follow_the_file_each_time_the_shop_opens(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "fulfilment.yaml"
    kept = []
    for text in (TWO, TWO, TWO.replace("2.50", "3.50"), ""):
        file.write_text(text, "utf-8")
        plan = read_fulfilment(settings(fulfilment=file))
        load_zones(plan, ShopProfile(), sqlite_units, clock)
        with sqlite_units.read() as session:
            zones = Zones(session, ShopProfile()).all
        assert zones == plan.zones
        kept.append([(zone.id, str(zone.terms.fee)) for zone in zones])

    assert kept == [
        [("b", "1"), ("a", "2.5")],
        [("b", "1"), ("a", "2.5")],
        [("b", "1"), ("a", "3.5")],
        [],
    ]


def test_the_sample_has_a_plan_and_an_own_catalog_has_none_of_it(tmp_path: Path) -> None:
    catalog = tmp_path / "products.jsonl"
    catalog.touch()

    assert read_fulfilment(settings()).zones
    assert read_fulfilment(settings(catalog=catalog)).applied_to(ShopProfile()) == ShopProfile()


def test_a_file_that_cannot_be_used_stops_the_opening(tmp_path: Path) -> None:
    file = tmp_path / "fulfilment.yaml"
    file.write_text("zones: nowhere", "utf-8")

    with pytest.raises(InvalidInput, match=r"fulfilment\.yaml cannot be used\. zones"):
        read_fulfilment(settings(fulfilment=file))
