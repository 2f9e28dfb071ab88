"""plan_basket: a whole shopping list at once, as a basket that one yes puts into the cart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from knowledge.catalog.models import Product
from knowledge.recipes.amounts import Quantity as Wanted
from knowledge.recipes.amounts import read_quantity
from knowledge.recipes.baskets import Option as Buyable
from knowledge.recipes.baskets import Slot, options_for
from knowledge.recipes.matching import Limits, Matcher, read_asked
from knowledge.recipes.measures import Measured, measured
from knowledge.recipes.models import Amount
from knowledge.recipes.packs import Packs, cover, cover_count, cover_packs, cover_parts
from knowledge.scoring.food_kind import is_food
from knowledge.search.text import stem
from tools.argument_kinds import Reads
from tools.blocks import ChoicesBlock, NoticeBlock, Option, PlanBlock
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
from tools.quantity_argument import SomeMoney, as_text
from tools.wanted_limits import limits_for, limits_text

_LONGEST, _ALL = 400, 1000
_NEARLY = 0.04
_OFFERED = 3
_SOME = Decimal("0.5")
"""Kilograms of "onions"."""
ListQuantity = Annotated[
    str,
    as_text,
    Reads("quantity", also=("qty", "amount", "count", "number")),
    Field(min_length=1, max_length=30, description="2, 500 g, a dozen"),
]


class ListItem(Arguments):
    query: Annotated[
        str,
        Reads(also=("item", "name", "product", "title", "q")),
        Field(min_length=1, max_length=100, description="onions"),
    ]
    quantity: ListQuantity = "1"


class PlanBasket(Arguments):
    items: Annotated[list[ListItem], Field(min_length=1, max_length=40)]
    budget: Annotated[SomeMoney | None, Field(description="For all of it")] = None
    for_: For = None


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it was read; ``problem`` when nothing can be had for it."""

    item: ListItem
    slot: Slot


def plan_basket(context: ToolContext, arguments: PlanBasket) -> ToolResult:
    """Plan a basket from a whole shopping list in one call: the best product for each line.

    It asks for their yes.
    """
    limits = limits_for(context, for_=arguments.for_)
    matcher = Matcher(context.shop.search, context.work.catalog)
    lines = _read(context, arguments.items, limits, matcher)
    limit = spending_limit(context, arguments.budget)
    slots = [line.slot for line in lines]
    proposal = propose(context, slots, limit, for_=arguments.for_)
    missing = [f"{line.item.query}: {line.slot.problem}" for line in lines if not line.slot.options]
    kept = limits_text(limits)
    notes = [
        *closest_notes(proposal),
        *stock_notes(proposal),
        *_age_notes(proposal),
        *([f"Every food is known to be {kept}."] if kept else []),
        *budget_note(proposal, limit, arguments.budget),
    ]
    count = len(arguments.items)
    title = f"Your list of {count} {'thing' if count == 1 else 'things'}"
    plan = plan_block(context, proposal, title=title, missing=missing, note=" ".join(notes))
    if not proposal.edits:
        said = f"Nothing on the list can be had: {harmless('; '.join(missing), _LONGEST)}."
        return ToolResult(marked(said, _ALL), (plan, NoticeBlock(level="warning", text=said)))
    doubt = _doubt(context, proposal, plan)
    question = confirm(context, proposal, title)
    text = [
        f"{title}. Nothing is in the cart yet; the shopper has to say yes.",
        *plan_lines(plan, proposal),
        f"Together {proposal.cost.display()}.",
        *([marked(" ".join(harmless(one, _LONGEST) for one in notes), _ALL)] if notes else []),
        *([f"Not found: {marked('; '.join(missing), _LONGEST)}."] if missing else []),
        *([marked(doubt.question, _LONGEST)] if doubt else []),
        marked(question.confirmation.text, _ALL),
    ]
    blocks = (plan, doubt, question) if doubt else (plan, question)
    return ToolResult("\n".join(text), blocks)


