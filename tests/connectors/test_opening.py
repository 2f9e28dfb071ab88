"""What opening a shop takes in besides its catalog."""

from pathlib import Path

import pytest

from connectors.opening import load_recipes
from connectors.settings import Settings
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import InvalidInput
from knowledge.recipes.repository import Recipes
from tests.fixed_clock import FixedClock
from tests.kitchen import RECIPES


def settings_of(folder: Path, recipes: Path | None) -> Settings:
    return Settings(_env_file=None, data_dir=folder, recipes=recipes)


def titles(units: UnitsOfWork) -> list[str]:
    with units.read() as session:
        return [one.title for one in Recipes(session).all()]


def test_the_recipes_of_the_setting_take_the_place_of_the_samples(
    sqlite_units: UnitsOfWork, tmp_path: Path, clock: FixedClock
) -> None:
    load_recipes(settings_of(tmp_path, None), sqlite_units, clock)
    samples = titles(sqlite_units)

    load_recipes(settings_of(tmp_path, RECIPES), sqlite_units, clock)
    load_recipes(settings_of(tmp_path, RECIPES), sqlite_units, clock)

    assert len(samples) >= 60
    assert titles(sqlite_units) == [
        "Chili con carne",
        "Party snacks",
        "Spaghetti with tomato sauce",
    ]


def test_a_broken_file_is_refused_with_its_place(
    sqlite_units: UnitsOfWork, tmp_path: Path, clock: FixedClock
) -> None:
    broken = tmp_path / "mine.yaml"
    broken.write_text("- {id: soup, title: Soup, servings: 2}", encoding="utf-8")
    load_recipes(settings_of(tmp_path, RECIPES), sqlite_units, clock)

    with pytest.raises(InvalidInput, match=r"mine.yaml: recipe 1 \(soup\): ingredients: "):
        load_recipes(settings_of(tmp_path, broken), sqlite_units, clock)

    assert len(titles(sqlite_units)) == 3
