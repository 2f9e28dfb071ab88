"""Products as people and models are shown them, with shop text made harmless."""

from collections.abc import Iterable
from decimal import Decimal

from knowledge.catalog.models import DIETS, Product
from knowledge.catalog.units import net_content, read_unit, unit_price
from knowledge.pricing.deals import best_deal
from knowledge.pricing.promotions import Promotion
from knowledge.scoring.diets import check_diet, suited_diets
from knowledge.scoring.eco_grade import eco_grade
from knowledge.scoring.nutri_score import nutri_score
from tools.blocks import DietVerdict, ProductCard, ProductDetail, ScoreItem, UnitPriceView
from tools.marking import TITLE_LENGTH, harmless, marked
from tools.view import Fact

_SOURCES = {"open_food_facts": "Open Food Facts (ODbL)"}
_NUTRIENTS = (
    "energy_kcal",
    "fat",
    "saturated_fat",
    "carbohydrates",
    "sugars",
    "fiber",
    "protein",
    "salt",
    "fruit_vegetable_percent",
)


def card(
    product: Product,
    position: int | None = None,
    reason: str | None = None,
    confidence: float | None = None,
    *,
    offers: Iterable[Promotion] = (),
) -> ProductCard:
    """``offers`` are the promotions that hold for everybody."""
    deal = best_deal(product, offers)
    price = unit_price(product)
    score = nutri_score(product)
    return ProductCard(
        position=position,
        id=product.id,
        title=product.title,
        brand=product.brand,
        category=" > ".join(product.category) or None,
        price=str(product.price),
        currency=product.price.currency,
        promotion=None if deal is None else deal.text,
        deal_price=None if deal is None or deal.price is None else str(deal.price),
        size=product.size,
        unit_price=None
        if price is None
        else UnitPriceView(amount=str(price.price), unit=price.unit),
        sell_by=product.sell_by,
        unit=product.unit if product.sell_by != "each" else None,
        step=number(product.step),
        in_stock=product.in_stock,
        stock=None if product.stock is None else number(product.stock),
        rating=None if product.rating is None else number(product.rating),
        ratings_count=product.ratings_count,
        image_url=product.image_url,
        diets=list(suited_diets(product)),
        nutri_score=None if score is None else score.grade,
        eco_grade=eco_grade(product).grade,
        age_limit=product.age_limit,
        reason=reason,
        confidence=confidence,
    )


def detail(
    product: Product, position: int | None = None, *, offers: Iterable[Promotion] = ()
) -> ProductDetail:
    nutrition = product.nutrition
    return ProductDetail(
        card=card(product, position, offers=offers),
        description=product.description,
        ingredients=product.ingredients,
        allergens=None if product.allergens is None else list(product.allergens),
        traces=None if product.traces is None else list(product.traces),
        nutrition=None
        if nutrition is None
        else {name: _maybe(getattr(nutrition, name)) for name in _NUTRIENTS},
        labels=list(product.labels),
        origin=product.origin,
        packaging=list(product.packaging),
        diets=[_verdict(product, diet) for diet in DIETS],
        sustainability=sustainability(product),
        facts=_facts(product),
    )


def sustainability(product: Product) -> ScoreItem:
    eco = eco_grade(product)
    estimate = eco.carbon
    merits = [f"{part.name} ({part.points:+d} points)" for part in eco.parts]
    return ScoreItem(
        product=product.id,
        title=product.title,
        grade=eco.grade,
        kg_co2e=_maybe(estimate.kg_per_item),
        kg_co2e_per_kg=_maybe(estimate.kg_per_kg),
        drivers=[*estimate.drivers, *merits],
        source=estimate.source,
        quality=estimate.quality,
    )


def model_line(shown: ProductCard, room: int = TITLE_LENGTH, *, brief: bool = False) -> str:
    """One compact line for the model, with ``room`` for the title.

    A ``brief`` one, for long lists, leaves out unit price, rating and diets.
    """
    number_shown = "" if shown.position is None else f"#{shown.position} "
    parts = [f"{number_shown}[{shown.id}] {marked(shown.title, room)}"]
    if shown.brand and shown.brand.casefold() not in shown.title.casefold():
        parts.append(marked(shown.brand, 40))
    per = f" per {_unit_said(shown.unit)}" if shown.unit else ""
    price = f"{shown.price} {shown.currency}{per}"
    if shown.unit_price is not None and not per and not brief:
        price += f" ({shown.unit_price.amount}/{harmless(shown.unit_price.unit, 16)})"
    parts.append(price)
    if shown.promotion and shown.promotion not in (shown.reason or ""):
        parts.append(offer_words(shown))
    parts.append(_stock_words(shown))
    if shown.rating is not None and not brief:
        parts.append(f"{shown.rating}*")
    if shown.diets and not brief:
        parts.append("/".join(shown.diets))
    if shown.age_limit:
        parts.append(f"from age {shown.age_limit}")
    if shown.reason:
        parts.append(marked(shown.reason))
    return ", ".join(parts)


def offer_words(shown: ProductCard) -> str:
    """Write "offer: 15% off, 3.39 for one"; empty when there is none."""
    if not shown.promotion:
        return ""
    one = f", {shown.deal_price} for one" if shown.deal_price else ""
    return f"offer: {marked(shown.promotion)}{one}"


def number(value: Decimal) -> str:
    """Without exponent and trailing zeros."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _unit_said(unit: str) -> str:
    return unit if read_unit(unit) is not None and unit.isalpha() else marked(unit)


def _stock_words(shown: ProductCard) -> str:
    if not shown.in_stock:
        return "sold out"
    few = 10
    if shown.stock is not None and Decimal(shown.stock) < few:
        return f"{shown.stock} left"
    return "in stock"


def _maybe(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def _verdict(product: Product, diet: str) -> DietVerdict:
    check = check_diet(product, diet)
    return DietVerdict(
        product=product.id,
        title=product.title,
        diet=diet,
        verdict=check.verdict,
        because=check.because,
    )


def _sources(product: Product) -> list[tuple[str, str]]:
    """Which facts are not the shop's own; the licence of some wants that said."""
    found: dict[str, list[str]] = {}
    for name, source in product.enriched.items():
        words = name.removeprefix("attributes.").replace("_", " ")
        found.setdefault(source, []).append(words)
    return [
        (f"Facts from {_SOURCES.get(source, source)}", ", ".join(sorted(names)))
        for source, names in found.items()
    ]


def _facts(product: Product) -> list[Fact]:
    content = net_content(product)
    found = [
        ("pieces", str(content.pieces) if content and content.pieces > 1 else None),
        ("season", product.season),
        ("most per order", _maybe(product.max_quantity)),
        *product.options.items(),
        *((name.replace("_", " "), value) for name, value in product.attributes.items()),
        *_sources(product),
    ]
    return [Fact(name=name, value=value) for name, value in found if value]