def _read(
    context: ToolContext, items: Sequence[ListItem], limits: Limits, matcher: Matcher
) -> list[Line]:
    pricer = Pricer(context)
    held = held_in_cart(context)
    brands = context.work.preferences.of(context.shopper_id).brands
    lines: list[Line] = []
    for number, item in enumerate(items, start=1):
        wanted = read_quantity(item.quantity)
        candidates = matcher.find(item.query, limits) or matcher.stand_ins(item.query, limits)
        options, problem = options_for(
            candidates,
            _covering(wanted, item),
            cost=pricer,
            held=held,
            brands=brands,
            of_age=True,
            by_unit=wanted.amount is None,
        )
        if not candidates:
            problem = _why_none(matcher, item.query, limits)
        repeated = any(line.item.query == item.query for line in lines)
        slot = Slot(
            names=(f"{item.query} ({number})" if repeated else item.query,),
            options=options,
            problem=problem,
            purpose=f"for {item.quantity} {item.query}" if wanted.amount else f"for {item.query}",
        )
        lines.append(Line(item, slot))
    return lines


def _why_none(matcher: Matcher, query: str, limits: Limits) -> str:
    if matcher.sold(query):
        return f"none here is known to be {limits_text(limits)}"
    return matcher.why_none(query)


def _covering(wanted: Wanted, item: ListItem) -> Callable[[Product], Packs | None]:
    return lambda product: _cover(product, wanted, item.query)


def _cover(product: Product, wanted: Wanted, query: str) -> Packs | None:
    """The packs for what was asked: an amount, a number of pieces, or a number of packs."""
    if wanted.amount is not None and wanted.amount.unit != "piece":
        return cover(product, measured(wanted.amount, query))
    if wanted == Wanted() and product.sell_by == "weight" and _several(query):
        return cover(product, Measured(kilograms=_SOME))
    if wanted.parts:
        return cover_parts(product, wanted.count)
    if wanted.packs and product.sell_by == "each":
        return cover_packs(product, wanted.count)
    pieces = measured(Amount(wanted.count, "piece"), query) if is_food(product) else None
    return cover_count(product, wanted.count, pieces)


def _several(query: str) -> bool:
    """Whether it names more than one, without saying how many: "onions"."""
    last = query.rsplit(maxsplit=1)[-1].lower()
    return stem(last) != last


def _age_notes(proposal: Proposal) -> list[str]:
    return [
        f"{pick.product.title} is sold from age {pick.product.age_limit} only; an ID is asked for "
        "at handover."
        for _, pick in proposal.bought
        if pick.product.age_limit
    ]


def _doubt(context: ToolContext, proposal: Proposal, plan: PlanBlock) -> ChoicesBlock | None:
    """One question about the line that could most likely have meant something else."""
    for slot, pick in proposal.bought:
        if len(read_asked(slot.names[0]).words) != 1:
            continue
        others = _others(slot, pick)
        if others:
            return _which(context, plan, slot, pick, others)
    return None


def _others(slot: Slot, pick: Buyable) -> list[Product]:
    """Products that fit about as well, but stand on another shelf: the other kind of pepper."""
    found: dict[tuple[str, ...], Product] = {}
    for option in sorted(slot.options, key=lambda one: -one.fit):
        shelf = option.product.category
        if shelf != pick.product.category and option.fit >= pick.fit - _NEARLY:
            found.setdefault(shelf, option.product)
    return list(found.values())[:_OFFERED]


def _which(
    context: ToolContext, plan: PlanBlock, slot: Slot, pick: Buyable, others: Sequence[Product]
) -> ChoicesBlock:
    mine = next(one.position for one in plan.products if one.id == pick.product.id)
    numbers = context.shown.show([(one.id, one.title) for one in others], kind="plan")
    return ChoicesBlock(
        question=f"Is {pick.product.title} what you meant by {slot.names[0]!r}?",
        options=[
            Option(label=f"Rather {one.title}", value=f"swap #{mine} for #{number}")
            for one, number in zip(others, numbers, strict=True)
        ],
    )


TOOL = Tool(
    "plan_basket",
    PlanBasket,
    plan_basket,
    changes=True,
    example={"items": [{"query": "onions", "quantity": "500 g"}, {"query": "milk"}]},
    rest="plan fewer things at once",
)
