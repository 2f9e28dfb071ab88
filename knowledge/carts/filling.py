"""Works out how much of many products can go into a cart at once, and says what cannot."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded
from knowledge.carts.edits import Add
from knowledge.carts.models import Actor, Cart
from knowledge.carts.quantities import check_quantity, most_more, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import Contended, SmartCartError
from knowledge.work import Work


def what_fits(
    work: Work, wanted: Sequence[Add], *, cart_id: str, actor: Actor
) -> tuple[list[Add], list[str]]:
    """The edits that can be made of those wanted, and in sentences what is lacking.

    A budget that wants to be asked is not asked here: applying the edits does.
    """
    found = work.catalog.get_many([edit.product_id for edit in wanted], include_delisted=True)
    cart = work.carts.get(cart_id)
    edits: list[Add] = []
    lacking: list[str] = []
    for edit in wanted:
        product = found.get(edit.product_id)
        if product is None:
            lacking.append(f"Not added: {edit.product_id} is no longer sold.")
            continue
        cut = _cut(edit, product, cart, lacking)
        if cut is not None:
            edits.append(cut)
    if not edits or _refusal(work, edits, cart_id, actor) is None:
        return edits, lacking
    return _one_by_one(work, edits, found, lacking, cart_id=cart_id, actor=actor), lacking


def _cut(edit: Add, product: Product, cart: Cart, lacking: list[str]) -> Add | None:
    """As much of it as there is now, on top of what the cart holds."""
    line = cart.holding(product.id)
    held = line.quantity if line else Decimal(0)
    most = most_more(product, edit.quantity, held)
    if most == edit.quantity:
        return edit
    if most:
        more = "more " if held else ""
        amount = quantity_text(most, product)
        lacking.append(f"Only {amount} {more}of {product.title} can be had.")
        return edit.model_copy(update={"quantity": most})
    try:
        check_quantity(product, held + edit.quantity)
    except SmartCartError as error:
        lacking.append(f"Not added: {error}")
    return None


def _one_by_one(
    work: Work,
    edits: Sequence[Add],
    found: Mapping[str, Product],
    lacking: list[str],
    *,
    cart_id: str,
    actor: Actor,
) -> list[Add]:
    possible: list[Add] = []
    for edit in edits:
        error = _refusal(work, [*possible, edit], cart_id, actor)
        if error is None:
            possible.append(edit)
        else:
            # The others name the product themselves.
            name = f"{found[edit.product_id].title}: " if isinstance(error, BudgetExceeded) else ""
            lacking.append(f"Not added: {name}{error}")
    return possible


def _refusal(work: Work, edits: Sequence[Add], cart_id: str, actor: Actor) -> SmartCartError | None:
    try:
        work.carts.check(cart_id, edits, actor=actor)
    except BudgetConsentRequired:
        return None  # asked about once, with everything else
    except Contended:
        raise
    except SmartCartError as error:
        return error
    return None
