"""add_to_cart: puts products into the cart."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded
from knowledge.carts.edits import Add
from knowledge.carts.quantities import parse_quantity, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import Conflict, Contended, SmartCartError
from knowledge.shoppers.members import Needs
from tools.cart_changes import actor_of, change_cart, product_of
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import For, needs_of
from tools.quantity_argument import ProductReference, Quantity
from tools.suitability import suitability_warnings

logger = logging.getLogger(__name__)


class Item(Arguments):
    product: ProductReference
    quantity: Annotated[Quantity, Field(description="2 or 0.5 kg")] = "1"


class AddToCart(Arguments):
    items: Annotated[list[Item], Field(min_length=1, max_length=30)]
    for_: For = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item as it was understood."""

    product: Product
    edit: Add


def add_to_cart(context: ToolContext, arguments: AddToCart) -> ToolResult:
    """Put products that a tool has shown into the cart; one that is in it already gets more.

    Tell every warning of the result, and what was not added.
    """
    needs = needs_of(context, arguments.for_)
    wanted = [_read(context, item, needs.names) for item in arguments.items]
    items = [one for one in wanted if isinstance(one, Wanted)]
    failed = [one for one in wanted if isinstance(one, SmartCartError)]
    if items and not failed:
        try:
            return _add(context, items, (), needs)
        except Contended:
            raise
        except SmartCartError as error:
            if len(items) == 1:
                raise
            logger.debug("not all of %d products can be added: %s", len(items), error)
    return _add_what_can_be_added(context, wanted, needs)


def _read(context: ToolContext, item: Item, names: tuple[str, ...]) -> Wanted | SmartCartError:
    try:
        product = product_of(context, item.product)
        quantity = parse_quantity(item.quantity, product)
    except SmartCartError as error:
        return error
    return Wanted(product, Add(product_id=product.id, quantity=quantity, for_members=names))


def _add_what_can_be_added(
    context: ToolContext, wanted: Sequence[Wanted | SmartCartError], needs: Needs
) -> ToolResult:
    added: list[Wanted] = []
    failed: list[SmartCartError] = []
    left_out: list[str] = []
    for one in wanted:
        name = ""
        error: SmartCartError | None
        if isinstance(one, SmartCartError):
            error = one
        else:
            error = _refused(context, [*added, one])
            if error is None:
                added.append(one)
                continue
            # The others name the product themselves.
            name = f"{one.product.title}: " if isinstance(error, BudgetExceeded) else ""
        failed.append(error)
        left_out.append(f"{name}{error}")
    if added:
        return _add(context, added, [f"Not added: {text}" for text in left_out], needs)
    if len(failed) == 1:
        raise failed[0]
    raise Conflict(f"Nothing was added. {' '.join(left_out)}")


def _refused(context: ToolContext, wanted: Sequence[Wanted]) -> SmartCartError | None:
    edits = [one.edit for one in wanted]
    try:
        context.work.carts.check(context.cart_id, edits, actor=actor_of(context))
    except BudgetConsentRequired:
        return None  # asked about once, with everything else of this call
    except SmartCartError as error:
        return error
    return None


def _add(
    context: ToolContext, wanted: Sequence[Wanted], left_out: Sequence[str], needs: Needs
) -> ToolResult:
    preferences = context.work.preferences.of(context.shopper_id)
    warnings = [*left_out]
    said = []
    for one in wanted:
        warnings += suitability_warnings(one.product, preferences, needs)
        if one.product.stock is not None:
            stock = quantity_text(one.product.stock, one.product)
            said.append(f"{stock} of {one.product.title} in stock.")
    return change_cart(context, [one.edit for one in wanted], warnings=warnings, said=said)


TOOL = Tool(
    "add_to_cart",
    AddToCart,
    add_to_cart,
    changes=True,
    example={"items": [{"product": "#1", "quantity": "2"}]},
    rest="call get_cart",
)
