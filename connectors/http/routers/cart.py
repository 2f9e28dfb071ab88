"""The cart: read it, and change it by the same tools that a conversation uses."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from connectors.http.changes import IdempotencyKey, decimal_text, run_tool
from connectors.http.checkout_schemas import CouponResult
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.fit_schemas import CartFit, FitRequest, cart_fit
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import CartItem, LineChangeRequest
from connectors.http.security import SignedIn
from knowledge.carts.coupon_entry import CouponEntry, enter_coupon, take_out_coupon
from knowledge.carts.models import Actor
from knowledge.shoppers.shoppers import Shopper
from knowledge.work import Work
from tools.blocks import CartView
from tools.commerce_views import cart_view

router = APIRouter(prefix="/cart", tags=["cart"], responses=SHOPPER_FAILURE)
Code = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
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
    arguments: dict[str, Any] = {"items": [wanted]}
    if item.for_:
        arguments["for"] = item.for_
    return await _changed(request, shopper, "add_to_cart", arguments, key)


@router.patch("/items/{line}")
async def change_line(
    request: Request,
    line: Line,
    change: LineChangeRequest,
    shopper: SignedIn,
    key: IdempotencyKey = None,
) -> CartView:
    """Set the quantity of a line (0 removes it), or what to do when it has run out."""
    arguments: dict[str, Any] = {}
    if change.quantity is not None:
        arguments["changes"] = [{"product": line, "quantity": decimal_text(change.quantity)}]
    if change.substitution is not None:
        arguments["substitution"] = {"product": line, "rule": change.substitution}
    if not arguments:
        return await read_cart(request, shopper)
    return await _changed(request, shopper, "update_cart", arguments, key)


@router.delete("/items/{line}")
async def remove_line(
    request: Request, line: Line, shopper: SignedIn, key: IdempotencyKey = None
) -> CartView:
    """Take a line out of the cart."""
    changes = [{"product": line, "quantity": "0"}]
    return await _changed(request, shopper, "update_cart", {"changes": changes}, key)


@router.put("/coupons/{code}")
async def enter_a_coupon(request: Request, code: Code, shopper: SignedIn) -> CouponResult:
    """Enter a coupon; it takes the place of another. A refusal counts against guessing."""
    return await _with_coupon(request, shopper, code, enter_coupon)


@router.delete("/coupons/{code}")
async def remove_a_coupon(request: Request, code: Code, shopper: SignedIn) -> CouponResult:
    """Take a coupon out again."""
    return await _with_coupon(request, shopper, code, take_out_coupon)


async def _with_coupon(
    request: Request, shopper: Shopper, code: str, act: Callable[..., CouponEntry]
) -> CouponResult:
    shop = parts_of(request).shop

    def change(work: Work) -> tuple[CouponEntry, CouponResult]:
        entry = act(work, shopper.cart_id, code, actor=Actor(shopper.id, "web"))
        return entry, CouponResult(text=entry.text, cart=cart_view(work, shopper.cart_id))

    entry, result = await in_thread(lambda: shop.change(change))
    if entry.refused is not None:  # raised only now: what was tried is written down
        raise entry.refused
    return result


@router.post("/fit")
async def fit_cart(
    request: Request, wanted: FitRequest, shopper: SignedIn, key: IdempotencyKey = None
) -> CartFit:
    """Propose the cart that fits an amount or the budget and gives up least; a yes makes it so."""
    application = parts_of(request)
    arguments: dict[str, Any] = {"keep": wanted.keep}
    if wanted.amount is not None:
        arguments["amount"] = decimal_text(wanted.amount)

    def propose() -> CartFit:
        return cart_fit(run_tool(application, shopper, "fit_budget", arguments, key, asks=True))

    return await in_thread(propose)


@router.post("/undo")
async def undo(request: Request, shopper: SignedIn, key: IdempotencyKey = None) -> CartView:
    """Take back the last change of cart, budget or preferences."""
    return await _changed(request, shopper, "undo", {}, key)
