"""What a fitted cart is shown as: the plan, its swaps and cuts, and what it saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.carts.quantities import plain, quantity_text
from knowledge.money import Money
from knowledge.optimise.fitting import Fit
from knowledge.optimise.line_choices import LineChoice
from knowledge.orders.wording import fitting as fitting_texts
from knowledge.pricing.models import Quote
from knowledge.pricing.promotions import Promotion
from tools.blocks import LineChange, PlanBlock, ProductCard, Swap, SwapsBlock
from tools.context import ToolContext
from tools.marking import harmless, marked
from tools.product_views import card

_SHORT = 36
_ROOM = 150
_LONGEST = 400
_TITLE = 60
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """``words`` say where it comes from: "your budget of $40.00 for this week"."""

    amount: Money
    words: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """``reasons`` why a swap is cheaper, by line and product."""

    before: Quote
    best: Fit
    limit: Limit
    reasons: Mapping[tuple[str, str], str]

    @property
    def saved(self) -> Money:
        return self.before.total - self.best.quote.total

    def difference(self, choice: LineChoice) -> Money:
        """What the line costs then, less what it costs now."""
        return _paid(self.best.quote, choice.line.id) - _paid(self.before, choice.line.id)


def _paid(quote: Quote, line: str) -> Money:
    lines = (one.to_pay for one in quote.lines if one.line.id == line)
    return Money.total(lines, quote.currency)


def fitted_blocks(context: ToolContext, fitting: Fitting) -> tuple[PlanBlock, SwapsBlock | None]:
    """Numbers the swaps first and then what stays as it is, so that ``#n`` means either."""
    swapped = fitting.best.those("swapped")
    rest = fitting.best.those("kept", "reduced")
    numbers = context.shown.show(
        [(one.product.id, one.product.title) for one in swapped],
        kind="swap",
        replaces=[one.line.id for one in swapped],
    )
    numbers += context.shown.show(
        [(one.product.id, one.product.title) for one in rest], kind="plan"
    )
    offers = context.work.pricing.offers()
    cards = [
        card(one.product, position, reason=_why(one, fitting), offers=offers)
        for one, position in zip([*swapped, *rest], numbers, strict=True)
    ]
    plan = PlanBlock(
        title=f"Your cart within {fitting.limit.amount.display()}",
        products=cards,
        quantities=[plain(one.quantity) for one in (*swapped, *rest)],
        cuts=[_cut(one) for one in fitting.best.those("reduced", "dropped")],
        total=str(fitting.best.quote.total),
        currency=fitting.best.quote.currency,
        note=_note(fitting),
    )
    return plan, _swaps(fitting, swapped, cards, offers) if swapped else None


def _swaps(
    fitting: Fitting,
    swapped: list[LineChoice],
    cards: list[ProductCard],
    offers: Sequence[Promotion],
) -> SwapsBlock:
    differences = [fitting.difference(one) for one in swapped]
    together = Money.total(differences, fitting.before.currency)
    views = [
        Swap(
            line=one.line.id,
            quantity=plain(one.quantity),
            instead_of=card(one.original, offers=offers),
            to=shown,
            price_difference=str(difference),
            reason=_swap_reason(one, fitting),
        )
        for one, shown, difference in zip(swapped, cards, differences, strict=False)
    ]
    return SwapsBlock(goal="cheaper", swaps=views, price_difference=str(together))


def _swap_reason(one: LineChoice, fitting: Fitting) -> str:
    said = [fitting.reasons[one.line.id, one.product.id]]
    if one.quantity != one.line.quantity:
        amount = quantity_text(one.quantity, one.product)
        said.append(f"{amount} instead of {quantity_text(one.line.quantity, one.original)}")
    difference = round((one.share - 1) * _PERCENT)
    if difference:
        said.append(f"{abs(difference)} % {'more' if difference > 0 else 'less'} in all")
    return ", ".join(said)


def _why(one: LineChoice, fitting: Fitting) -> str | None:
    if one.what == "swapped":
        return f"instead of {one.original.title}; {_swap_reason(one, fitting)}"
    return _less(one) if one.what == "reduced" else None


def _less(one: LineChoice) -> str:
    now = quantity_text(one.quantity, one.product)
    return f"{now} instead of {quantity_text(one.line.quantity, one.product)}"


def _cut(one: LineChoice) -> LineChange:
    dropped = one.what == "dropped"
    return LineChange(
        kind="removed" if dropped else "changed",
        line=one.line.id,
        product=one.product.id,
        title=one.product.title,
        before=plain(one.line.quantity),
        quantity=None if dropped else plain(one.quantity),
    )


def _note(fitting: Fitting) -> str:
    was, total = fitting.before.total.display(), fitting.best.quote.total.display()
    words = fitting.limit.words
    proof = (
        "No other swaps, amounts or lines left out give up less."
        if fitting.best.proven
        else "There may be a way that gives up slightly less."
    )
    return (
        f"{total} instead of {was} keeps to {words}: saves {fitting.saved.display()} "
        f"with {_counted(fitting.best)}. {proof}"
    )


def _counted(best: Fit) -> str:
    """How many lines change and how: "2 swaps, 1 smaller amount and 3 left out"."""
    counts = [
        (len(best.those("swapped")), "swap", "swaps"),
        (len(best.those("reduced")), "smaller amount", "smaller amounts"),
        (len(best.those("dropped")), "left out", "left out"),
    ]
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def summary_of(fitting: Fitting) -> str:
    """What the yes does, the losses first, since a text message may not hold all of it."""
    best = fitting.best
    parts = [f"without {_short(one.original.title)}" for one in best.those("dropped")]
    parts += [f"{_less(one)} {_short(one.product.title)}" for one in best.those("reduced")]
    parts += [
        f"{_short(one.product.title)} for {_short(one.original.title)}"
        for one in best.those("swapped")
    ]
    return f"To keep to {fitting.limit.amount.display()}, {fitting_texts(parts, _ROOM)}"


def _short(title: str) -> str:
    return harmless(title, _SHORT)


def fitted_text(fitting: Fitting, plan: PlanBlock, swaps: SwapsBlock | None, question: str) -> str:
    """For the model: each change on a line, then what stays in short."""
    lines = [
        "Nothing is changed yet; the shopper has to say yes.",
        marked(plan.note or "", _LONGEST),
        *(_swap_line(one, fitting) for one in (swaps.swaps if swaps else ())),
        *(_cut_line(one, fitting) for one in fitting.best.those("reduced", "dropped")),
    ]
    staying = [one.line.id for one in fitting.best.those("kept")]
    return "\n".join(
        [*lines, f"As it was: {', '.join(staying) or 'nothing'}.", marked(question, 2 * _LONGEST)]
    )


def _swap_line(one: Swap, fitting: Fitting) -> str:
    new, old = marked(one.to.title, _TITLE), marked(one.instead_of.title, _TITLE)
    saved = Money(-Decimal(one.price_difference), fitting.before.currency).display()
    return (
        f"Swap {one.line}: #{one.to.position} [{one.to.id}] {new} for {old}, "
        f"saves {saved}; {marked(one.reason or '')}."
    )


def _cut_line(one: LineChoice, fitting: Fitting) -> str:
    saved, title = (-fitting.difference(one)).display(), marked(one.original.title, _TITLE)
    if one.what == "dropped":
        return f"Left out, {one.line.id}: {title}, saves {saved}."
    return f"Less, {one.line.id}: {_less(one)} {title}, saves {saved}."
