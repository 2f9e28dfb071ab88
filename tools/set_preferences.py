"""set_preferences: remembers or forgets diets, allergens, dislikes, brands, sustainability."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.shoppers.preferences import ShopperPreferences
from tools.blocks import NoticeBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult

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


def set_preferences(context: ToolContext, arguments: SetPreferences) -> ToolResult:
    """Remember what the shopper says of themselves, such as being vegan or allergic to nuts.

    What is given is added to what is known. Call it only for lasting things they state, not for
    limits of one search. Without arguments it tells what is remembered.
    """
    preferences = context.work.preferences
    given = arguments.model_dump(exclude_none=True)
    known = preferences.of(context.shopper_id)
    if given:
        known = preferences.set(context.shopper_id, channel=context.channel, **given)
    text = describe_preferences(known)
    return ToolResult(text, (NoticeBlock(text=text),))


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
