"""The tool find_swaps: replacements that are cheaper, greener or healthier, with the difference."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from knowledge.carts.quantities import plain
from knowledge.money import Money
from knowledge.pricing.promotions import Promotion
from knowledge.recommend.swaps import SwapFound
from knowledge.shoppers.members import Needs
from tools.argument_kinds import Reads
from tools.blocks import ProductCard, Swap, SwapsBlock
from tools.cart_reading import CartItem, read_cart, referred
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import For, needs_of
from tools.marking import TITLE_LENGTH, harmless, marked
from tools.product_views import card, offer_words
from tools.quantity_argument import ProductOrCart
from tools.suggesting import asked_for, wishes_of

_SHOWN = 3
_MANY, _SHORT_TITLE = 8, 40


class FindSwaps(Arguments):
    goal: Annotated[Literal["cheaper", "greener", "healthier"], Reads(also=("kind", "type"))]
    product: ProductOrCart = None
    for_: For = None


def find_swaps(context: ToolContext, arguments: FindSwaps) -> ToolResult:
    """Find better replacements for one product, or the best one per line of the cart.

    Nothing changes; once they agreed, update_cart does it with replace.
    """
    items = read_cart(context)
    if arguments.product is not None:
        return _for_one(context, arguments, items)
    if not items:
        return _none(arguments, "The cart is empty, so there is nothing to swap.")
    needs = None if arguments.for_ is None else needs_of(context, arguments.for_)
    asked = asked_for(context, "similar", items, needs=needs)
    wishes = {item.line: wishes_of(context, _needs(context, item, needs)) for item in items}
    lines = [(item.line, item.product, item.quantity) for item in items]
    found = context.shop.recommender.cart_swaps(asked, arguments.goal, lines, wishes=wishes)
    if not found:
        return _none(arguments, f"No {arguments.goal} match for anything in the cart.")
    rest = len(items) - len(found)
    notes = [_together([swap for _, swap in found])] if len(found) > 1 else []
    notes += [f"No {arguments.goal} match for the other {rest}."] if rest else []
    return _result(context, arguments, found, " ".join(notes) or None, whole=True)


def _for_one(context: ToolContext, arguments: FindSwaps, items: list[CartItem]) -> ToolResult:
    subject = referred(context, arguments.product or "", items)
    line = subject.line if isinstance(subject, CartItem) else None
    product = subject.product if isinstance(subject, CartItem) else subject
    quantity = subject.quantity if isinstance(subject, CartItem) else Decimal(1)
    needs = None if arguments.for_ is None else needs_of(context, arguments.for_)
    if isinstance(subject, CartItem):
        needs = _needs(context, subject, needs)
    asked = asked_for(context, "similar", items, product, needs)
    found = context.shop.recommender.swaps(asked, arguments.goal, product, quantity)
    if not found:
        return _none(arguments, f"No {arguments.goal} match for {harmless(product.title)}.")
    return _result(context, arguments, [(line, swap) for swap in found[:_SHOWN]], None)


def _needs(context: ToolContext, item: CartItem, asked: Needs | None) -> Needs:
    """Whatever is said of whom a swap is for, those a line was put in for stay protected."""
    names = (*item.for_members, *(asked.names if asked else ()))
    return context.work.household.needs(context.shopper_id, names, lenient=True)


def _none(arguments: FindSwaps, text: str) -> ToolResult:
    return ToolResult(marked(text), (SwapsBlock(goal=arguments.goal, swaps=[], note=text),))


def _result(
    context: ToolContext,
    arguments: FindSwaps,
    found: list[tuple[str, SwapFound]] | list[tuple[str | None, SwapFound]],
    note: str | None,
    *,
    whole: bool = False,
) -> ToolResult:
    numbers = context.shown.show(
        [(swap.replacement.id, swap.replacement.title) for _, swap in found],
        kind="swap",
        replaces=[line or swap.original.id for line, swap in found],
    )
    offers = context.work.pricing.offers()
    swaps = [
        _view(line, swap, position, offers)
        for (line, swap), position in zip(found, numbers, strict=True)
    ]
    room = TITLE_LENGTH if len(found) <= _MANY else _SHORT_TITLE
    lines = [
        _sentence(line, swap, shown.to, room)
        for (line, swap), shown in zip(found, swaps, strict=True)
    ]
    text = "\n".join([*([note] if note else []), *lines])
    block = SwapsBlock(goal=arguments.goal, swaps=swaps, note=note)
    if whole:
        price, carbon = _sums([swap for _, swap in found])
        block = block.model_copy(
            update={
                "price_difference": str(price),
                "kg_co2e_difference": None if carbon is None else plain(carbon),
            }
        )
    return ToolResult(text, (block,))


def _sums(swaps: Sequence[SwapFound]) -> tuple[Money, Decimal | None]:
    """What all swaps together change in price, and in kg CO2e as far as it is known."""
    price = swaps[0].price_difference
    for swap in swaps[1:]:
        price += swap.price_difference
    known = [one.kg_co2e_difference for one in swaps if one.kg_co2e_difference is not None]
    return price, sum(known, Decimal(0)) if known else None


def _together(swaps: Sequence[SwapFound]) -> str:
    price, carbon = _sums(swaps)
    said = _price_words(price)
    if carbon:
        said += f", {plain(abs(carbon))} kg CO2e {'less' if carbon < 0 else 'more'}"
    return f"All {len(swaps)} together: {said}."


def _view(line: str | None, swap: SwapFound, position: int, offers: Sequence[Promotion]) -> Swap:
    difference = swap.kg_co2e_difference
    return Swap(
        line=line,
        quantity=plain(swap.quantity),
        instead_of=card(swap.original, offers=offers),
        to=card(swap.replacement, position=position, reason=swap.reason, offers=offers),
        price_difference=str(swap.price_difference),
        kg_co2e_difference=None if difference is None else plain(difference),
        grade_before=swap.grade_before,
        grade_after=swap.grade_after,
        reason=swap.reason,
    )


def _sentence(line: str | None, swap: SwapFound, shown: ProductCard, room: int) -> str:
    where = f"{line} " if line else ""
    new = f"#{shown.position} [{swap.replacement.id}] {marked(swap.replacement.title, room)}"
    said = [
        f"{new}, {swap.replacement.price.display()}",
        f"instead of {where}{marked(swap.original.title, room)}",
    ]
    said.append(f"{_price_words(swap.price_difference)}; {marked(swap.reason)}")
    if swap.kg_co2e_difference:
        said.append(f"{plain(swap.kg_co2e_difference)} kg CO2e for the same amount")
    if swap.grade_before and swap.grade_before != swap.grade_after:
        said.append(f"grade {swap.grade_before} to {swap.grade_after}")
    if shown.promotion:
        said.append(offer_words(shown))
    return ", ".join(said)


def _price_words(difference: Money) -> str:
    if difference.amount < 0:
        return f"saves {(-difference).display()}"
    return f"costs {difference.display()} more" if difference.amount else "same price"


TOOL = Tool(
    "find_swaps",
    FindSwaps,
    find_swaps,
    example={"goal": "cheaper", "product": "c1"},
    rest="call it for one line of the cart",
)
