"""The recipes an owner brings in a file."""

from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.errors import InvalidInput
from knowledge.recipes.models import Amount
from knowledge.recipes.records import read_records
from tests.kitchen import RECIPES

GOOD = """
- id: toast
  title: Toast
  servings: 2
  ingredients: [{name: bread, amount: 0.5, unit: kg, without: ok}]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_with_sensible_defaults(tmp_path: Path) -> None:
    (toast,) = (one.read() for one in read_records(written(tmp_path, GOOD)))

    (bread,) = toast.ingredients
    assert (toast.kind, toast.minutes, toast.steps) == ("recipe", None, ())
    assert (bread.query, bread.amount) == ("bread", Amount(Decimal("0.5"), "kg"))
    assert bread.without_ok
    assert not bread.staple


def test_the_recipes_of_the_tests_can_be_read() -> None:
    assert read_records(RECIPES)[0].id == "chili-con-carne"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("servings: 2", "servings: 0"), r"recipe 1 \(toast\): servings: "),
        (("unit: kg", "unit: stone"), r"recipe 1 \(toast\): ingredients\[0\].unit: "),
        (("title: Toast", "titel: Toast"), r"recipe 1 \(toast\): titel: Extra inputs"),
        (("without: ok", "replace: {carnivore: ham}"), "'carnivore' is not a diet, an allergen"),
        (("- id: toast", "- id: Toast!"), r"recipe 1 \(Toast!\): id: "),
        (("servings: 2", "diets: [raw]\n  servings: 2"), "'raw' is not one of vegan"),
    ],
)
def test_an_error_names_file_recipe_and_field(
    tmp_path: Path, wrong: tuple[str, str], told: str
) -> None:
    path = written(tmp_path, GOOD.replace(*wrong))

    with pytest.raises(InvalidInput, match=f"^mine.yaml: .*{told}"):
        read_records(path)


def test_an_id_belongs_to_one_recipe(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"recipe 2 \(toast\): recipe 1 has this id, too"):
        read_records(written(tmp_path, GOOD + GOOD))


@pytest.mark.parametrize("text", ["", "just: a mapping", "- [1", "\x00"])
def test_what_is_no_list_of_recipes_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^mine.yaml"):
        read_records(written(tmp_path, text))
