import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.recommend.goes_with import train_goes_with, train_shelves

BASKETS = [["pasta", "sauce"]] * 6 + [["pasta", "milk"]] + [["milk", "bread"]] * 6 + [["salt"]] * 6


def test_what_is_bought_together_goes_together() -> None:
    (sauce,) = train_goes_with(BASKETS).of("pasta")

    assert (sauce.item, sauce.together, sauce.alone) == ("sauce", 6, 7)


def test_what_was_seen_together_once_is_chance() -> None:
    assert "milk" not in {one.item for one in train_goes_with(BASKETS).of("pasta")}


def test_what_everybody_buys_goes_with_nothing() -> None:
    model = train_goes_with([["salt", f"thing {number % 3}"] for number in range(30)])

    assert model.of("salt") == ()


def test_an_item_nobody_bought_has_no_neighbours() -> None:
    assert train_goes_with(BASKETS).of("caviar") == ()


def test_huge_baskets_are_not_tastes() -> None:
    assert train_goes_with([[str(number) for number in range(100)]] * 5).baskets == 0


def test_shelves_learn_from_the_same_baskets() -> None:
    shelves = {"pasta": ("Pantry", "Pasta"), "sauce": ("Pantry", "Sauces"), "milk": ("Dairy",)}

    model = train_shelves(BASKETS, shelves.get)

    assert [one.item for one in model.of(("Pantry", "Pasta"))] == [("Pantry", "Sauces")]


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=40))
def test_going_together_is_mutual(baskets: list[list[str]]) -> None:
    model = train_goes_with(baskets)
    for item, neighbours in model.neighbours.items():
        for one in neighbours:
            back = next(other for other in model.of(one.item) if other.item == item)
            assert back.score == pytest.approx(one.score)
            assert 0 < one.score < 1
            assert one.together <= min(model.counts[item], model.counts[one.item])
