"""Fits a cart under a limit so that the shopper loses least, proven by an integer program (pure).

One choice of each line is taken (``knowledge.optimise.choosing``), in each range of carts that
promotions tell apart; no product takes the place of two lines. The total is then quoted as it will
be paid. Where that is over the limit, which rounded taxes alone can cause, the limit is lowered by
as much and the search repeated; if that found less than the first search promised, the plan is
not called proven.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.carts.edits import Edit
from knowledge.carts.models import CartLine
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.optimise.choosing import Choice, Rule, choose
from knowledge.optimise.line_choices import LineChoice
from knowledge.optimise.line_prices import LinePrices, Range
from knowledge.pricing.models import Quote

_ROUNDS = 8
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Fit:
    """A choice for every line and what the cart comes to. ``loss`` in minor units.

    ``proven``: nothing else among the choices fits and costs the shopper less.
    """

    choices: tuple[LineChoice, ...]
    quote: Quote
    loss: float
    proven: bool = True

    @property
    def edits(self) -> list[Edit]:
        return [edit for one in self.choices if (edit := one.edit()) is not None]

    def those(self, *what: str) -> list[LineChoice]:
        return [one for one in self.choices if one.what in what]


def fit(options: Sequence[Sequence[LineChoice]], limit: Money, prices: LinePrices) -> Fit | None:
    """One choice of each line within the limit; None when even the cheapest are over it."""
    found: Fit | None = None
    promised = float("inf")
    for within in prices.ranges():
        first, best = _best_within(within, options, limit, prices)
        promised = min(promised, first)
        if best is not None and (found is None or best.loss < found.loss):
            found = best
    if found is None:
        return None
    return replace(found, proven=found.loss <= promised + _SAME)


def cheapest(options: Sequence[Sequence[LineChoice]], prices: LinePrices) -> Quote:
    """The least a cart of these choices can come to."""
    quotes = []
    for within in prices.ranges():
        picks = [min(group, key=lambda one: _cost(one, prices, within)) for group in options]
        quotes.append(_quote(picks, prices))
    return min(quotes, key=lambda quote: quote.total.amount)


def _best_within(
    within: Range, options: Sequence[Sequence[LineChoice]], limit: Money, prices: LinePrices
) -> tuple[float, Fit | None]:
    """The loss that the first search promises, and what came of it within the limit."""
    groups = [[Choice(_cost(one, prices, within), -one.loss) for one in group] for group in options]
    rules = [*_once_each(options), *_in_range(options, prices, within)]
    room = prices.limit(limit, [one.product for group in options for one in group])
    promised = float("inf")
    for _ in range(_ROUNDS):
        chosen = choose(groups, room, rules)
        if chosen is None:
            break
        picks = [group[pick] for group, pick in zip(options, chosen.picks, strict=True)]
        loss = sum(one.loss for one in picks)
        promised = min(promised, loss)
        quote = _quote(picks, prices)
        if quote.total <= limit:
            return promised, Fit(tuple(picks), quote, loss)
        room = min(room, chosen.cost) - prices.over(quote.total - limit)
    return promised, None


def _cost(one: LineChoice, prices: LinePrices, within: Range) -> int:
    return prices.cost(one.product, one.quantity, within)


def _quote(picks: Sequence[LineChoice], prices: LinePrices) -> Quote:
    return prices.quote(_lines(picks))


def _lines(picks: Sequence[LineChoice]) -> Iterator[tuple[CartLine, Product]]:
    for one in picks:
        if one.quantity:
            line = replace(one.line, product_id=one.product.id, quantity=one.quantity)
            yield line, one.product


def _once_each(options: Sequence[Sequence[LineChoice]]) -> list[Rule]:
    places: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
    for number, group in enumerate(options):
        for index, one in enumerate(group):
            if one.what == "swapped":
                places[one.product.id][number, index] = 1
    return [Rule(shared, most=1) for shared in places.values() if len(shared) > 1]


def _in_range(
    options: Sequence[Sequence[LineChoice]], prices: LinePrices, within: Range
) -> list[Rule]:
    if within.least is None and within.below is None:
        return []
    items = {
        (number, index): prices.items(one.product, one.quantity)
        for number, group in enumerate(options)
        for index, one in enumerate(group)
    }
    most = None if within.below is None else within.below - 1
    return [Rule(items, least=within.least, most=most)]
