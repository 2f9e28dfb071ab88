"""The tool score_sustainability: greenhouse gases and eco grade of a product or the cart."""

from decimal import Decimal

from knowledge.carts.quantities import plain
from knowledge.scoring.cart_footprint import cart_footprint
from tools.blocks import ScoreBlock, ScoreItem
from tools.cart_reading import CartItem, read_cart
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import marked
from tools.product_views import sustainability
from tools.quantity_argument import ProductOrCart

_SHOWN_LINES = 12
_LONGEST = 160


class ScoreSustainability(Arguments):
    product: ProductOrCart = None


def score_sustainability(context: ToolContext, arguments: ScoreSustainability) -> ToolResult:
    """Score the climate: kg CO2e, eco grade A to E, what drives it, how sure it is."""
    if arguments.product is not None:
        product = context.work.catalog.get(context.product_id(arguments.product))
        item = sustainability(product)
        note = None if item.kg_co2e_per_kg else "No published figure fits this product."
        block = ScoreBlock(
            kind="sustainability",
            subject="product",
            items=[item],
            total_kg_co2e=item.kg_co2e,
            grade=item.grade,
            note=note,
        )
        return ToolResult("\n".join([_line(item), *([note] if note else [])]), (block,))
    return _score_cart(context)


def _score_cart(context: ToolContext) -> ToolResult:
    items = read_cart(context)
    if not items:
        text = "The cart is empty, so there is nothing to score."
        block = ScoreBlock(kind="sustainability", subject="cart", note=text)
        return ToolResult(text, (block,))
    scored = [_cart_item(item) for item in items]
    footprint = cart_footprint((item.product, item.quantity) for item in items)
    note = None
    if footprint.unknown:
        names = "product" if footprint.unknown == 1 else "products"
        note = f"{footprint.unknown} {names} without a published figure or weight not counted."
    total = None if footprint.kg_co2e is None else plain(footprint.kg_co2e)
    block = ScoreBlock(
        kind="sustainability",
        subject="cart",
        items=scored,
        total_kg_co2e=total,
        grade=footprint.grade,
        note=note,
    )
    said = [f"Cart: {total or 'unknown'} kg CO2e, eco grade {footprint.grade or 'unknown'}."]
    if footprint.low is not None and footprint.high is not None:
        said.append(f"Between {plain(footprint.low)} and {plain(footprint.high)} by source.")
    said += [note] if note else []
    worst = sorted(scored, key=lambda item: -Decimal(item.kg_co2e or 0))
    lines = [_line(item) for item in worst[:_SHOWN_LINES]]
    return ToolResult("\n".join([" ".join(said), *lines]), (block,))


def _cart_item(item: CartItem) -> ScoreItem:
    """The item's figure is for the quantity of the line."""
    score = sustainability(item.product)
    kilograms = None
    if score.kg_co2e is not None:
        kilograms = plain((Decimal(score.kg_co2e) * item.quantity).quantize(Decimal("0.01")))
    return score.model_copy(
        update={"line": item.line, "quantity": plain(item.quantity), "kg_co2e": kilograms}
    )


def _line(item: ScoreItem) -> str:
    name = f"{item.line} {marked(item.title)}" if item.line else marked(item.title)
    if item.kg_co2e_per_kg is None:
        return f"{name}: no figure; {marked(', '.join(item.drivers), _LONGEST)}"
    amount = f"{item.kg_co2e} kg CO2e" if item.kg_co2e else "weight not known"
    return (
        f"{name}: {amount}, {item.kg_co2e_per_kg} kg per kg, eco grade {item.grade}; "
        f"{marked(', '.join(item.drivers), _LONGEST)}; {item.quality}, "
        f"{marked(item.source or 'no source', _LONGEST)}"
    )


TOOL = Tool(
    "score_sustainability",
    ScoreSustainability,
    score_sustainability,
    example={"product": "c1"},
)
