from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.scoring.countries import continent_of, country_code, home_of
from knowledge.scoring.eco_grade import carbon_points, eco_grade, origin_part
from tests.foods import food

OATS = food("Rolled Oats", size="500 g", category=("Oats",), carbon_kg_per_kg=Decimal("1.9"))


def test_the_limits_of_carbon_grades_are_round_points() -> None:
    points = [round(carbon_points(kg)) for kg in (0.2, 0.9, 1.9, 4.2, 7.5, 40)]

    assert points == [100, 80, 60, 40, 20, 0]


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_more_gas_never_earns_more_points(one: float, other: float) -> None:
    assert (carbon_points(one) >= carbon_points(other)) or one > other


def test_certificates_add_points_and_are_named() -> None:
    organic = eco_grade(replace(OATS, labels=("USDA Organic", "Fairtrade")))

    assert [(part.name, part.points) for part in organic.parts] == [
        ("organic", 10),
        ("Fairtrade", 5),
    ]
    assert (organic.grade, organic.score) == ("B", 75.0)


def test_the_same_certificate_counts_once() -> None:
    product = replace(OATS, labels=("USDA Organic", "Organic"), diets=("organic",))

    assert eco_grade(product).adjustment == 10


def test_certificates_count_twenty_at_most() -> None:
    labels = ("USDA Organic", "EU Ecolabel", "Fairtrade", "MSC")

    assert eco_grade(replace(OATS, labels=labels)).adjustment == 20


@pytest.mark.parametrize(
    ("packaging", "points"),
    [(("plastic tray", "plastic film"), -5), (("cardboard",), 0), (("glass jar",), -1), ((), 0)],
)
def test_the_worst_material_counts(packaging: tuple[str, ...], points: int) -> None:
    assert eco_grade(replace(OATS, packaging=packaging)).adjustment == points


def test_what_is_sold_loose_gains() -> None:
    loose = eco_grade(food("Apples, loose", category=("Fruit",)))

    assert [part.name for part in loose.parts] == ["without packaging"]


def test_what_was_flown_in_loses() -> None:
    flown = replace(OATS, labels=("By air freight",))

    assert eco_grade(flown).adjustment == -15


def test_without_a_carbon_figure_there_is_no_grade_but_merits() -> None:
    soap = food("Soap", category=("Household",), labels=("EU Ecolabel",))

    assert (eco_grade(soap).grade, eco_grade(soap).adjustment) == (None, 10)


@pytest.mark.parametrize(
    ("origin", "points"),
    [("United States", 5), ("Mexico", 0), ("Chile", -5), ("the sea", 0), (None, 0)],
)
def test_origin_is_near_or_far_from_home(origin: str | None, points: int) -> None:
    part = origin_part(replace(OATS, origin=origin), "US")

    assert (part.points if part else 0) == points


def test_origin_is_neutral_when_the_shop_is_nowhere() -> None:
    assert origin_part(replace(OATS, origin="Chile"), None) is None


def test_reads_countries_by_name_and_code() -> None:
    assert [country_code(text) for text in ("Italy", "it", "Scotland")] == ["IT", "IT", "GB"]
    assert continent_of("IT") == "Europe"
    assert [home_of(locale) for locale in ("en-US", "de_DE", "en")] == ["US", "DE", None]
