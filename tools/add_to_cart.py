"""add_to_cart: puts products into the cart."""

from typing import Annotated

from pydantic import Field

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded
from knowledge.carts.edits import Add
from knowledge.carts.quantities import parse_quantity, quantity_text
from knowledge.errors import Conflict, SmartCartError
from tools.cart_changes import actor_of, change_cart, product_of
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.quantity_argument import ProductReference, Quantity
from tools.suitability import suitability_warnings


class Item(Arguments):
    product: ProductReference
    quantity: Quantity = "1"


class AddToCart(Arguments):
    items: Annotated[list[Item], Field(min_length=1, max_length=30)]


def add_to_cart(context: ToolContext, arguments: AddToCart) -> ToolResult:
    """Put products into the cart. A product that is in it already gets more.

    Call it only with products that a tool has shown. Tell the shopper every warning in the result
    and everything that was not added.
    """
    preferences = context.work.preferences.of(context.shopper_id)
    edits: list[Add] = []
    failed: list[SmartCartError] = []
    not_added: list[str] = []
    warnings: list[str] = []
    said: list[str] = []
    for item in arguments.items:
        name = ""
        try:
            product = product_of(context, item.product)
            name = f"{product.title}: "
            edit = Add(product_id=product.id, quantity=parse_quantity(item.quantity, product))
            _check(context, [*edits, edit])
        except SmartCartError as error:
            failed.append(error)
            # The others name the product themselves.
            not_added.append(f"{name if isinstance(error, BudgetExceeded) else ''}{error}")
            continue
        edits.append(edit)
        warnings += suitability_warnings(product, preferences)
        if product.stock is not None:
            said.append(f"{quantity_text(product.stock, product)} of {product.title} in stock.")
    if not edits:
        if len(failed) == 1:
            raise failed[0]
        raise Conflict(f"Nothing was added. {' '.join(not_added)}")
    left_out = [f"Not added: {text}" for text in not_added]
    return change_cart(context, edits, warnings=[*left_out, *warnings], said=said)


def _check(context: ToolContext, edits: list[Add]) -> None:
    try:
        context.work.carts.check(context.cart_id, edits, actor=actor_of(context))
    except BudgetConsentRequired:
        return  # asked about once, with everything else of this call


TOOL = Tool("add_to_cart", AddToCart, add_to_cart, changes=True)
