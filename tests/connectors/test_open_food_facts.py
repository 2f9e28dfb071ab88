from collections.abc import Iterator
from typing import Any

import pytest

from connectors.open_food_facts import OpenFoodFacts, facts_of
from knowledge.errors import Unavailable
from tests.stand_ins.food_facts_server import FoodFactsServer, serving

CODE = "7312345678909"
WAFER: dict[str, Any] = {
    "code": CODE,
    "product_name": "Wafer",
    "ingredients_text": "Sucre, lait",
    "ingredients_text_en": "Sugar, milk, hazelnuts",
    "allergens_tags": ["en:milk", "en:nuts", "en:soybeans"],
    "traces_tags": ["en:sesame-seeds"],
    "labels_tags": ["en:fair-trade", "en:gluten-free", "fr:bon", "en:organic"],
    "nutriments": {
        "energy-kcal_100g": 539, "fat_100g": 30.9, "saturated-fat_100g": "10.6",
        "sugars_100g": 56.3, "salt_100g": 0.107, "proteins_100g": 6.3, "fiber_100g": None,
    },
    "nutriscore_grade": "e",
    "nova_group": 4,
    "origins_tags": ["en:italy"],
    "packagings": [{"material": "en:plastic"}, {"material": {"id": "en:paper"}}, {}],
    "environmental_score_grade": "a-plus",
    "environmental_score_data": {"agribalyse": {"co2_total": 4.2}},
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[FoodFactsServer]:
    with serving() as facts:
        yield facts


@pytest.fixture
def source(server: FoodFactsServer) -> OpenFoodFacts:
    return OpenFoodFacts(contact="https://shop.example", base_url=server.url)


def test_a_barcode_is_asked_for_and_its_facts_are_ours(
    server: FoodFactsServer, source: OpenFoodFacts
) -> None:
    server.products[CODE] = WAFER

    assert source.find(CODE) == {
        "ingredients": "Sugar, milk, hazelnuts",
        "allergens": ["milk", "nuts", "soy"],
        "traces": ["sesame"],
        "labels": ["Fair trade", "Gluten free", "Organic"],
        "diets": ["fair_trade", "organic"],
        "nutrition": {
            "energy_kcal": "539", "fat": "30.9", "saturated_fat": "10.6", "sugars": "56.3",
            "salt": "0.107", "protein": "6.3",
        },
        "origin": "Italy",
        "packaging": ["plastic", "paper"],
        "carbon_kg_per_kg": "4.2",
        "nutri_score": "E",
        "green_score": "A",
        "attributes.nova_group": "4",
    }  # fmt: skip
    assert server.problems == []


def test_an_unknown_barcode_is_none(server: FoodFactsServer, source: OpenFoodFacts) -> None:
    assert source.find("4006381333931") is None
    server.body = b'{"code": "1", "status": 0}'
    assert source.find("4006381333931") is None


@pytest.mark.parametrize(
    ("product", "absent"),
    [
        ({"allergens_tags": [], "ingredients_text": "Water"}, "allergens"),
        ({"allergens_tags": ["en:milk"]}, "allergens"),
        ({"allergens_tags": ["en:milk", "fr:noix"], "ingredients_text": "Lait"}, "allergens"),
        ({"traces_tags": []}, "traces"),
        ({"nutriscore_grade": "unknown"}, "nutri_score"),
        ({"nutriscore_grade": "not-applicable"}, "nutri_score"),
        ({"nova_group": "unknown"}, "attributes.nova_group"),
        ({"nutriments": {"fat_100g": "nan", "salt_100g": -1, "sugars_100g": True}}, "nutrition"),
        ({"ecoscore_data": {"agribalyse": {"warning": "missing"}}}, "carbon_kg_per_kg"),
    ],
)
def test_what_nobody_said_stays_unknown(product: dict[str, Any], absent: str) -> None:
    assert absent not in facts_of(product)


def test_both_names_of_the_eco_score_and_kilojoules_are_read() -> None:
    facts = facts_of(
        {
            "ecoscore_grade": "b",
            "ecoscore_data": {"agribalyse": {"co2_total": 1.5}},
            "nutriments": {"energy_100g": 418.4},
        }
    )

    assert facts == {
        "green_score": "B", "carbon_kg_per_kg": "1.5", "nutrition": {"energy_kcal": "100.0"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (429, None, "too often"),
        (500, None, "answered 500"),
        (200, b"<html>", "JSON"),
    ],
)
def test_trouble_is_said(
    server: FoodFactsServer, source: OpenFoodFacts, status: int, body: bytes | None, said: str
) -> None:
    server.status, server.body = status, body

    with pytest.raises(Unavailable, match=said):
        source.find(CODE)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        OpenFoodFacts(contact="me", base_url="http://127.0.0.1:9").find(CODE)


def test_it_waits_rather_than_to_ask_too_often(server: FoodFactsServer) -> None:
    slept: list[float] = []
    source = OpenFoodFacts(contact="me", base_url=server.url, per_minute=3, sleep=slept.append)

    for _ in range(5):
        source.find(CODE)

    assert len(slept) == 2
    assert all(50 < pause <= 60 for pause in slept)
