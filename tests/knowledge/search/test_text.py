import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.text import fold, query_words, stem, terms, words


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("banana", "bananas"), ("potato", "potatoes"), ("berry", "berries"), ("box", "boxes"),
        ("dish", "dishes"), ("peach", "peaches"), ("glass", "glasses"), ("shoe", "shoes"),
        ("egg", "eggs"), ("loaf", "loaves"), ("juice", "juices"), ("cookie", "cookies"),
        ("wipe", "wipes"), ("oat", "oats"), ("quiche", "quiches"),
    ],
)  # fmt: skip
def test_singular_and_plural_are_one_term(singular: str, plural: str) -> None:
    assert stem(singular) == stem(plural)


@pytest.mark.parametrize("word", ["gas", "hummus", "swiss", "plus", "citrus", "ply"])
def test_words_that_only_look_plural_stay(word: str) -> None:
    assert stem(word) == word


def test_numbers_join_their_units() -> None:
    assert words("Oat Drink 1 l, 6 x 330 ml") == ("oat", "drink", "1l", "6", "x", "330ml")
    assert words("500 grams") == words("500g") == ("500g",)
    assert words("1,5 l") == ("1.5l",)
    assert words("1,000 g") == ("1000g",)


def test_accents_case_hyphens_and_apostrophes_do_not_matter() -> None:
    assert terms("Crème Brûlée") == terms("creme brulee")
    assert terms("Gluten-Free") == terms("gluten free")
    assert terms("Kellogg's") == terms("kelloggs")


def test_other_scripts_are_words_too() -> None:
    assert words("молоко 1 l") == ("молоко", "1l")


def test_politeness_is_not_searched() -> None:
    assert query_words("please show me the cheapest oat milk") == ["oat", "milk"]
    assert query_words("show me") == ["show", "me"]


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert all(terms(text))
    assert fold(fold(text)) == fold(text)
