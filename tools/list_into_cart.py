"""Puts many products into the cart at once: what cannot be had is said, the rest is added."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded
from knowledge.carts.edits import Add
from knowledge.carts.quantities import most_available, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import Conflict, Contended, SmartCartError
from tools.cart_changes import actor_of, change_cart
from tools.context import ToolContext
from tools.definition import ToolResult
from tools.suitability import suitability_warnings


def put_into_cart(
    context: ToolContext, wanted: Sequence[tuple[str, Decimal]], *, source: str
) -> ToolResult:
    """Add (product id, quantity) as far as each can be had now.

    Raises ``Conflict`` when nothing can, and what a budget's rule raises when it refuses all.
    """
    found = context.work.catalog.get_many([one for one, _ in wanted], include_delisted=True)
    preferences = context.work.preferences.of(context.shopper_id)
    edits: list[Add] = []
    missing: list[str] = []
    warnings: list[str] = []
    for product_id, quantity in wanted:
        product = found.get(product_id)
        if product is None or not product.listed:
            name = product.title if product else product_id
            missing.append(f"Not added: {name} is no longer sold.")
            continue
        most = most_available(product, quantity)
        if not most:
            missing.append(f"Not added: {product.title} is sold out.")
            continue
        if most < quantity:
            missing.append(f"Only {quantity_text(most, product)} of {product.title} can be had.")
        edits.append(Add(product_id=product.id, quantity=most))
    edits = _possible(context, edits, found, missing)
    if not edits:
        raise Conflict(f"Nothing of {source} could be added. {' '.join(missing)}")
    for edit in edits:
        warnings += suitability_warnings(found[edit.product_id], preferences)
    return change_cart(context, edits, warnings=[*missing, *warnings])


def _possible(
    context: ToolContext, edits: Sequence[Add], found: Mapping[str, Product], missing: list[str]
) -> list[Add]:
    """All of them if they can go in together, else one after the other what still can."""
    if not edits or _refused(context, edits) is None:
        return list(edits)
    possible: list[Add] = []
    for edit in edits:
        error = _refused(context, [*possible, edit])
        if error is None:
            possible.append(edit)
        else:
            # The others name the product themselves.
            name = f"{found[edit.product_id].title}: " if isinstance(error, BudgetExceeded) else ""
            missing.append(f"Not added: {name}{error}")
    return possible


def _refused(context: ToolContext, edits: Sequence[Add]) -> SmartCartError | None:
    try:
        context.work.carts.check(context.cart_id, edits, actor=actor_of(context))
    except BudgetConsentRequired:
        return None  # asked about once, with everything else
    except Contended:
        raise
    except SmartCartError as error:
        return error
    return None
