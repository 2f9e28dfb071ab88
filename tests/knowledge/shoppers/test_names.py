import pytest

from knowledge.errors import InvalidInput
from knowledge.shoppers.names import clean_name, is_everyone, is_self, meant, name_key, split_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kids", "Kid"),
        ("the kids", "my kids'"),
        ("children", "the kids"),
        ("Anna's", "anna"),
        ("James", "James'"),
        ("for my babies", "Baby"),
        ("Anna\u2019s", "Anna"),
    ],
)
def test_names_that_mean_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_that_do_not() -> None:
    assert name_key("Tess") != name_key("Te")
    assert name_key("Anna") != name_key("Ann")


def test_a_word_of_a_name_means_all_that_have_it() -> None:
    keys = [name_key(name) for name in ("Kid Tom", "Kid Anna", "Grandma")]

    assert meant("the kids", keys) == [0, 1]
    assert meant("Anna", keys) == [1]
    assert meant("Bob", keys) == []
    assert meant("!", keys) == []


def test_the_very_same_name_comes_first() -> None:
    assert meant("kids", [name_key("Kids"), name_key("Kid Anna")]) == [0]


@pytest.mark.parametrize("name", ["everyone", "the whole family", "All of us", "Everybody", "us"])
def test_everyone(name: str) -> None:
    assert is_everyone(name)
    with pytest.raises(InvalidInput, match="nobody's name"):
        clean_name(name)


def test_oneself() -> None:
    assert is_self("just me")
    assert not is_self("Mel")


def test_keeps_a_name_as_typed_without_what_stands_around_it() -> None:
    assert clean_name("my Anna's") == "Anna"
    assert clean_name("  the Kids ") == "Kids"


@pytest.mark.parametrize("name", ["", "!!", "123", "x" * 61])
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInput, match="such as Anna"):
        clean_name(name)


def test_splits_several_names() -> None:
    assert split_names("Anna, Tom and the kids") == ["Anna", "Tom", "the kids"]
    assert split_names("Sandy") == ["Sandy"]
