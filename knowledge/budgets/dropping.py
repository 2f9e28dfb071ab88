"""Which lines to drop so that a cart fits again: as few as possible (pure)."""

from collections.abc import Sequence
from itertools import combinations

from knowledge.money import Money
from knowledge.pricing.models import QuoteLine

_TRIED = 20_000


def lines_to_drop(lines: Sequence[QuoteLine], over: Money) -> list[QuoteLine]:
    """The fewest lines worth at least ``over``; of those sets the one that takes out least."""
    if over.amount <= 0:
        return []
    dear = sorted(lines, key=lambda line: (-line.to_pay.amount, line.line.number))
    count, saved = 0, Money.zero(over.currency)
    while saved < over and count < len(dear):
        saved += dear[count].to_pay
        count += 1
    if saved < over:
        return dear
    best = dear[:count]
    for tried, choice in enumerate(combinations(dear, count)):
        if tried >= _TRIED:
            break  # the dearest lines are an answer, too
        worth = Money.total((line.to_pay for line in choice), over.currency)
        if over <= worth < saved:
            best, saved = list(choice), worth
    return sorted(best, key=lambda line: line.line.number)
