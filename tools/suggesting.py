"""What the recommender is told of a shopper: wishes, cart, past orders, what the budget leaves."""

from collections import Counter
from dataclasses import replace

from knowledge.catalog.models import Product
from knowledge.fulfilment.when import until_label
from knowledge.recommend.asking import Asked, RecommendationKind
from knowledge.recommend.wishes import Wishes
from knowledge.scoring.countries import home_of
from knowledge.shoppers.members import Needs
from tools.cart_reading import CartItem, quote_of
from tools.context import ToolContext

_ORDERS = 30


def asked_for(
    context: ToolContext,
    kind: RecommendationKind,
    items: list[CartItem],
    product: Product | None = None,
    needs: Needs | None = None,
) -> Asked:
    """``needs`` are those of everybody it is for; without them the shopper's own count."""
    work = context.work
    bought: Counter[str] = Counter()
    if kind == "for_you":
        for order in work.orders.of_shopper(context.shopper_id, limit=_ORDERS):
            bought.update({line.product_id for line in order.lines})
    budget = None
    if kind == "budget":
        budget = work.budgets.state(context.shopper_id, quote_of(context))
    offers = work.pricing.offers() if kind == "deals" else ()
    profile = context.shop.profile
    return Asked(
        kind=kind,
        session=work.session,
        catalog=work.catalog,
        wishes=wishes_of(context, needs),
        product=product,
        cart=tuple(item.product for item in items),
        bought=bought,
        left=None if budget is None else budget.left,
        home=home_of(profile.locale),
        offers=offers,
        until={
            one.id: until_label(one.ends_at, context.now, profile)
            for one in offers
            if one.ends_at is not None
        },
    )


def wishes_of(context: ToolContext, needs: Needs | None) -> Wishes:
    """What the shopper likes, with the needs of everybody it is for."""
    own = Wishes.of(context.work.preferences.of(context.shopper_id))
    if needs is None:
        return own
    return replace(own, diets=needs.diets, allergens=needs.allergens)
