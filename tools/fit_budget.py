"""fit_budget: the best cart within a limit, by swaps, smaller quantities and leaving out."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from knowledge.budgets.models import describe
from knowledge.catalog.models import Product
from knowledge.errors import InvalidInput
from knowledge.money import Money
from knowledge.optimise.fitting import cheapest, fit
from knowledge.optimise.line_choices import LineChoice, choices_for
from knowledge.optimise.line_prices import LinePrices, minor
from knowledge.orders.questions import ask_to_change
from knowledge.pricing.models import Quote, QuoteLine
from tools.argument_kinds import Reads
from tools.blocks import ChoicesBlock, ConfirmationBlock, NoticeBlock, Option
from tools.cart_changes import actor_of, line_of
from tools.cart_reading import cart_items
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.fit_views import Fitting, Limit, fitted_blocks, fitted_text, summary_of
from tools.household_needs import needs_of_line
from tools.marking import harmless, marked
from tools.quantity_argument import ProductReference, SomeMoney
from tools.suggesting import asked_for, wishes_of

_OFFERED = (Decimal("0.9"), Decimal("0.8"), Decimal("0.7"))
_LONGEST = 400


class FitBudget(Arguments):
    amount: Annotated[
        SomeMoney | None,
        Reads("money", also=("budget", "limit", "max", "total")),
        Field(description="40; left out: their budget"),
    ] = None
    keep: Annotated[
        list[ProductReference] | None,
        Field(max_length=40, description="What has to stay: #n, cN or ids"),
    ] = None


def fit_budget(context: ToolContext, arguments: FitBudget) -> ToolResult:
    """Make the whole cart fit an amount or the budget, giving up as little as possible.

    It asks for their yes.
    """
    cart = context.work.carts.get(context.cart_id)
    if not cart.lines:
        raise InvalidInput("The cart is empty, so there is nothing to fit.")
    quote = context.work.pricing.quote(cart)
    limit = _limit(context, arguments.amount, quote)
    if limit is None:
        return _ask_amount(quote)
    kept = {line_of(context, reference).id for reference in arguments.keep or ()}
    if quote.total <= limit.amount:
        left = limit.amount - quote.total
        room = f"{left.display()} below" if left.amount else "exactly"
        return _notice(f"It fits: the cart comes to {quote.total.display()}, {room} {limit.words}.")
    if limit.amount.amount <= 0:
        return _notice(f"Nothing fits: {limit.words} is used up.", level="warning")
    prices = LinePrices(
        context.work.pricing.promotions(cart), quote.currency, context.work.profile.tax
    )
    options, reasons = _options(context, quote, prices, kept)
    best = fit(options, limit.amount, prices)
    if best is None or not best.quote.lines:
        return _notice(_impossible(options, quote, limit, prices, kept), level="warning")
    return _fitted(context, Fitting(quote, best, limit, reasons))


def _limit(context: ToolContext, asked: Decimal | None, quote: Quote) -> Limit | None:
    if asked is not None:
        amount = Money(asked, quote.currency).rounded()
        return Limit(amount, amount.display())
    state = context.work.budgets.state(context.shopper_id, quote)
    if state is None:
        return None
    words = f"your budget of {describe(state.budget)}"
    if not state.spent.amount:
        return Limit(state.budget.amount, words)
    left = state.budget.amount - state.spent
    if left.amount <= 0:
        return Limit(left, words)
    return Limit(left, f"the {left.display()} left of {words}")


def _ask_amount(quote: Quote) -> ToolResult:
    total = quote.total
    question = (
        f"No budget is set, and the cart comes to {total.display()}. What may it cost at most?"
    )
    amounts = [(total * share).amount.to_integral_value() for share in _OFFERED]
    options = [
        Option(
            label=Money(amount, total.currency).display(),
            value=f"make the cart fit {Money(amount, total.currency).display()}",
        )
        for amount in dict.fromkeys(amounts)
        if 0 < amount < total.amount
    ]
    return ToolResult(question, (ChoicesBlock(question=question, options=options),))


def _notice(text: str, level: str = "info") -> ToolResult:
    block = NoticeBlock.model_validate({"level": level, "text": text})
    return ToolResult(marked(text, _LONGEST), (block,))


def _options(
    context: ToolContext, quote: Quote, prices: LinePrices, kept: set[str]
) -> tuple[list[tuple[LineChoice, ...]], dict[tuple[str, str], str]]:
    """The choices of every line; why each swap is cheaper, by line and product."""
    asked = asked_for(context, "similar", cart_items(quote))
    cart_price = float(minor(quote.total))
    reasons: dict[tuple[str, str], str] = {}
    options = []
    for line in quote.lines:
        swaps: list[Product] = []
        if line.line.id not in kept:
            wishes = wishes_of(context, needs_of_line(context, line.line))
            found = context.shop.recommender.swaps(
                replace(asked, wishes=wishes), "cheaper", line.product, line.line.quantity
            )
            swaps = [one.replacement for one in found]
            reasons |= {(line.line.id, one.replacement.id): one.reason for one in found}
        options.append(
            choices_for(
                line,
                swaps,
                price=float(minor(line.to_pay)),
                cart_price=cart_price,
                prices=prices,
                liked=asked.wishes.likes(line.product),
                kept=line.line.id in kept,
            )
        )
    return options, reasons


def _impossible(
    options: list[tuple[LineChoice, ...]],
    quote: Quote,
    limit: Limit,
    prices: LinePrices,
    kept: set[str],
) -> str:
    """Say why not, and the least it could come to."""
    if kept:
        least = cheapest(options, prices).total
        staying = [line for line in quote.lines if line.line.id in kept]
        over = (least - limit.amount).display()
        return (
            f"That cannot be done: {_names(staying)} alone {_verb(staying)} {least.display()}, "
            f"{over} more than {limit.words}."
        )
    singles = [
        (prices.quote([(replace(one.line, quantity=one.quantity), one.product)]).total, one)
        for group in options
        for one in group
        if one.quantity
    ]
    least, one = min(singles, key=lambda single: single[0].amount)
    return (
        f"Nothing in the cart can be had for {limit.words}: the cheapest, {one.product.title}, "
        f"comes to {least.display()}."
    )


def _names(lines: list[QuoteLine]) -> str:
    titles = [line.product.title for line in lines]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def _verb(lines: list[QuoteLine]) -> str:
    return "comes to" if len(lines) == 1 else "come to"


def _fitted(context: ToolContext, fitting: Fitting) -> ToolResult:
    plan, swaps = fitted_blocks(context, fitting)
    confirmation = ask_to_change(
        context.work,
        fitting.best.edits,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
        summary=harmless(summary_of(fitting), _LONGEST),
    )
    question = ConfirmationBlock(confirmation=confirmation_view(confirmation))
    text = fitted_text(fitting, plan, swaps, question.confirmation.text)
    return ToolResult(text, (plan, *([swaps] if swaps is not None else []), question))


TOOL = Tool(
    "fit_budget",
    FitBudget,
    fit_budget,
    changes=True,
    example={"amount": 40, "keep": ["c1"]},
)
