"""Readable text out of any blocks: what is said when a model's own words cannot be used."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from knowledge.money import Money
from tools.blocks import (
    Block,
    BudgetBlock,
    BudgetView,
    CartBlock,
    ChoicesBlock,
    ComparisonBlock,
    ConfirmationBlock,
    LineChange,
    NoticeBlock,
    OrderBlock,
    PassagesBlock,
    PlanBlock,
    ProductBlock,
    ProductCard,
    ProductsBlock,
    RecipeBlock,
    ScoreBlock,
    SwapsBlock,
)
from tools.marking import without_links

_MOST_PRODUCTS = 5
_PASSAGE_LENGTH = 300


def plain_answer(blocks: Sequence[Block]) -> str:
    """Say what the blocks show, newest facts last; empty when there is nothing to say."""
    said: list[str] = []
    for block in _newest_of_each(blocks):
        text = _SAY[type(block)](block)
        if text and text not in said:
            said.append(text)
    return "\n\n".join(said)


def _newest_of_each(blocks: Sequence[Block]) -> list[Block]:
    """Leave out a cart or budget that a later block shows anew, unless it tells of changes."""
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        later = [type(other) for other in blocks[index + 1 :]]
        told = isinstance(block, CartBlock) and (block.changes or block.warnings)
        outdated = isinstance(block, CartBlock | BudgetBlock) and type(block) in later
        if told or not outdated:
            kept.append(block)
    return kept


def _money(amount: str, currency: str) -> str:
    return Money.parse(amount, currency).display()


def _products(block: ProductsBlock) -> str:
    if not block.products:
        return " ".join(filter(None, ["I found nothing that fits.", block.note]))
    lines = [f"{block.title}:" if block.title else "This is what fits:"]
    lines += [_card(card) for card in block.products[:_MOST_PRODUCTS]]
    if block.note:
        lines.append(block.note)
    return "\n".join(lines)


def _card(card: ProductCard) -> str:
    number = "-" if card.position is None else f"{card.position}."
    size = f", {card.size}" if card.size and card.size not in card.title else ""
    per = f" per {card.unit}" if card.sell_by != "each" and card.unit else ""
    gone = "" if card.in_stock else ", sold out"
    reason = f" ({card.reason})" if card.reason else ""
    offer = f", {card.promotion}" if card.promotion and card.promotion not in reason else ""
    price = f"{_money(card.price, card.currency)}{per}"
    return f"{number} {card.title}{size}: {price}{offer}{gone}{reason}"


def _product(block: ProductBlock) -> str:
    detail = block.product
    lines = [_card(detail.card).removeprefix("- ")]
    if detail.ingredients:
        lines.append(f"Ingredients: {without_links(detail.ingredients)}")
    if detail.allergens is None:
        lines.append("Allergens: unknown.")
    elif detail.allergens:
        lines.append(f"Contains: {', '.join(detail.allergens)}.")
    if detail.traces:
        lines.append(f"May contain: {', '.join(detail.traces)}.")
    if detail.card.nutri_score:
        lines.append(f"Nutri-Score {detail.card.nutri_score}.")
    return "\n".join(lines)


def _comparison(block: ComparisonBlock) -> str:
    lines = [_card(card) for card in block.products]
    for row in block.rows:
        values = " / ".join("unknown" if value is None else value for value in row.values)
        lines.append(f"{row.attribute}: {values}")
    return "\n".join(lines)


_CHANGES = {
    "added": "Added {title}{quantity}.",
    "changed": "Changed {title} to {amount}.",
    "removed": "Removed {title}.",
    "swapped": "Swapped {replaced} for {title}.",
    "restored": "Brought back {title}{quantity}.",
    "substitution": "{title}: {rule} when it has run out.",
}

_RULES = {"similar": "something similar", "ask": "I ask you", "none": "nothing instead"}


def _change(change: LineChange) -> str:
    return _CHANGES[change.kind].format(
        title=change.title,
        quantity="" if change.quantity in (None, "1") else f" x {change.quantity}",
        amount=change.quantity or "",
        replaced=change.replaced or "it",
        rule=_RULES.get(change.substitution or "", ""),
    )


def _cart(block: CartBlock) -> str:
    cart = block.cart
    parts = [" ".join(_change(change) for change in block.changes)]
    if not cart.lines:
        parts.append("Your cart is empty.")
    else:
        if not block.changes:
            parts += [
                f"{_counted(line.quantity, line.unit)} {line.title}: "
                f"{_money(line.total, cart.currency)}"
                for line in cart.lines
            ]
        parts.append(f"Your cart comes to {_money(cart.totals.total, cart.currency)}.")
    if block.budget is not None:
        parts.append(_left(block.budget))
    parts += [*block.warnings, *block.hints]
    return "\n".join(part for part in parts if part)


def _left(budget: BudgetView) -> str:
    whole = _money(budget.amount, budget.currency)
    period = {"trip": "for this trip", "week": "this week", "month": "this month"}[budget.period]
    left = Decimal(budget.left)
    if left < 0:
        over = _money(str(-left), budget.currency)
        return f"That is {over} over your budget of {whole} {period}."
    return f"You have {_money(budget.left, budget.currency)} left of {whole} {period}."


def _budget(block: BudgetBlock) -> str:
    if block.budget is None:
        return "You have no budget set."
    parts = [_left(block.budget)]
    if block.drop:
        titles = ", ".join(line.title for line in block.drop)
        parts.append(f"Without {titles} it would fit.")
    return " ".join(parts)


def _score(block: ScoreBlock) -> str:
    verdicts = {
        "yes": "{title}: fits {diet} ({because})",
        "no": "{title}: not {diet} ({because})",
        "unknown": "{title}: unknown for {diet} ({because})",
    }
    lines = [
        verdicts[one.verdict].format(
            title=one.title, diet=one.diet.replace("_", " "), because=one.because
        )
        for one in block.verdicts
    ]
    for item in block.items:
        known = [
            f"grade {item.grade}" if item.grade else "",
            f"{item.kg_co2e} kg CO2e" if item.kg_co2e else "",
        ]
        lines.append(f"{item.title}: {', '.join(filter(None, known)) or 'unknown'}")
    if block.total_kg_co2e:
        lines.append(f"Together {block.total_kg_co2e} kg CO2e.")
    if block.note:
        lines.append(block.note)
    return "\n".join(lines)


def _swaps(block: SwapsBlock) -> str:
    if not block.swaps:
        return block.note or f"I found nothing {block.goal} to swap."
    lines = []
    for swap in block.swaps:
        number = "-" if swap.to.position is None else f"{swap.to.position}."
        lines.append(f"{number} {swap.to.title} instead of {swap.instead_of.title}: {swap.reason}")
    return "\n".join([*lines, *([block.note] if block.note else [])])


def _plan(block: PlanBlock) -> str:
    lines = [f"{block.title}:"]
    lines += [
        f"{quantity} x {card.title}"
        for quantity, card in zip(block.quantities, block.products, strict=True)
    ]
    lines.append(f"Together {_money(block.total, block.currency)}.")
    if block.missing:
        lines.append(f"Not found: {', '.join(block.missing)}.")
    return "\n".join([*lines, *([block.note] if block.note else [])])


def _recipe(block: RecipeBlock) -> str:
    lines = [f"{block.title}, for {block.servings}:"]
    lines += [f"- {fact.name}: {fact.value}" for fact in block.ingredients]
    return "\n".join([*lines, *block.steps])


def _order(block: OrderBlock) -> str:
    if not block.orders:
        return "You have no orders yet."
    return "\n".join(
        f"Order {order.number}: {order.status}, {len(order.lines)} products, "
        f"{_money(order.total, order.currency)}."
        for order in block.orders
    )


def _confirmation(block: ConfirmationBlock) -> str:
    return block.confirmation.text


def _passages(block: PassagesBlock) -> str:
    return "\n\n".join(
        f"{one.section}: {_shortened(one.text)}" if one.section else _shortened(one.text)
        for one in block.passages[:2]
    )


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= _PASSAGE_LENGTH:
        return flat
    return flat[:_PASSAGE_LENGTH].rsplit(" ", 1)[0] + " …"


def _choices(block: ChoicesBlock) -> str:
    return "\n".join([block.question, *(f"- {option.label}" for option in block.options)])


def _notice(block: NoticeBlock) -> str:
    return block.text


_SAY: dict[type, Callable[[Any], str]] = {
    ProductsBlock: _products,
    ProductBlock: _product,
    ComparisonBlock: _comparison,
    CartBlock: _cart,
    BudgetBlock: _budget,
    ScoreBlock: _score,
    SwapsBlock: _swaps,
    PlanBlock: _plan,
    RecipeBlock: _recipe,
    OrderBlock: _order,
    ConfirmationBlock: _confirmation,
    PassagesBlock: _passages,
    ChoicesBlock: _choices,
    NoticeBlock: _notice,
}


def _counted(quantity: str, unit: str | None) -> str:
    """Write "2 x", or "0.5 kg" for goods by weight or volume."""
    return f"{quantity} {unit}" if unit else f"{quantity} x"
