import pytest

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.errors import InvalidInput
from knowledge.shoppers.vocabulary import read_allergen, read_diet


@pytest.mark.parametrize("name", DIETS)
def test_every_diet_is_known_by_its_name(name: str) -> None:
    assert read_diet(name) == (name, ())
    assert read_diet(name.replace("_", "-").upper()) == (name, ())


@pytest.mark.parametrize("name", ALLERGENS)
def test_every_allergen_is_known_by_its_name(name: str) -> None:
    assert read_allergen(name) == (name,)
    assert read_allergen(f"{name} allergy") == (name,)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("plant-based", ("vegan", ())),
        ("Vegan diet", ("vegan", ())),
        ("gluten free", ("gluten_free", ())),
        ("lactose intolerant", ("lactose_free", ())),
        ("fairtrade", ("fair_trade", ())),
        ("dairy-free", (None, ("milk",))),
        ("egg free", (None, ("eggs",))),
        ("peanut-free", (None, ("peanuts",))),
    ],
)
def test_diets_by_other_names(said: str, means: tuple[str | None, tuple[str, ...]]) -> None:
    assert read_diet(said) == means


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("peanut", ("peanuts",)),
        ("Dairy", ("milk",)),
        ("nut", ("nuts",)),
        ("tree nuts", ("nuts",)),
        ("hazelnuts", ("nuts",)),
        ("gluten intolerance", ("gluten",)),
        ("wheat", ("gluten",)),
        ("shellfish", ("crustaceans", "molluscs")),
        ("soya", ("soy",)),
        ("sulfites", ("sulphites",)),
    ],
)
def test_allergens_by_other_names(said: str, means: tuple[str, ...]) -> None:
    assert read_allergen(said) == means


@pytest.mark.parametrize("said", ["", "paleo", "worry free", "halal-ish"])
def test_a_diet_nobody_knows_is_refused_with_those_there_are(said: str) -> None:
    with pytest.raises(InvalidInput, match="It knows: "):
        read_diet(said)
