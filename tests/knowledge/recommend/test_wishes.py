import pytest

from knowledge.recommend.wishes import Wishes, kept_diets, named_diets
from tests.foods import food, titled


def test_only_what_is_known_to_suit_is_allowed() -> None:
    wishes = Wishes(diets=("vegan",), allergens=("nuts",))

    assert wishes.allows(food(diets=("vegan",), allergens=(), traces=()))
    assert not wishes.allows(food(diets=("vegan",)))
    assert not wishes.allows(food(allergens=(), traces=()))


@pytest.mark.parametrize("dislike", ["mushroom", "Mushrooms", "sea salt"])
def test_a_dislike_is_found_in_name_and_ingredients(dislike: str) -> None:
    soup = food("Soup", ingredients="Mushrooms, sea salt")

    assert not Wishes(dislikes=(dislike,)).allows(soup)


def test_part_of_a_word_is_no_dislike() -> None:
    assert Wishes(dislikes=("rice",)).allows(food("Licorice"))


def test_brands_are_liked_by_any_case() -> None:
    assert Wishes(brands=("northfield",)).likes(food(brand="Northfield"))


def test_a_swap_keeps_what_follows_from_the_facts_and_what_is_declared() -> None:
    bar = food(diets=("vegan", "organic"), allergens=(), traces=())

    assert set(kept_diets(bar)) == {
        "vegan", "vegetarian", "gluten_free", "lactose_free", "nut_free", "organic",
    }  # fmt: skip


def test_of_other_goods_only_declared_diets_are_kept() -> None:
    assert kept_diets(food("Soap", category=("Household",), diets=("vegan",))) == ("vegan",)


def test_a_name_tells_what_goes_with_it() -> None:
    assert named_diets(titled("Gluten Free Penne")) == ("gluten_free",)
