"""set_preferences: remembers or forgets diets, allergens, dislikes, brands, sustainability."""

from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.errors import InvalidInput
from knowledge.shoppers.members import Member, meant_in
from knowledge.shoppers.names import is_self, split_names
from knowledge.shoppers.preferences import ShopperPreferences
from tools.blocks import NoticeBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.product_views import harmless

Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[list[Word], Field(max_length=30)]


class SetPreferences(Arguments):
    diets: Annotated[Words | None, Field(description=f"Any of: {', '.join(DIETS)}.")] = None
    allergens: Annotated[
        Words | None, Field(description=f"What to avoid. Any of: {', '.join(ALLERGENS)}.")
    ] = None
    dislikes: Words | None = None
    brands: Annotated[Words | None, Field(description="Brands they like.")] = None
    sustainability: Annotated[
        Literal["low", "medium", "high"] | None,
        Field(description="How much sustainability matters to them."),
    ] = None
    forget: Annotated[
        Words | None,
        Field(description='What to forget: values, "diets", "allergens", ... or "everything".'),
    ] = None
    member: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=60,
            description='Whom in the household it is about, such as "Anna" or "kids"; left out: '
            "the shopper. Only diets and allergens are kept of others.",
        ),
    ] = None


def set_preferences(context: ToolContext, arguments: SetPreferences) -> ToolResult:
    """Remember what the shopper says of themselves, such as being vegan or allergic to nuts.

    What is given is added to what is known. Call it only for lasting things they state, not for
    limits of one search. Without arguments it tells what is remembered. What a person they buy for
    needs goes with ``member``; forget "everything" of a member forgets the person.
    """
    preferences = context.work.preferences
    given = arguments.model_dump(exclude_none=True, exclude={"member"})
    if arguments.member is not None and not is_self(arguments.member):
        return _of_member(context, arguments.member, given)
    known = preferences.of(context.shopper_id)
    if given:
        known = preferences.set(context.shopper_id, channel=context.channel, **given)
    members = [] if given else context.work.household.members(context.shopper_id)
    text = " ".join([describe_preferences(known), *map(describe_member, members)])
    return ToolResult(text, (NoticeBlock(text=text),))


def _of_member(context: ToolContext, name: str, given: dict[str, Any]) -> ToolResult:
    household = context.work.household
    if not given:
        found = household.get(context.shopper_id, name)
    elif others := sorted(given.keys() - {"diets", "allergens", "forget"}):
        raise InvalidInput(
            f"Only diets and allergens are remembered of others, not {', '.join(others)}."
        )
    else:
        found = []
        for one in _each(context, name):
            found += household.set(context.shopper_id, one, channel=context.channel, **given)
    text = " ".join(map(describe_member, found)) or f"Forgotten: {harmless(name)}."
    return ToolResult(text, (NoticeBlock(text=text),))


def _each(context: ToolContext, name: str) -> list[str]:
    """Read "Anna and Tom" as two, unless somebody is called just so."""
    members = context.work.household.members(context.shopper_id)
    return [name] if meant_in(members, name) else split_names(name) or [name]


def describe_member(member: Member) -> str:
    diets = ", ".join(diet.replace("_", " ") for diet in member.diets)
    said = [f"diets: {diets}"] if diets else []
    said += [f"avoids: {', '.join(member.allergens)}"] if member.allergens else []
    return f"Remembered of {harmless(member.name)}: {'; '.join(said) or 'no diet or allergen'}."


def describe_preferences(known: ShopperPreferences) -> str:
    parts = [
        ("diets", [diet.replace("_", " ") for diet in known.diets]),
        ("avoids", known.allergens),
        ("dislikes", known.dislikes),
        ("likes the brands", known.brands),
        ("sustainability matters", [known.sustainability] if known.sustainability else []),
    ]
    said = [f"{name}: {', '.join(values)}" for name, values in parts if values]
    return f"Remembered: {'; '.join(said)}." if said else "Nothing is remembered."


TOOL = Tool("set_preferences", SetPreferences, set_preferences, changes=True)
