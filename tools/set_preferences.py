"""set_preferences: remembers or forgets diets, allergens, dislikes, brands, sustainability."""

from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.errors import InvalidInput
from knowledge.shoppers.members import Member, meant_in
from knowledge.shoppers.names import is_self, split_names
from knowledge.shoppers.preferences import ShopperPreferences
from tools.argument_kinds import Reads
from tools.blocks import NoticeBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import harmless, marked

_LONGEST = 4000
Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[list[Word], Field(max_length=30)]

REMEMBERED = (
    'This is remembered for next time; say "forget my preferences" or "don\'t remember things '
    'about me" to end that.'
)
"""Said the first time something lasting is kept: to the shopper in a notice, and to the model."""


class SetPreferences(Arguments):
    diets: Annotated[Words | None, Reads(also=("dietary",), values=DIETS)] = None
    allergens: Annotated[Words | None, Reads(also=("allergies",), values=ALLERGENS)] = None
    dislikes: Words | None = None
    brands: Annotated[Words | None, Reads("whole", rare=True)] = None
    sustainability: Annotated[
        Literal["low", "medium", "high"] | None,
        Reads(rare=True),
    ] = None
    forget: Annotated[Words | None, Field(description="Values, kinds (diets) or everything")] = None
    member: Annotated[
        str | None,
        Reads("whole", also=("for", "who", "person"), rare=True),
        Field(
            min_length=1,
            max_length=60,
            description="Anna, kids (diets and allergens only); left out: the shopper",
        ),
    ] = None


def set_preferences(context: ToolContext, arguments: SetPreferences) -> ToolResult:
    """Remember lasting things they state, such as being vegan or allergic to nuts.

    It adds to what is known. Not for the limits of one search. Without arguments it tells what is
    remembered.
    """
    preferences = context.work.preferences
    given = arguments.model_dump(exclude_none=True, exclude={"member"})
    if arguments.member is not None and not is_self(arguments.member):
        return _of_member(context, arguments.member, given)
    known = preferences.of(context.shopper_id)
    first = first_time(context)
    if given:
        known = preferences.set(context.shopper_id, channel=context.channel, **given)
    members = [] if given else context.work.household.members(context.shopper_id)
    said = [describe_preferences(known), *map(describe_member, members)]
    if given and preferences.unwanted(context.shopper_id):
        said.append("Kept for this conversation only, as they asked not to be remembered.")
    elif first and preferences.consented(context.shopper_id):
        said.append(REMEMBERED)
    text = " ".join(said)
    return ToolResult(marked(text, _LONGEST), (NoticeBlock(text=text),))


def first_time(context: ToolContext) -> bool:
    """Whether nothing lasting was ever remembered of this shopper."""
    return not context.work.preferences.consented(context.shopper_id)


def _of_member(context: ToolContext, name: str, given: dict[str, Any]) -> ToolResult:
    household = context.work.household
    first = first_time(context)
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
    if first and context.work.preferences.consented(context.shopper_id):
        text = f"{text} {REMEMBERED}"
    return ToolResult(marked(text, _LONGEST), (NoticeBlock(text=text),))


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


TOOL = Tool(
    "set_preferences",
    SetPreferences,
    set_preferences,
    changes=True,
    example={"diets": ["vegan"], "allergens": ["nuts"]},
)
