"""Makes changes to the cart for tools and says what came of them, the same way for all."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate

from knowledge.budgets.models import BudgetConsentRequired, BudgetState, describe
from knowledge.carts.carts import CartChange
from knowledge.carts.edits import Edit
from knowledge.carts.models import Actor, CartLine
from knowledge.carts.planning import describe_change
from knowledge.carts.quantities import plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import NotFound
from knowledge.orders.questions import ask_over_budget
from knowledge.pricing.models import Quote, QuoteLine
from tools.blocks import CartBlock, ConfirmationBlock, LineChange
from tools.commerce_views import budget_state_view, confirmation_view, quoted_cart_view
from tools.context import ToolContext
from tools.definition import ToolResult
from tools.marking import TITLE_LENGTH, harmless, marked
from tools.near_offers import near_offers

_LONGEST = 400
_ALL = 3000


def actor_of(context: ToolContext) -> Actor:
    return Actor(context.shopper_id, context.channel)


def line_of(context: ToolContext, reference: str) -> CartLine:
    """The cart line meant by ``cN``, ``#n`` or a product id. Raises ``NotFound``."""
    cart = context.work.carts.get(context.cart_id)
    for line in cart.lines:
        if reference.strip() in {line.id, line.product_id}:
            return line
    titled = [line for line in cart.lines if line.id == reference.strip().lower()]
    if len(titled) == 1:
        return titled[0]
    product_id = context.product_id(reference)
    found = cart.holding(product_id)
    if found is None:
        title = context.work.catalog.get(product_id).title
        raise NotFound(f"{title} is not in the cart.")
    return found


def product_of(context: ToolContext, reference: str) -> Product:
    """The product meant by an id, ``#n`` or ``cN``. Raises ``NotFound``."""
    return context.work.catalog.get(context.product_id(reference))


def change_cart(
    context: ToolContext,
    edits: Sequence[Edit],
    *,
    warnings: Sequence[str] = (),
    said: Sequence[str] = (),
) -> ToolResult:
    """Apply edits and report; what a budget wants asked becomes a confirmation instead.

    ``said`` goes to the model only, ``warnings`` to both.
    """
    try:
        change = context.work.carts.apply(
            context.cart_id, edits, actor=actor_of(context), consent=context.consent
        )
    except BudgetConsentRequired as required:
        return ask_first(context, required, warnings)
    hints = near_offers(change, context.work.pricing.promotions(change.cart))
    return report_change(change, warnings=warnings, said=said, hints=hints)


def ask_first(
    context: ToolContext, required: BudgetConsentRequired, warnings: Sequence[str] = ()
) -> ToolResult:
    confirmation = ask_over_budget(
        context.work,
        required,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
    )
    view = confirmation_view(confirmation)
    return ToolResult(
        f"Nothing was changed yet; the shopper has to say yes. {sentences([*warnings, view.text])}",
        (ConfirmationBlock(confirmation=view),),
    )


def report_change(
    change: CartChange,
    *,
    warnings: Sequence[str] = (),
    said: Sequence[str] = (),
    hints: Sequence[str] = (),
) -> ToolResult:
    done = [
        f"{_first_upper(describe_change(one, change.products))} ({one.line})."
        for one in change.changes
    ] or ["The cart is as it was."]
    text = [
        " ".join([summary(change.quote), *budget_text(change.budget)]),
        *([sentences(warnings)] if warnings else []),
        sentences([*done, *hints]),
        *([sentences(said)] if said else []),
    ]
    block = CartBlock(
        cart=quoted_cart_view(change.cart, change.quote),
        budget=None if change.budget is None else budget_state_view(change.budget),
        changes=_change_views(change),
        warnings=list(warnings),
        hints=list(hints),
    )
    return ToolResult("\n".join(text), (block,))


def _change_views(change: CartChange) -> list[LineChange]:
    return [
        LineChange(
            kind=one.kind,
            line=one.line,
            product=one.product_id,
            title=change.products[one.product_id].title,
            before=_plain(one.before),
            quantity=_plain(one.quantity),
            replaced=change.products[one.replaced].title if one.replaced else None,
            substitution=one.substitution,
        )
        for one in change.changes
    ]


def _plain(quantity: Decimal | None) -> str | None:
    return None if quantity is None else plain(quantity)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def summary(quote: Quote) -> str:
    """Say how many lines the cart has and what they cost together."""
    if not quote.lines:
        return "The cart is empty."
    count = len(quote.lines)
    discount = -quote.amount("discount")
    saved = f" after {discount.display()} off" if discount.amount else ""
    noun = "line" if count == 1 else "lines"
    return f"The cart has {count} {noun}, total {quote.total.display()}{saved}."


def sentences(parts: Iterable[str]) -> str:
    """For the model: sentences that name products are data as a whole."""
    said = [harmless(part, _LONGEST) for part in parts]
    kept = [one for one, end in zip(said, accumulate(map(len, said)), strict=True) if end <= _ALL]
    left = len(said) - len(kept)
    return marked(" ".join(kept), 2 * _ALL) + (f" [{left} more like these]" if left else "")


def budget_text(state: BudgetState | None) -> Iterable[str]:
    if state is None:
        return
    spent = f", {state.spent.display()} spent before" if state.spent.amount else ""
    if state.state == "over":
        yield f"OVER the budget of {describe(state.budget)} by {state.over.display()}{spent}."
    else:
        close = "Close to the limit: " if state.state == "close" else ""
        yield f"{close}{state.left.display()} left of {describe(state.budget)}{spent}."


def line_said(line: QuoteLine, room: int = TITLE_LENGTH) -> str:
    """One cart line for the model: "c1 [P003] «2 x Oat Drink 1 l» at $2.19 = $4.38"."""
    amount = quantity_text(line.line.quantity, line.product)
    times = " x " if line.product.sell_by == "each" else " "
    said = (
        f"{line.line.id} [{line.product.id}] "
        f"{marked(f'{amount}{times}{line.product.title}', room)} "
        f"at {line.unit_price.display()} = {line.total.display()}"
    )
    if line.line.for_members:
        said += f", for {marked(', '.join(line.line.for_members), 60)}"
    if line.line.substitution != "ask":
        said += f", substitution {line.line.substitution}"
    return said


def stock_warnings(lines: Iterable[QuoteLine]) -> list[str]:
    """Lines the shop could not fill if the order were placed now."""
    found = []
    for line in lines:
        product, wanted = line.product, line.line.quantity
        if not product.listed:
            found.append(f"{product.title} is no longer sold.")
        elif product.stock is not None and product.stock <= 0:
            found.append(f"{product.title} is sold out.")
        elif product.stock is not None and product.stock < wanted:
            left = quantity_text(product.stock, product)
            found.append(f"Only {left} of {product.title} left, the cart has more.")
    return found
