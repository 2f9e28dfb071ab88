"""Recipes in the database, and finding them by what people call them."""

from pathlib import Path

import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import InvalidInput, NotFound
from knowledge.recipes.finding import find_recipe, read_dish
from knowledge.recipes.records import read_records
from knowledge.recipes.repository import Recipes, recipes_of
from tests.kitchen import RECIPES

SAMPLE = Path(__file__).parents[3] / "knowledge" / "sample" / "recipes.yaml"


def test_recipes_come_back_as_they_were_written(sqlite_units: UnitsOfWork) -> None:
    with sqlite_units.write() as session:
        assert Recipes(session).load(RECIPES) == len(read_records(RECIPES))
    with sqlite_units.read() as session:
        recipes = Recipes(session)

        assert recipes.all() == recipes_of(RECIPES)
        assert recipes.get("party-snacks").kind == "occasion"
        with pytest.raises(NotFound):
            recipes.get("haggis")


def test_a_broken_file_leaves_the_recipes_there_were(
    sqlite_units: UnitsOfWork, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("- id: x", encoding="utf-8")
    with sqlite_units.write() as session:
        Recipes(session).load(RECIPES)
    with sqlite_units.write() as session, pytest.raises(InvalidInput):
        Recipes(session).load(broken)
    with sqlite_units.read() as session:
        assert Recipes(session).find("chili") is not None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("chili", "chili-con-carne"),
        ("Chilli con carne!", "chili-con-carne"),
        ("a quick chili for dinner", "chili-con-carne"),
        ("carbonara", "spaghetti-carbonara"),
        ("lasagnia", "lasagne"),
        ("vegan chili", "vegetable-chili"),
        ("party food", "party-snacks"),
        ("moussaka", "moussaka"),
        ("beef wellington", None),
        ("", None),
    ],
)
def test_dishes_are_found_by_what_people_call_them(said: str, meant: str | None) -> None:
    found = find_recipe(said, recipes_of(SAMPLE))

    assert (found and found.id) == meant


def test_an_unknown_dish_has_neighbours(sqlite_units: UnitsOfWork) -> None:
    with sqlite_units.write() as session:
        recipes = Recipes(session)
        recipes.load(RECIPES)

        assert [one.id for one in recipes.suggest("chili sin carne", 1)] == ["chili-con-carne"]
        assert recipes.suggest("zzzzzz") == []


def test_diets_are_taken_out_of_the_name_of_a_dish() -> None:
    assert read_dish("vegan gluten-free banana bread") == (
        "banana bread",
        ("vegan", "gluten_free"),
    )
    assert read_dish("chili") == ("chili", ())
