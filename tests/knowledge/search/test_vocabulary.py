import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.naming import naming
from knowledge.search.vocabulary import Vocabulary, VocabularyBuilder, edit_distance
from tests.knowledge.search.conftest import MakeProduct


@pytest.fixture
def vocabulary(make_product: MakeProduct) -> Vocabulary:
    return Vocabulary.of(
        [
            make_product(
                "a",
                "Northfield Oat Drink 1 l",
                brand="Northfield",
                category="Drinks > Plant drinks",
            ),
            make_product("b", "Spaghetti No. 5 500 g", category="Pantry > Pasta"),
            make_product("c", "Peanut Butter, Smooth", description="Plain and without palm oil"),
            make_product("d", "Vegan Protein Bar Chocolate 60 g", category="Snacks > Protein bars"),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("spagetti", "spaghetti"), ("spaghetty", "spaghetti"), ("protien", "protein"),
        ("choclate", "chocolate"), ("buttter", "butter"), ("drnik", "drink"),
    ],
)  # fmt: skip
def test_typos_are_mended(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.correct(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "spaghetti",  # known
        "drinks",  # known in the singular
        "pain",  # a short word one letter away from "plain"
        "kotlin",  # unknown, and near nothing
        "xl500",  # a model number
        "oot",  # too short
        "greasy",
        "rotein",  # wrong first letter
    ],
)
def test_what_may_be_meant_as_it_is_stays(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.correct(word) is None


def test_two_words_written_as_one_are_split(vocabulary: Vocabulary) -> None:
    assert vocabulary.split("peanutbutter") == ("peanut", "butter")
    assert vocabulary.split("laptop") is None


def test_it_tells_the_phrases_brands_and_shelves_of_the_catalog(vocabulary: Vocabulary) -> None:
    assert vocabulary.product_phrases["oat drink"] == 1
    assert "northfield oat" not in vocabulary.product_phrases
    assert vocabulary.brands == ("Northfield",)
    assert ("Pantry", "Pasta") in vocabulary.categories
    assert "bar" in vocabulary.head_nouns
    assert vocabulary.knows("Plain")
    assert not vocabulary.knows("laptop")


def test_later_words_are_known_besides_the_earlier_ones(
    vocabulary: Vocabulary, make_product: MakeProduct
) -> None:
    builder = VocabularyBuilder()
    quinoa = make_product("e", "Quinoa 400 g", brand="Inca")
    builder.add(quinoa, ["quinoa"], naming(quinoa))

    joined = builder.build(vocabulary)

    assert joined.correct("quiona") == "quinoa"
    assert joined.correct("spagetti") == "spaghetti"
    assert joined.brands == ("Northfield", "Inca")
    assert not vocabulary.knows("quinoa")


WORDS = st.text("abcd", max_size=6)


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_zero_only_for_equals(left: str, right: str) -> None:
    distance = edit_distance(left, right, 9)

    assert distance == edit_distance(right, left, 9)
    assert (distance == 0) == (left == right)
    assert distance <= max(len(left), len(right))
    assert edit_distance(left, right, 1) == min(distance, 2)
