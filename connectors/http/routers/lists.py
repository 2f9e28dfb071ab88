"""Saved lists of products, and the usual that past orders make."""

from fastapi import APIRouter, Request

from connectors.http.changes import IdempotencyKey, decimal_text, run_tool
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import ListedProduct, ListRequest, PathId, SavedList, SavedLists
from connectors.http.security import SignedIn
from knowledge.carts.quantities import parse_quantity, plain
from knowledge.lists import models
from knowledge.lists.models import ListItem
from knowledge.work import Work
from tools.blocks import CartView
from tools.commerce_views import cart_view

router = APIRouter(prefix="/lists", tags=["lists"], responses=SHOPPER_FAILURE)


@router.get("")
async def read_lists(request: Request, shopper: SignedIn) -> SavedLists:
    """All saved lists; the usual comes last, when there is one."""
    shop = parts_of(request).shop

    def read() -> SavedLists:
        with shop.read() as work:
            return _lists(work, shopper.id)

    return await in_thread(read)


@router.get("/{name}")
async def read_list(request: Request, name: PathId, shopper: SignedIn) -> SavedList:
    """One list by its name; "usual" is what was bought in at least two orders."""
    shop = parts_of(request).shop

    def read() -> SavedList:
        with shop.read() as work:
            return _shown(work, work.lists.get(shopper.id, name))

    return await in_thread(read)


@router.put("/{name}")
async def save_list(
    request: Request, name: PathId, wanted: ListRequest, shopper: SignedIn
) -> SavedList:
    """Make a list or replace what it holds; without items it holds what the cart holds.

    With ``name`` a list is renamed, and keeps what it holds unless items are given.
    """
    shop = parts_of(request).shop

    def change(work: Work) -> SavedList:
        called = name
        if wanted.name is not None:
            called = work.lists.rename(shopper.id, name, wanted.name).name
        if wanted.items is not None or wanted.name is None:
            items = _items(work, shopper.cart_id, wanted)
            return _shown(work, work.lists.save(shopper.id, called, items))
        return _shown(work, work.lists.get(shopper.id, called))

    return await in_thread(lambda: shop.change(change))


@router.delete("/{name}")
async def delete_list(request: Request, name: PathId, shopper: SignedIn) -> SavedLists:
    """Delete a list; undo brings it back."""
    shop = parts_of(request).shop

    def change(work: Work) -> SavedLists:
        work.lists.delete(shopper.id, name)
        return _lists(work, shopper.id)

    return await in_thread(lambda: shop.change(change))


@router.post("/{name}/add")
async def add_list(
    request: Request, name: PathId, shopper: SignedIn, key: IdempotencyKey = None
) -> CartView:
    """Put everything of a list into the cart that can be had now."""
    application = parts_of(request)

    def change() -> CartView:
        run_tool(application, shopper, "use_list", {"action": "add", "name": name}, key)
        with application.shop.read() as work:
            return cart_view(work, shopper.cart_id)

    return await in_thread(change)


def _items(work: Work, cart_id: str, wanted: ListRequest) -> list[ListItem]:
    if wanted.items is None:
        return [ListItem(line.product_id, line.quantity) for line in work.carts.get(cart_id).lines]
    items = []
    for one in wanted.items:
        product = work.catalog.get(one.product)
        items.append(ListItem(product.id, parse_quantity(decimal_text(one.quantity), product)))
    return items


def _lists(work: Work, shopper_id: str) -> SavedLists:
    lists = work.lists.of_shopper(shopper_id)
    usual = work.lists.usual(shopper_id)
    if usual.items:
        lists.append(usual)
    return SavedLists(items=[_shown(work, one) for one in lists])


def _shown(work: Work, one: models.SavedList) -> SavedList:
    found = work.catalog.get_many([item.product_id for item in one.items], include_delisted=True)
    items = [
        ListedProduct(
            product=item.product_id,
            title=found[item.product_id].title,
            quantity=plain(item.quantity),
            sold=found[item.product_id].listed,
            in_stock=found[item.product_id].in_stock,
        )
        for item in one.items
        if item.product_id in found
    ]
    return SavedList(name=one.name, usual=one.id is None, items=items)
