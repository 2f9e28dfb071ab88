"""use_list: saved lists of products, and what the shopper usually buys."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from knowledge.carts.edits import Add
from knowledge.carts.models import Cart, CartLine
from knowledge.carts.quantities import parse_quantity, plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import InvalidInput, NotFound
from knowledge.lists.models import USUAL, ListItem, SavedList, is_usual
from tools.argument_kinds import Reads
from tools.blocks import Block, ChoicesBlock, NoticeBlock, Option, PlanBlock
from tools.cart_changes import product_of
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.list_into_cart import put_into_cart
from tools.marking import TITLE_LENGTH, harmless, marked
from tools.product_views import card, model_line
from tools.quantity_argument import ProductReference, Quantity

_MOST_SHOWN = 40
_MANY, _SHORT_TITLE = 12, 28


class ListedItem(Arguments):
    product: ProductReference
    quantity: Quantity = "1"


class UseList(Arguments):
    action: Annotated[
        Literal["show", "save", "add", "remove", "delete"],
        Field(
            description="show: without name all lists; save: without items the cart; add: to cart"
        ),
    ]
    name: Annotated[
        str | None,
        Reads("whole", also=("list", "list_name")),
        Field(min_length=1, max_length=60, description="weekly; usual is made from past orders"),
    ] = None
    items: Annotated[list[ListedItem] | None, Field(min_length=1, max_length=200)] = None

    @model_validator(mode="after")
    def _fits_the_action(self) -> Self:
        message = ""
        if self.items is not None and self.action in {"show", "add", "delete"}:
            message = f"{self.action} takes no items; save puts items on the list"
        elif self.items is None and self.action == "remove":
            message = "say which items to take off; delete deletes the whole list"
        elif self.name is None and self.action in {"save", "delete"}:
            message = "say the name of the list"
        if message:
            raise ValueError(message)
        return self


def use_list(context: ToolContext, arguments: UseList) -> ToolResult:
    """Keep lists of products and put them into the cart at once: my weekly list, my usual.

    Tell what was sold out or is no longer sold.
    """
    match arguments.action:
        case "show":
            return _show(context, arguments.name)
        case "add":
            return _add(context, _chosen(context, arguments.name))
        case "save":
            return _save(context, arguments.name or "", arguments.items)
        case "remove":
            kept = _chosen(context, arguments.name)
            products = [_listed(context, item.product, kept) for item in arguments.items or ()]
            left = context.work.lists.remove(
                context.shopper_id, kept.name, products, channel=context.channel
            )
            return _list_shown(context, left, f"Taken off {marked(left.name)}.")
        case "delete":
            name = arguments.name or ""
            context.work.lists.delete(context.shopper_id, name, channel=context.channel)
            text = f"The list {harmless(name)} is deleted; undo brings it back."
            return ToolResult(marked(text), (NoticeBlock(text=text),))


def _chosen(context: ToolContext, name: str | None) -> SavedList:
    """The list of a name; without one the only list there is, or what they usually buy."""
    if name is not None:
        return context.work.lists.get(context.shopper_id, name)
    lists = context.work.lists.of_shopper(context.shopper_id)
    if len(lists) > 1:
        known = ", ".join(one.name for one in lists)
        raise InvalidInput(f"Say which list: {known}, or {USUAL}.")
    return lists[0] if lists else context.work.lists.usual(context.shopper_id)


def _show(context: ToolContext, name: str | None) -> ToolResult:
    if name is not None:
        return _list_shown(context, context.work.lists.get(context.shopper_id, name))
    lists = context.work.lists.of_shopper(context.shopper_id)
    usual = context.work.lists.usual(context.shopper_id)
    if usual.items:
        lists.append(usual)
    if not lists:
        text = "No list is saved yet. Saving one keeps what is in the cart under a name."
        return ToolResult(marked(text), (NoticeBlock(text=text),))
    options = [
        Option(label=f"{one.name} ({_count(one)})", value=f"show my {one.name} list")
        for one in lists
    ]
    said = ", ".join(f"{marked(one.name)} ({_count(one)})" for one in lists)
    block = ChoicesBlock(question="Your lists", options=options)
    return ToolResult(f"Lists: {said}.", (block,))


def _count(one: SavedList) -> str:
    return "1 product" if len(one.items) == 1 else f"{len(one.items)} products"


def _save(context: ToolContext, name: str, items: Sequence[ListedItem] | None) -> ToolResult:
    lists = context.work.lists
    if items is not None:
        wanted = [_item(context, item) for item in items]
        kept = lists.add(context.shopper_id, name, wanted, channel=context.channel)
        return _list_shown(context, kept, f"Saved on {marked(kept.name)}.")
    lines = context.work.carts.get(context.cart_id).lines
    if not lines:
        raise InvalidInput("The cart is empty; there is nothing to save. Say what goes on it.")
    in_cart = [ListItem(line.product_id, line.quantity) for line in lines]
    kept = lists.save(context.shopper_id, name, in_cart, channel=context.channel)
    return _list_shown(context, kept, f"The cart is saved as {marked(kept.name)}.")


def _item(context: ToolContext, item: ListedItem) -> ListItem:
    product = product_of(context, item.product)
    return ListItem(product.id, parse_quantity(item.quantity, product))


def _listed(context: ToolContext, reference: str, kept: SavedList) -> str:
    """What is taken off may be sold no longer."""
    text = reference.strip()
    if any(one.product_id == text for one in kept.items):
        return text
    return context.product_id(text)


def _add(context: ToolContext, kept: SavedList) -> ToolResult:
    if not kept.items:
        if is_usual(kept.name):
            raise NotFound(
                "There is no usual yet: it is what was bought in at least two orders. "
                "A list can be saved from the cart."
            )
        raise NotFound(f"The list {kept.name} is empty.")
    wanted = [Add(product_id=one.product_id, quantity=one.quantity) for one in kept.items]
    return put_into_cart(context, wanted, source=f"the list {kept.name}")


def _list_shown(context: ToolContext, kept: SavedList, said: str = "") -> ToolResult:
    found = context.work.catalog.get_many(
        [one.product_id for one in kept.items], include_delisted=True
    )
    items = [one for one in kept.items if _sold(found, one)]
    gone = [found[one.product_id].title for one in kept.items if not _sold(found, one)]
    products = [found[one.product_id] for one in items]
    named = [(product.id, product.title) for product in products]
    numbers = context.shown.show(named, kind="list") if named else []
    offers = context.work.pricing.offers()
    cards = [
        card(product, place, offers=offers)
        for product, place in zip(products, numbers, strict=True)
    ]
    quote = context.work.pricing.quote(_as_cart(context, items), products=found)
    title = "What you usually buy" if is_usual(kept.name) else kept.name
    plan = PlanBlock(
        title=title,
        products=cards,
        quantities=[plain(one.quantity) for one in items],
        missing=gone,
        total=str(quote.total),
        currency=quote.currency,
        note="Nothing is in the cart yet." if items and not said else None,
    )
    many = len(items) > _MANY
    room = _SHORT_TITLE if many else TITLE_LENGTH
    lines = [
        f"{marked(quantity_text(one.quantity, found[one.product_id]), 24)} x "
        f"{model_line(shown, room, brief=many)}"
        for one, shown in zip(items[:_MOST_SHOWN], cards, strict=False)
    ]
    more = [f"and {len(items) - _MOST_SHOWN} more"] if len(items) > _MOST_SHOWN else []
    missing = [f"No longer sold: {marked(', '.join(gone), 300)}."] if gone else []
    end = [f"Together {quote.total.display()} now."] if items else ["Nothing is on it."]
    head = [said] if said else []
    text = "\n".join([*head, f"{marked(title)}:", *end, *missing, *lines, *more])
    blocks: tuple[Block, ...] = (plan,)
    return ToolResult(text, blocks)


def _sold(found: Mapping[str, Product], item: ListItem) -> bool:
    product = found.get(item.product_id)
    return product is not None and product.listed


def _as_cart(context: ToolContext, items: Sequence[ListItem]) -> Cart:
    """What it would cost in a cart of its own."""
    lines = tuple(
        CartLine(number, one.product_id, one.quantity, context.now)
        for number, one in enumerate(items, start=1)
    )
    return Cart(id="", version=0, lines=lines)


TOOL = Tool(
    "use_list",
    UseList,
    use_list,
    changes=True,
    example={"action": "add", "name": "weekly"},
)
