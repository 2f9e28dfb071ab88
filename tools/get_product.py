"""The tool get_product: everything the shop knows of one product."""

from tools.blocks import ProductBlock, ProductDetail
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import harmless, marked
from tools.product_views import detail, model_line
from tools.quantity_argument import ProductReference
from tools.search_catalog import DATA_NOTE

_LONGEST = {"size": 60, "description": 500, "ingredients": 1200, "origin": 60}
_SHORT, _FACTS = 110, 8


class GetProduct(Arguments):
    product: ProductReference


def get_product(context: ToolContext, arguments: GetProduct) -> ToolResult:
    """Read all that is known of one product: ingredients, allergens, nutrition, origin, labels."""
    product = context.work.catalog.get(context.product_id(arguments.product))
    (position,) = context.shown.show([(product.id, product.title)], kind="detail")
    shown = detail(product, position, offers=context.work.pricing.offers())
    return ToolResult(_text(shown), [ProductBlock(product=shown)])


def _text(shown: ProductDetail) -> str:
    known = [verdict for verdict in shown.diets if verdict.verdict != "unknown"]
    unknown = [verdict.diet for verdict in shown.diets if verdict.verdict == "unknown"]
    lines = [
        DATA_NOTE,
        model_line(shown.card),
        _line("size", shown.card.size),
        _line("description", shown.description),
        _line("ingredients", shown.ingredients),
        f"contains allergens: {_listed(shown.allergens)}",
        f"may contain: {_listed(shown.traces)}",
        f"nutrition per 100 g or ml: {_nutrition(shown)}",
        f"Nutri-Score: {shown.card.nutri_score or 'unknown'}",
        f"eco: {_eco(shown)}",
        _line("origin", shown.origin),
    ]
    if shown.labels:
        lines.append(f"labels: {marked(', '.join(shown.labels), _SHORT)}")
    if shown.packaging:
        lines.append(f"packaging: {marked(', '.join(shown.packaging), _SHORT)}")
    if known:
        lines.append("diets: " + ", ".join(f"{one.diet} {one.verdict}" for one in known))
    if unknown:
        lines.append(f"diets unknown: {', '.join(unknown)}")
    lines += [marked(f"{one.name}: {one.value}", _SHORT) for one in shown.facts[:_FACTS]]
    return "\n".join(lines)


def _line(name: str, value: str | None) -> str:
    return f"{name}: {marked(value, _LONGEST[name]) if value else 'unknown'}"


def _listed(values: list[str] | None) -> str:
    if values is None:
        return "unknown"
    return ", ".join(map(harmless, values)) or "none declared"


def _nutrition(shown: ProductDetail) -> str:
    if shown.nutrition is None:
        return "unknown"
    return ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in shown.nutrition.items() if value
    )


def _eco(shown: ProductDetail) -> str:
    score = shown.sustainability
    if score is None or score.kg_co2e_per_kg is None:
        return "unknown"
    return f"{score.kg_co2e_per_kg} kg CO2e per kg, grade {score.grade}, from {score.source}"


TOOL = Tool("get_product", GetProduct, get_product, example={"product": "#1"})
