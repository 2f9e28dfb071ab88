"""Shows a change of the cart before it is made, and says what became of it since (pure)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from knowledge.carts.carts import CartChange
from knowledge.carts.edits import Add, Edit, SetQuantity, SwapLine
from knowledge.carts.models import LineChanged
from knowledge.carts.planning import describe_change
from knowledge.carts.quantities import most_more, plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.orders.wording import fitting, short_title
from knowledge.pricing.models import Quote

_NAMED = 3


def shown_change(change: CartChange) -> dict[str, Any]:
    """Exactly what the shopper is asked to say yes to; its hash is compared on the yes."""
    return {
        "currency": change.quote.currency,
        "lines": [_shown_line(one, change.products) for one in change.changes],
        "total": str(change.quote.total),
    }


def _shown_line(change: LineChanged, products: Mapping[str, Product]) -> dict[str, Any]:
    product = products[change.product_id]
    return {
        "kind": change.kind,
        "line": change.line,
        "product": product.id,
        "title": product.title,
        "quantity": None if change.quantity is None else plain(change.quantity),
        "unit_price": str(product.price),
    }


def count_text(change: CartChange, before: Quote) -> str:
    """How many products and what it costs: "add 3 products for $7.50; the cart is $9.00 then"."""
    count = len({one.line for one in change.changes})
    noun = "product" if count == 1 else "products"
    total = change.quote.total.display()
    if any(one.kind != "added" for one in change.changes):
        return f"change {count} {noun}; the cart comes to {total} instead of {_was(before)}"
    if not before.lines:
        return f"add {count} {noun}, total {total}"
    added = (change.quote.total - before.total).display()
    return f"add {count} {noun} for {added}; the cart comes to {total}"


def _was(before: Quote) -> str:
    return before.total.display()


def done_text(change: CartChange, room: int) -> str:
    """What was done, as many products as fit: "Added 2 x Oats, 1 x Milk and 3 more."."""
    said = [describe_change(one, change.products) for one in change.changes]
    if all(one.kind == "added" for one in change.changes):
        said = [text.removeprefix("added ") for text in said]
        start = "Added "
    else:
        start = "Done: "
    return f"{start}{fitting(said, room - len(start))}."


def still_possible(
    edits: Sequence[Edit], products: Mapping[str, Product], held: Mapping[str, Decimal]
) -> tuple[list[Edit], list[str]]:
    """The edits that stock and shelves still allow, and what had to give.

    ``held`` is the quantity in the cart by line and by product.
    """
    kept: list[Edit] = []
    lost: list[str] = []
    for edit in edits:
        possible = _possible(edit, products, held)
        if possible is not None:
            kept.append(possible)
        if possible != edit and isinstance(edit, Add | SwapLine):
            lost.append(_lost(products.get(edit.product_id), possible))
    return kept, lost


def _possible(
    edit: Edit, products: Mapping[str, Product], held: Mapping[str, Decimal]
) -> Edit | None:
    if isinstance(edit, SetQuantity):
        return edit if edit.line in held else None
    if not isinstance(edit, Add | SwapLine):
        return edit
    if isinstance(edit, SwapLine) and edit.line not in held:
        return None
    product = products.get(edit.product_id)
    if product is None:
        return None
    there = held.get(edit.product_id, Decimal(0))
    left = most_more(product, edit.quantity, there)
    if not left:
        return None
    return edit if left == edit.quantity else edit.model_copy(update={"quantity": left})


def _lost(product: Product | None, possible: Edit | None) -> str:
    if product is None:
        return "a product is no longer sold"
    title = short_title(product.title)
    if isinstance(possible, Add | SwapLine):
        return f"only {quantity_text(possible.quantity, product)} of {title} can still be had"
    if not product.listed:
        return f"{title} is no longer sold"
    return f"{title} is sold out" if not product.in_stock else f"there is no more of {title}"


def change_since(old: dict[str, Any], new: dict[str, Any], lost: Sequence[str]) -> str:
    """In one sentence, how what can be done now differs from what was shown."""
    currency: str = new["currency"]
    before = {line["product"]: line for line in old["lines"]}
    said = list(lost)
    for line in new["lines"]:
        was = before.get(line["product"])
        if was is not None and was["unit_price"] != line["unit_price"]:
            now, then = (Money.parse(one["unit_price"], currency).display() for one in (line, was))
            said.append(f"{short_title(line['title'])} now costs {now} instead of {then}")
    if not said:
        said.append("the cart was changed in between")
    return f"Not done yet: {fitting(said[:_NAMED], 150)}."
