from assistant.memory.checking import checked, record_of
from assistant.memory.summary import (
    Constraints,
    NotedProduct,
    Said,
    Summary,
    read_summary,
    summary_of,
)
from tests.assistant.memory.turns import product, shows, turn

TURNS = [
    turn("My limit is 40 dollars, and Anna is allergic to nuts", blocks=shows(product("p1"))),
    turn("I am vegan", tool="set_preferences", arguments={"diets": ["vegan"]}),
]


def check(**claims: object) -> Summary:
    return checked(Summary.model_validate(claims), record_of(Summary(), TURNS))


def test_products_nobody_showed_are_dropped_and_titles_are_the_record_s() -> None:
    kept = check(
        products=[
            {"id": "p1", "title": "Golden Elixir", "size": "9 l", "why": "wanted for breakfast"},
            {"id": "p404", "title": "Invented", "why": "nice"},
        ]
    )

    assert kept.products == [
        NotedProduct(id="p1", title="Oat Drink p1", size="1 l", why="wanted for breakfast")
    ]


def test_figures_nobody_said_are_dropped_with_what_they_stand_in() -> None:
    kept = check(
        wishes=["oat drinks under 40 dollars", "something for $2.49"],
        decided=["agreed to spend 500"],
        open_questions=["is delivery free from 60?", "which oat drink foams?"],
        constraints={"budget": "99 dollars"},
    )

    assert kept.wishes == ["oat drinks under 40 dollars"]
    assert kept.decided == []
    assert kept.open_questions == ["which oat drink foams?"]
    assert kept.constraints.budget is None


def test_needs_are_kept_as_said_with_whom_they_are_for() -> None:
    kept = check(
        constraints={
            "budget": "40 dollars",
            "diets": [{"what": "vegan", "who": "the shopper"}, {"what": "halal"}],
            "allergens": [{"what": "nuts", "who": "Anna"}, {"what": "nuts", "who": "Zoe"}],
        }
    )

    assert kept.constraints == Constraints(
        budget="40 dollars",
        diets=[Said(what="vegan")],
        allergens=[Said(what="nuts", who="Anna")],
    )


def test_what_code_noted_is_not_lost_when_the_model_leaves_it_out() -> None:
    assert check().constraints.diets == [Said(what="vegan")]


def test_no_contact_gets_into_the_notes() -> None:
    kept = check(decided=["deliver to anna@example.com"], wishes=["call +1 415 555 0189"])

    assert kept.decided == ["deliver to .."]
    assert kept.wishes == ["call .."]


def test_what_was_checked_before_holds_again() -> None:
    first = check(wishes=["oat drinks under 40 dollars"], products=[{"id": "p1"}])

    again = checked(first, record_of(first, [turn("and bread")]))

    assert again == first


def test_notes_are_read_within_a_fence_and_nonsense_is_none() -> None:
    assert summary_of('```json\n{"wishes": ["oat"]}\n```') == Summary(wishes=["oat"])
    assert summary_of("I cannot do that.") is None
    assert summary_of('{"wishes": 7}') is None
    assert read_summary("broken") == read_summary(None) == Summary()
