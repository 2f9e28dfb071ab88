import pytest

from knowledge.errors import InvalidInput
from knowledge.lists.models import clean_list_name, is_usual, list_key


@pytest.mark.parametrize("name", ["Weekly", "my weekly", "the weekly shopping list", "weekly list"])
def test_names_that_mean_the_same(name: str) -> None:
    assert list_key(name) == "weekly"


def test_keeps_a_name_as_typed() -> None:
    assert clean_list_name(" my BBQ  party list ") == "BBQ party"


@pytest.mark.parametrize("name", ["usual", "my usual", "The Usuals", "usual order"])
def test_the_usual_cannot_be_written(name: str) -> None:
    assert is_usual(name)
    with pytest.raises(InvalidInput, match="made from past orders"):
        clean_list_name(name)


@pytest.mark.parametrize("name", ["", "   ", "!", "x" * 61])
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInput, match="Give the list a name"):
        clean_list_name(name)
