"""What a shopper loses by each change to a line, in the money they meant to pay for it (pure).

The yardstick is the price of the line as it stands: a shopper who puts something into the cart
says that it is worth that to them, so losing all of an everyday thing costs its price. The rest
is judgement, in the order shoppers themselves keep: they change brands before they buy less, and
buy less before they go without. No study gives these numbers for a single cart; elasticities
(Andreyeva, Long and Brownell, American Journal of Public Health 100, 2010: eggs 0.27, soft drinks
0.79) say only that treats are given up more easily than staples. What they are meant to do is
held by tests, so that they can be changed without surprise:

- Going without costs 2 times the price of an essential, once that of an everyday thing, half of a
  treat. A treat is thus dropped before anything else, and an essential only when little is left.
- Less of it costs ``1 - share ** 0.5`` of that: the second half is worth less than the first,
  so halving costs 29 % of going without, and rather two lines get less than one nearly nothing.
- A swap costs 4 % of the price for the trouble, 60 % of what the two are not alike (0.7 to 1.0 by
  name, kind and shelf), 25 % for each quality lost that the name tells (organic, free range, whole
  wheat; at most 50 %), 5 % for each lost label (at most 15 %), 3 % for each star of rating lost,
  20 % if it takes away a brand the shopper likes, and what there is less of it.
- Every line that changes costs 1 % of the whole cart: few changes are easier to say yes to.
"""

from decimal import Decimal

from knowledge.catalog.models import Product
from knowledge.optimise.importance import importance, qualities
from knowledge.recommend.product_kind import kind_of, likeness

LIKE_ENOUGH = 0.7
"""Nobody is asked to take oat drink for milk, or a beef burger for a plant one."""
_GOING_WITHOUT = {"treat": 0.5, "everyday": 1.0, "essential": 2.0}
_SECOND_HALF = 0.5
_TROUBLE = 0.04
_UNLIKE = 0.6
_STAR = 0.03
_LABEL = 0.05
_LABELS = 3
_QUALITY = 0.25
_QUALITIES = 2
_LIKED_BRAND = 0.2
_EVERY_CHANGE = 0.01


def loss_of_change(cart_price: float) -> float:
    """Of any change to a line, however small."""
    return _EVERY_CHANGE * cart_price


def loss_of_less(product: Product, price: float, share: Decimal) -> float:
    """Of having only a share of what was wanted: 0 is none at all."""
    lost: float = 1 - float(share) ** _SECOND_HALF
    return _GOING_WITHOUT[importance(product)] * price * lost


def loss_of_swap(
    original: Product, other: Product, price: float, share: Decimal, *, liked: bool
) -> float:
    """Of having another product, ``share`` times as much; ``liked`` is the brand given up."""
    lost = _TROUBLE + _UNLIKE * (1 - likeness(kind_of(original), kind_of(other)))
    if original.rating is not None and other.rating is not None:
        lost += _STAR * max(0.0, float(original.rating - other.rating))
    told = qualities(original.title) - qualities(other.title)
    lost += _QUALITY * min(_QUALITIES, len(told))
    lost += _LABEL * min(_LABELS, len(set(original.labels) - set(other.labels)))
    lost += _LIKED_BRAND if liked and other.brand != original.brand else 0
    return lost * price + loss_of_less(original, price, min(share, Decimal(1)))
