import pytest

from knowledge.shoppers.preferences import ShopperPreferences
from tests.calls import Talk, block_of
from tools.blocks import NoticeBlock
from tools.set_preferences import REMEMBERED


def known(talk: Talk) -> ShopperPreferences:
    with talk.shop.read() as work:
        return work.preferences.of(talk.caller.shopper_id)


def test_remembers_and_says_what(talk: Talk) -> None:
    outcome = talk.done(
        "set_preferences",
        diets=["gluten free"],
        allergens=["peanut", "dairy"],
        dislikes=["Cilantro"],
        brands=["Northfield"],
        sustainability="high",
    )

    assert known(talk) == ShopperPreferences(
        ("gluten_free",), ("milk", "peanuts"), ("cilantro",), ("Northfield",), "high"
    )
    assert block_of(outcome, NoticeBlock).text == (
        "Remembered: diets: gluten free; avoids: milk, peanuts; dislikes: cilantro; "
        f"likes the brands: Northfield; sustainability matters: high. {REMEMBERED}"
    )
    assert REMEMBERED not in talk.done("set_preferences", dislikes=["kale"]).text


def test_forgets(talk: Talk) -> None:
    talk.done("set_preferences", diets=["vegan", "keto"], allergens=["nuts"])
    talk.done("set_preferences", forget=["vegan", "allergens"])

    assert known(talk) == ShopperPreferences(diets=("keto",))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"diets": ["breatharian"]}, "It knows: vegan, vegetarian"),
        ({"allergens": ["sunlight"]}, "It knows: gluten, crustaceans"),
        ({"sustainability": "extreme"}, "sustainability"),
        ({"forget": ["pork"]}, "Nothing like 'pork' is remembered"),
    ],
)
def test_says_what_it_does_not_know(talk: Talk, arguments: dict[str, object], says: str) -> None:
    outcome = talk.call("set_preferences", **arguments)

    assert not outcome.ok
    assert says in outcome.text
    assert known(talk) == ShopperPreferences()
