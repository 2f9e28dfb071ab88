"""plan_recipe: what to buy for a dish or an occasion, ready to be put into the cart."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

from pydantic import Field

from knowledge.recipes.adapting import DishRefused, Part, adapt
from knowledge.recipes.amounts import amount_text
from knowledge.recipes.baskets import Slot
from knowledge.recipes.finding import read_dish
from knowledge.recipes.matching import Limits, Matcher
from knowledge.recipes.models import Recipe
from knowledge.recipes.shopping import called, slots_for
from tools.argument_kinds import Reads
from tools.blocks import ChoicesBlock, NoticeBlock, Option, RecipeBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import For
from tools.marking import harmless, marked
from tools.proposing import (
    Pricer,
    Proposal,
    budget_note,
    closest_notes,
    confirm,
    held_in_cart,
    plan_block,
    plan_lines,
    propose,
    spending_limit,
    stock_notes,
)
from tools.quantity_argument import SomeMoney
from tools.view import Fact
from tools.wanted_limits import limits_for, limits_text

Word = Annotated[str, Field(min_length=1, max_length=60)]
_LONGEST, _ALL = 400, 1000
_OFFERED = 4
_TRIED = 12


class PlanRecipe(Arguments):
    recipe: Annotated[
        str,
        Reads("whole", also=("dish", "meal", "occasion", "name", "query")),
        Field(min_length=1, max_length=120, description="chili, picnic"),
    ]
    servings: Annotated[
        int | None,
        Reads(also=("people", "persons", "portions")),
        Field(ge=1, le=100),
    ] = None
    budget: Annotated[SomeMoney | None, Field(description="For all of it")] = None
    diets: Annotated[
        list[Word] | None,
        Reads(also=("dietary",)),
        Field(max_length=12, description="vegan, gluten_free"),
    ] = None
    exclude: Annotated[
        list[Word] | None,
        Reads(also=("excluded", "without", "avoid", "allergens", "allergies")),
        Field(max_length=20, description="Allergens or ingredients"),
    ] = None
    staples: Annotated[bool, Field(description="Oil, salt and spices, too")] = False
    for_: For = None


def plan_recipe(context: ToolContext, arguments: PlanRecipe) -> ToolResult:
    """Plan what to buy for a dish or an occasion such as a party.

    It asks for their yes.
    """
    recipes = context.work.recipes
    recipe = recipes.find(arguments.recipe)
    diets: tuple[str, ...] = ()
    if recipe is None:
        dish, diets = read_dish(arguments.recipe)
        recipe = recipes.find(dish) if dish else None
    if recipe is None:
        return _unknown(context, arguments.recipe)
    limits = limits_for(
        context,
        diets=[*(arguments.diets or ()), *diets],
        exclude=arguments.exclude or (),
        for_=arguments.for_,
    )
    matcher = Matcher(context.shop.search, context.work.catalog)
    servings = arguments.servings or recipe.servings
    try:
        parts = adapt(recipe, servings, limits, matcher, staples=arguments.staples)
    except DishRefused as refused:
        return _refused(context, refused, limits, matcher)
    block = _recipe_block(recipe, servings, parts)
    slots = slots_for(
        parts,
        cost=Pricer(context),
        held=held_in_cart(context),
        brands=context.work.preferences.of(context.shopper_id).brands,
        occasion=recipe.kind == "occasion",
    )
    limit = spending_limit(context, arguments.budget)
    proposal = propose(context, slots, limit, for_=arguments.for_)
    notes = [
        *_told(parts),
        *_age_notes(slots),
        *closest_notes(proposal),
        *stock_notes(proposal),
        *([f"Every product is known to be {limits_text(limits)}."] if limits_text(limits) else []),
        *budget_note(proposal, limit, arguments.budget),
    ]
    return _planned(context, block, proposal, notes, _missing(parts, slots))


def _planned(
    context: ToolContext,
    dish: RecipeBlock,
    proposal: Proposal,
    notes: Sequence[str],
    missing: Sequence[str],
) -> ToolResult:
    title = f"{dish.title} for {dish.servings}"
    plan = plan_block(context, proposal, title=title, missing=missing, note=" ".join(notes))
    if not proposal.edits:
        text = f"Nothing for {title} can be bought here now."
        return ToolResult(marked(" ".join([text, *notes]), _ALL), (dish, plan))
    question = confirm(context, proposal, title)
    lines = [
        f"{marked(title)}. Nothing is in the cart yet; the shopper has to say yes.",
        *plan_lines(plan, proposal),
        f"Together {proposal.cost.display()}.",
        *([marked(" ".join(harmless(one, _LONGEST) for one in notes), _ALL)] if notes else []),
        *([f"Not found: {marked('; '.join(missing), _LONGEST)}."] if missing else []),
        marked(question.confirmation.text, _ALL),
    ]
    return ToolResult("\n".join(lines), (dish, plan, question))


def _told(parts: Sequence[Part]) -> list[str]:
    said = [
        f"{part.name.capitalize()} instead of {part.instead_of}."
        for part in parts
        if part.instead_of
    ]
    reasons: dict[str, list[str]] = {}
    for part in parts:
        if part.left_out:
            reasons.setdefault(part.left_out, []).append(part.name)
    said += [f"Left out {', '.join(names)}: {reason}." for reason, names in reasons.items()]
    pantry = [part.name for part in parts if part.pantry]
    return [*said, *([f"From your pantry, not added: {', '.join(pantry)}."] if pantry else [])]


def _age_notes(slots: Sequence[Slot]) -> list[str]:
    return [
        f"{' and '.join(slot.names).capitalize()} is not in it: {slot.problem}."
        for slot in slots
        if slot.problem and slot.age_limited
    ]


def _missing(parts: Sequence[Part], slots: Sequence[Slot]) -> list[str]:
    return [
        *(f"{called(part)}: {part.missing}" for part in parts if part.missing),
        *(
            f"{' and '.join(slot.names)}: {slot.problem}"
            for slot in slots
            if not slot.options and not slot.age_limited
        ),
    ]


def _recipe_block(recipe: Recipe, servings: int, parts: Sequence[Part]) -> RecipeBlock:
    facts = []
    for part in parts:
        if part.left_out:
            continue
        where = "from your pantry" if part.pantry else "not found here" if part.missing else None
        optional = "optional" if part.optional else None
        said = [amount_text(part.amount), part.note, optional, where]
        facts.append(Fact(name=part.name, value=", ".join(one for one in said if one)))
    return RecipeBlock(
        id=recipe.id,
        title=recipe.title,
        servings=servings,
        minutes=recipe.minutes,
        ingredients=facts,
        steps=list(recipe.steps),
    )


def _choices(question: str, recipes: Sequence[Recipe]) -> ChoicesBlock:
    options = [Option(label=one.title, value=one.title) for one in recipes]
    return ChoicesBlock(question=question, options=options)


def _unknown(context: ToolContext, asked: str) -> ToolResult:
    recipes = context.work.recipes
    near = recipes.suggest(asked, _OFFERED) or recipes.all()[:_OFFERED]
    said = f"There is no recipe for {harmless(asked)!r} here."
    if not near:
        return ToolResult(marked(said, _LONGEST), (NoticeBlock(text=said),))
    names = ", ".join(harmless(one.title) for one in near)
    question = f"{said} Would one of these do?"
    return ToolResult(
        marked(f"{said} The closest are: {names}.", _ALL), (_choices(question, near),)
    )


def _refused(
    context: ToolContext, refused: DishRefused, limits: Limits, matcher: Matcher
) -> ToolResult:
    """Say why not, and what could be made instead."""
    said = str(refused)
    notice = NoticeBlock(level="warning", text=said)
    near = list(islice(_possible(context, refused.recipe, limits, matcher), _OFFERED))
    if not near:
        return ToolResult(marked(said, _ALL), (notice,))
    names = ", ".join(harmless(one.title) for one in near)
    question = "What about one of these instead?"
    return ToolResult(
        marked(f"{said} These would work: {names}.", _ALL), (notice, _choices(question, near))
    )


def _possible(
    context: ToolContext, like: Recipe, limits: Limits, matcher: Matcher
) -> Iterator[Recipe]:
    """Others of the kind that can be made within the limits, most alike first."""
    others = [
        one
        for one in context.work.recipes.all()
        if one.id != like.id and one.kind == like.kind and set(one.tags) & set(like.tags)
    ]
    others.sort(
        key=lambda one: (
            not set(limits.diets) <= set(one.diets),
            -len(set(one.tags) & set(like.tags)),
        )
    )
    for one in others[:_TRIED]:
        try:
            adapt(one, one.servings, limits, matcher)
        except DishRefused:
            continue
        yield one


TOOL = Tool(
    "plan_recipe",
    PlanRecipe,
    plan_recipe,
    changes=True,
    example={"recipe": "chili", "servings": 4, "diets": ["vegan"]},
)
