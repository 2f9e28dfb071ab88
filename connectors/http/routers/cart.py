"""The cart: read it, and change it by the same tools that a conversation uses."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from connectors.http.changes import IdempotencyKey, decimal_text, run_tool
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import CartItem, LineChangeRequest
from connectors.http.security import SignedIn
from knowledge.shoppers.shoppers import Shopper
from tools.blocks import CartView
from tools.commerce_views import cart_view

router = APIRouter(prefix="/cart", tags=["cart"], responses=SHOPPER_FAILURE)
Line = Annotated[str, Path(pattern=r"^c[0-9]{1,6}$", description="The line's id: c1, c2 ...")]


async def _changed(
    request: Request, shopper: Shopper, name: str, arguments: dict[str, Any], key: str | None
) -> CartView:
    application = parts_of(request)

    def change() -> CartView:
        run_tool(application, shopper, name, arguments, key)
        with application.shop.read() as work:
            return cart_view(work, shopper.cart_id)

    return await in_thread(change)


@router.get("")
async def read_cart(request: Request, shopper: SignedIn) -> CartView:
    """The shopper's cart with its totals."""
    shop = parts_of(request).shop

    def read() -> CartView:
        with shop.read() as work:
            return cart_view(work, shopper.cart_id)

    return await in_thread(read)


@router.post("/items")
async def add_item(
    request: Request, item: CartItem, shopper: SignedIn, key: IdempotencyKey = None
) -> CartView:
    """Add a product, or more of it."""
    wanted = {"product": item.product, "quantity": decimal_text(item.quantity)}
    return await _changed(request, shopper, "add_to_cart", {"items": [wanted]}, key)


@router.patch("/items/{line}")
async def change_line(
    request: Request,
    line: Line,
    change: LineChangeRequest,
    shopper: SignedIn,
    key: IdempotencyKey = None,
) -> CartView:
    """Set the quantity of a line; 0 removes it."""
    changes = [{"product": line, "quantity": decimal_text(change.quantity)}]
    return await _changed(request, shopper, "update_cart", {"changes": changes}, key)


@router.delete("/items/{line}")
async def remove_line(
    request: Request, line: Line, shopper: SignedIn, key: IdempotencyKey = None
) -> CartView:
    """Take a line out of the cart."""
    changes = [{"product": line, "quantity": "0"}]
    return await _changed(request, shopper, "update_cart", {"changes": changes}, key)


@router.post("/undo")
async def undo(request: Request, shopper: SignedIn, key: IdempotencyKey = None) -> CartView:
    """Take back the last change of cart, budget or preferences."""
    return await _changed(request, shopper, "undo", {}, key)
