"""Works out what of an earlier order can go into the cart again."""

from decimal import Decimal

from knowledge.budgets.models import BudgetConsentRequired
from knowledge.carts.edits import Add
from knowledge.carts.models import Actor
from knowledge.carts.quantities import most_available, quantity_text
from knowledge.errors import Conflict, SmartCartError
from knowledge.orders.models import Order, OrderLine
from knowledge.work import Work


def lines_again(
    work: Work, order: Order, *, cart_id: str, actor: Actor
) -> tuple[list[Add], list[str]]:
    """The edits that bring back what is still sold, and in sentences what is lacking.

    A budget that wants to be asked is not asked here: applying the edits does.
    """
    edits: list[Add] = []
    lacking: list[str] = []
    for line in order.lines:
        try:
            edit = _again(work, line, lacking)
            work.carts.check(cart_id, [*edits, edit], actor=actor)
        except BudgetConsentRequired:
            pass  # asked about once, with everything else
        except SmartCartError as error:
            lacking.append(f"Not added: {error}")
            continue
        edits.append(edit)
    return edits, lacking


def _again(work: Work, line: OrderLine, lacking: list[str]) -> Add:
    """As much of a sold line as there is now."""
    product = work.catalog.find(line.product_id)
    if product is None:
        raise Conflict(f"{line.title} is no longer sold.")
    quantity: Decimal = most_available(product, line.quantity)
    if not quantity:
        raise Conflict(f"{line.title} is sold out.")
    if quantity < line.quantity:
        lacking.append(f"Only {quantity_text(quantity, product)} of {line.title} left.")
    return Add(product_id=product.id, quantity=quantity)
