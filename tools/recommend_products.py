"""The tool recommend_products: suggestions with a reason and how sure it is of each."""

from typing import Annotated

from pydantic import Field

from knowledge.money import Money
from knowledge.recommend.asking import RecommendationKind, Suggestion
from tools.argument_kinds import Reads
from tools.blocks import ProductsBlock
from tools.cart_reading import CartItem, read_cart, referred
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import needs_of_cart
from tools.marking import harmless, marked
from tools.product_views import card, model_line
from tools.quantity_argument import ProductReference
from tools.suggesting import asked_for

_TITLES: dict[str, str] = {
    "for_you": "Picked for you",
    "goes_with": "Goes well with your cart",
    "similar": "Similar products",
    "popular": "Popular here",
    "budget": "Within your budget",
    "health": "Good for you",
    "sustainability": "Good for the planet",
    "deals": "On offer",
}
_SURE, _LIKELY = 0.7, 0.4
_LONGEST = 600


class RecommendProducts(Arguments):
    kind: Annotated[
        RecommendationKind,
        Reads(also=("type",)),
        Field(description="goes_with: a product or the cart; budget: what is left"),
    ]
    product: Annotated[
        ProductReference | None,
        Field(description="What they should relate to"),
    ] = None


def recommend_products(context: ToolContext, arguments: RecommendProducts) -> ToolResult:
    """Suggest products that suit the shopper, each with its reason."""
    items = read_cart(context)
    product = None
    needs = needs_of_cart(context, [item.for_members for item in items])
    deals = arguments.kind == "deals"
    if arguments.product is not None and not deals:
        subject = referred(context, arguments.product, items)
        product = subject.product if isinstance(subject, CartItem) else subject
        needs = needs_of_cart(
            context, [subject.for_members] if isinstance(subject, CartItem) else []
        )
    asked = asked_for(context, arguments.kind, items, product, needs)
    found = context.shop.recommender.suggest(asked)
    title = _TITLES[arguments.kind]
    if product is not None:
        ways = {"goes_with": "Goes well with", "similar": "Similar to"}
        title = f"{ways.get(arguments.kind, title + ', instead of')} {product.title}"
    shown_products = [(one.product.id, one.product.title) for one in found.items]
    numbers = context.shown.show(shown_products, kind="recommendation") if shown_products else []
    offers = context.work.pricing.offers() if found.items else ()
    cards = [
        card(one.product, position, one.reason, one.confidence, offers=offers)
        for one, position in zip(found.items, numbers, strict=True)
    ]
    codes = _codes(context) if deals else []
    note = " ".join([*([found.note] if found.note else []), *codes]) or None
    block = ProductsBlock(title=title, products=cards, total=len(cards), note=note)
    lines = [
        f"{model_line(shown)}, {_sureness(one)}"
        for shown, one in zip(cards, found.items, strict=True)
    ]
    head = f"{marked(title)}:" if cards else "No suggestion."
    return ToolResult(
        "\n".join([head, *lines, *([marked(note, _LONGEST)] if note else [])]), (block,)
    )


def _codes(context: ToolContext) -> list[str]:
    """Coupons that the owner lets everybody know of."""
    said = []
    for one in context.work.coupons.told(shopper_id=context.shopper_id):
        said.append(f"With the code {one.code}: {harmless(one.title)}.")
        if one.rule.minimum is not None:
            least = Money(one.rule.minimum, context.shop.profile.currency)
            said.append(f"It counts from {least.display()} of items on.")
    return said


def _sureness(suggestion: Suggestion) -> str:
    if suggestion.confidence >= _SURE:
        return "quite sure"
    return "likely" if suggestion.confidence >= _LIKELY else "a guess"


TOOL = Tool(
    "recommend_products",
    RecommendProducts,
    recommend_products,
    example={"kind": "goes_with", "product": "#1"},
)
