from assistant.memory.noting import line_of, noted
from assistant.memory.summary import MOST_PRODUCTS, Said, Summary
from tests.assistant.memory.turns import product, shows, turn


def added(key: str, kind: str = "added") -> list[dict[str, object]]:
    change = {"kind": kind, "line": "c1", "product": key, "title": f"Oat Drink {key}"}
    return [{"type": "cart", "cart": {"lines": []}, "budget": None, "changes": [change]}]


def test_products_searches_limits_and_open_questions_are_noted() -> None:
    turns = [
        turn("find oat drinks", blocks=shows(product("p1"), product("p2"))),
        turn("add the first", tool="add_to_cart", arguments={}, blocks=added("p1")),
        turn("30 a week", tool="set_budget", arguments={"amount": "30", "period": "week"}),
        turn(
            "Anna is allergic to nuts. Remind me later about the birthday cake!",
            tool="set_preferences",
            arguments={"member": "Anna", "allergens": ["nuts"]},
        ),
    ]

    summary = noted(Summary(), turns)

    assert summary.wishes == ["find oat drinks"]
    assert [(one.id, one.size, one.why) for one in summary.products] == [
        ("p2", "1 l", ""),
        ("p1", None, "added in the cart"),
    ]
    assert summary.constraints.budget == "30 per week"
    assert summary.constraints.allergens == [Said(what="nuts", who="Anna")]
    assert summary.open_questions == ["Remind me later about the birthday cake!"]


def test_what_was_taken_back_is_no_longer_a_limit() -> None:
    before = noted(
        Summary(), [turn("x", tool="set_preferences", arguments={"diets": ["vegan", "halal"]})]
    )

    after = noted(before, [turn("x", tool="set_preferences", arguments={"forget": ["vegan"]})])

    assert after.constraints.diets == [Said(what="halal")]


def test_of_too_many_products_those_something_was_done_with_stay() -> None:
    turns = [turn("add it", tool="add_to_cart", arguments={}, blocks=added("p0"))]
    turns += [turn(blocks=shows(product(f"x{number}"))) for number in range(40)]

    summary = noted(Summary(), turns)

    assert len(summary.products) == MOST_PRODUCTS
    assert summary.products[0].id == "p0"


def test_a_turn_is_told_in_a_line() -> None:
    line = line_of(turn("find oat", blocks=shows(product("p1"))))

    assert line == "find oat | did: search_catalog | p1 Oat Drink p1"
