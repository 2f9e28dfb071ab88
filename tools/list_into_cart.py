"""Puts many products into the cart at once: what cannot be had is said, the rest is added."""

from collections.abc import Sequence

from knowledge.carts.edits import Add
from knowledge.carts.filling import what_fits
from knowledge.errors import Conflict
from tools.cart_changes import actor_of, change_cart
from tools.context import ToolContext
from tools.definition import ToolResult
from tools.suitability import suitability_warnings


def put_into_cart(context: ToolContext, wanted: Sequence[Add], *, source: str) -> ToolResult:
    """Add each as far as it can be had now.

    Raises ``Conflict`` when nothing can, and what a budget's rule raises when it refuses all.
    """
    work = context.work
    edits, lacking = what_fits(work, wanted, cart_id=context.cart_id, actor=actor_of(context))
    if not edits:
        raise Conflict(f"Nothing of {source} could be added. {' '.join(lacking)}")
    preferences = work.preferences.of(context.shopper_id)
    products = work.catalog.get_many([edit.product_id for edit in edits])
    warnings = [
        warning
        for edit in edits
        for warning in suitability_warnings(products[edit.product_id], preferences)
    ]
    return change_cart(context, edits, warnings=[*lacking, *warnings])
