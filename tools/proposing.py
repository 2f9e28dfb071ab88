"""Turns chosen products into a numbered plan and the one question whose yes puts them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.carts.edits import Add
from knowledge.carts.models import Cart, CartLine
from knowledge.carts.quantities import most_more, plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.orders.questions import ask_to_change
from knowledge.recipes.baskets import Basket, Option, Slot, fill
from tools.blocks import ConfirmationBlock, PlanBlock, ProductCard
from tools.cart_changes import actor_of
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.household_needs import needs_of
from tools.marking import harmless, marked
from tools.product_views import card, offer_words

_TRIES = 4
_MANY = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be bought. ``cost`` is what the cart would grow by, promotions and all."""

    slots: tuple[Slot, ...]
    basket: Basket
    edits: tuple[Add, ...]
    cost: Money

    @property
    def bought(self) -> list[tuple[Slot, Option]]:
        pairs = zip(self.slots, self.basket.picks, strict=True)
        return [(slot, pick) for slot, pick in pairs if pick is not None]

    @property
    def saved_on(self) -> list[Slot]:
        """Optional things left out for the sake of the budget."""
        pairs = zip(self.slots, self.basket.picks, strict=True)
        return [slot for slot, pick in pairs if pick is None and slot.options]


class Pricer:
    """What a quantity of a product costs by itself, at today's price and promotions."""

    def __init__(self, context: ToolContext) -> None:
        self._pricing = context.work.pricing
        self._now = context.now

    def __call__(self, product: Product, quantity: Decimal) -> Money:
        line = CartLine(1, product.id, quantity, self._now)
        cart = Cart("", 0, (line,))
        return self._pricing.quote(cart, products={product.id: product}).total


def held_in_cart(context: ToolContext) -> dict[str, Decimal]:
    cart = context.work.carts.get(context.cart_id)
    return {line.product_id: line.quantity for line in cart.lines}


def spending_limit(context: ToolContext, budget: Decimal | None) -> Money | None:
    """The budget asked for, and what the shopper's own budgets leave if that is less."""
    currency = context.shop.profile.currency
    limits = [] if budget is None else [Money(budget, currency)]
    quote = context.work.pricing.quote(context.work.carts.get(context.cart_id))
    state = context.work.budgets.state(context.shopper_id, quote)
    if state is not None and state.left.amount > 0:
        limits.append(state.left)
    return min(limits) if limits else None


def propose(
    context: ToolContext,
    slots: Sequence[Slot],
    limit: Money | None,
    *,
    for_: list[str] | None = None,
) -> Proposal:
    """The best basket whose real total keeps to the limit; the cheapest when none does.

    The lines remember whom they are ``for_``.
    """
    names = needs_of(context, for_).names
    held = held_in_cart(context)
    room = limit
    for _ in range(_TRIES):
        basket = fill(slots, room)
        edits = _edits(basket, names, held)
        cost = _growth(context, edits)
        if limit is None or not basket.within or cost <= limit or room is None:
            break
        # Taxes or fees came on top of what the products cost by themselves.
        room = room - (cost - limit)
    if limit is not None and cost > limit:
        basket = Basket(basket.picks, within=False)
    return Proposal(tuple(slots), basket, edits, cost)


def _edits(basket: Basket, names: tuple[str, ...], held: Mapping[str, Decimal]) -> tuple[Add, ...]:
    """One per product; several lines that want the same get what there is of it."""
    wanted: dict[str, tuple[Product, Decimal]] = {}
    for pick in basket.picks:
        if pick is not None:
            before = wanted.get(pick.product.id, (pick.product, Decimal(0)))[1]
            wanted[pick.product.id] = (pick.product, before + pick.quantity)
    edits = []
    for product, quantity in wanted.values():
        there = held.get(product.id, Decimal(0))
        most = most_more(product, quantity, there)
        edits.append(Add(product_id=product.id, quantity=most, for_members=names))
    return tuple(edits)


def _growth(context: ToolContext, edits: Sequence[Add]) -> Money:
    work = context.work
    before = work.pricing.quote(work.carts.get(context.cart_id)).total
    if not edits:
        return Money.zero(before.currency)
    after = work.carts.preview(context.cart_id, edits, actor=actor_of(context))
    return after.quote.total - before


