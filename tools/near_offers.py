"""Says which offer one more piece would complete: a fact worth knowing, said once, not pressed."""

from collections.abc import Sequence

from knowledge.carts.carts import CartChange
from knowledge.pricing.deals import one_more
from knowledge.pricing.promotions import Promotion

_MOST = 2
_GROWING = ("added", "changed", "swapped")


def near_offers(change: CartChange, promotions: Sequence[Promotion]) -> list[str]:
    """Only of lines that have just grown, and only until an offer is reached the first time."""
    grown = {
        one.line
        for one in change.changes
        if one.kind in _GROWING and one.quantity is not None and one.quantity > (one.before or 0)
    }
    said = []
    for line in change.quote.lines:
        if line.line.id not in grown:
            continue
        deal = one_more(line.product, line.line.quantity, change.quote.items, promotions)
        if deal is not None:
            said.append(f"One more {line.product.title} makes it {deal.text}.")
    return said[:_MOST]