def plan_block(
    context: ToolContext,
    proposal: Proposal,
    *,
    title: str,
    missing: Sequence[str],
    note: str,
) -> PlanBlock:
    """Numbers the products, too: ``#n`` means them from here on."""
    quantities = {edit.product_id: edit.quantity for edit in proposal.edits}
    products: dict[str, tuple[Product, list[str]]] = {}
    for slot, pick in proposal.bought:
        entry = products.setdefault(pick.product.id, (pick.product, []))
        if slot.purpose not in entry[1]:
            entry[1].append(slot.purpose)
    numbers = context.shown.show([(one.id, one.title) for one, _ in products.values()], kind="plan")
    offers = context.work.pricing.offers()
    cards = [
        card(product, position, reason="; ".join(filter(None, whys)) or None, offers=offers)
        for position, (product, whys) in zip(numbers, products.values(), strict=True)
    ]
    return PlanBlock(
        title=title,
        products=cards,
        quantities=[plain(quantities[one.id]) for one in cards],
        missing=list(missing),
        total=str(proposal.cost),
        currency=proposal.cost.currency,
        note=note or None,
    )


def confirm(context: ToolContext, proposal: Proposal, summary: str) -> ConfirmationBlock:
    """Ask for the yes that adds everything. Raises ``BudgetExceeded`` where the rule refuses."""
    confirmation = ask_to_change(
        context.work,
        proposal.edits,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
        summary=harmless(summary),
    )
    return ConfirmationBlock(confirmation=confirmation_view(confirmation))


def plan_lines(block: PlanBlock, proposal: Proposal) -> list[str]:
    """One line a product for the model; few words each when there are many."""
    products = {pick.product.id: pick.product for _, pick in proposal.bought}
    wordy = len(block.products) <= _MANY
    return [
        _line(one, products[one.id], Decimal(quantity), wordy=wordy)
        for one, quantity in zip(block.products, block.quantities, strict=True)
    ]


def _line(shown: ProductCard, product: Product, quantity: Decimal, *, wordy: bool) -> str:
    times = " x " if product.sell_by == "each" else " "
    why = f", {marked(shown.reason)}" if wordy and shown.reason else ""
    why += f", {offer_words(shown)}" if wordy and shown.promotion else ""
    title = shown.title
    price = product.price.display()
    amount = quantity_text(quantity, product)
    said = marked(f"{amount}{times}{title}", 80 if wordy else 40)
    return f"#{shown.position} [{shown.id}] {said} at {price}{why}"


def closest_notes(proposal: Proposal) -> list[str]:
    """Say what is not quite what was asked for."""
    return [
        f"{pick.product.title} is the closest to {' and '.join(slot.names)}."
        for slot, pick in proposal.bought
        if not pick.exact
    ]


def stock_notes(proposal: Proposal) -> list[str]:
    """Say what lines that want the same product cannot have all of."""
    wanted: dict[str, Decimal] = {}
    for _, pick in proposal.bought:
        wanted[pick.product.id] = wanted.get(pick.product.id, Decimal(0)) + pick.quantity
    products = {pick.product.id: pick.product for _, pick in proposal.bought}
    return [
        f"Only {quantity_text(edit.quantity, products[edit.product_id])} of "
        f"{products[edit.product_id].title} can be had."
        for edit in proposal.edits
        if edit.quantity < wanted[edit.product_id]
    ]


def budget_note(proposal: Proposal, limit: Money | None, asked: Decimal | None) -> list[str]:
    """How the plan stands to the limit; ``asked`` is the budget named for it, if one was."""
    if limit is None:
        return []
    said = "the budget of" if asked is not None and limit.amount == asked else "what is left:"
    if proposal.basket.within:
        left_out = [name for slot in proposal.saved_on for name in slot.names]
        saved = f"To keep to it, left out: {', '.join(left_out)}." if left_out else ""
        few = len(proposal.saved_on) > len(proposal.bought)
        little = (
            f"That leaves {len(proposal.bought)} of {len(proposal.slots)} things." if few else ""
        )
        less = [name for slot, pick in proposal.bought if pick.less for name in slot.names]
        fewer = f"A pack less of: {', '.join(less)}." if less else ""
        keeps = f"{proposal.cost.display()} keeps to {said} {limit.display()}."
        return [part for part in (keeps, fewer, saved, little) if part]
    over = (proposal.cost - limit).display()
    least = proposal.cost.display()
    return [f"Not to be had for {limit.display()}: the cheapest comes to {least}, {over} more."]
