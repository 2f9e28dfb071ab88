"""The closed union of what an answer can show; every figure in it was read from the shop."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["yes", "no", "unknown"]
_LeftOut = Annotated[str | None, Field(exclude_if=lambda value: value is None)]


class View(BaseModel):
    """Base of everything shown. Money is a decimal string in ``currency``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitPriceView(View):
    amount: str
    unit: Literal["kg", "l", "piece"]


class ProductCard(View):
    """A product as a list shows it. ``position`` is the n of ``#n``."""

    position: int | None = None
    id: str
    title: str
    brand: str | None = None
    category: str | None = None
    price: str
    currency: str
    size: str | None = None
    unit_price: UnitPriceView | None = None
    sell_by: Literal["each", "weight", "volume"] = "each"
    unit: str | None = None
    step: str = "1"
    in_stock: bool
    stock: str | None = None
    rating: str | None = None
    ratings_count: int | None = None
    image_url: str | None = None
    diets: list[str] = []
    """Diets the product is known to suit."""
    nutri_score: str | None = None
    eco_grade: str | None = None
    age_limit: int | None = None
    reason: str | None = None
    """Why it is here; set on recommendations and swaps."""
    confidence: float | None = None


class ScoreItem(View):
    """One score of one product, with what it was made from."""

    product: str
    title: str
    line: str | None = None
    quantity: str | None = None
    grade: str | None = None
    kg_co2e: str | None = None
    kg_co2e_per_kg: str | None = None
    drivers: list[str] = []
    source: str | None = None
    quality: Literal["measured", "category", "guess", "unknown"] = "unknown"


class DietVerdict(View):
    """Whether one product suits one diet or avoids one allergen, and what decides it."""

    product: str
    title: str
    line: str | None = None
    diet: str
    verdict: Verdict
    because: str


class Fact(View):
    name: str
    value: str


class ProductDetail(View):
    """Everything known of one product. Unknown facts are null, never left out silently."""

    card: ProductCard
    description: str | None = None
    ingredients: str | None = None
    allergens: list[str] | None = None
    traces: list[str] | None = None
    nutrition: dict[str, str | None] | None = None
    labels: list[str] = []
    origin: str | None = None
    packaging: list[str] = []
    diets: list[DietVerdict] = []
    sustainability: ScoreItem | None = None
    facts: list[Fact] = []


class CartLineView(View):
    id: str
    product: str
    title: str
    quantity: str
    unit_price: str
    total: str
    unit: str | None = None
    in_stock: bool = True
    category: str | None = None
    image_url: str | None = None


class CartTotals(View):
    """``items`` before anything else; parts that do not apply are left out of the wire."""

    items: str
    discount: _LeftOut = None
    delivery: _LeftOut = None
    deposit: _LeftOut = None
    tax: _LeftOut = None
    fee: _LeftOut = None
    total: str


class CartView(View):
    id: str
    version: int
    lines: list[CartLineView]
    totals: CartTotals
    currency: str


class BudgetView(View):
    amount: str
    period: Literal["trip", "week", "month"]
    rule: Literal["tell", "ask", "refuse"] = "tell"
    spent: str
    in_cart: str
    left: str
    """Negative when over."""
    state: Literal["under", "close", "over"]
    """``close`` from 90 percent on."""
    currency: str


class LineChange(View):
    kind: Literal["added", "changed", "removed", "swapped", "restored"]
    line: str
    product: str
    title: str
    before: str | None = None
    """Quantity before; null when there was none."""
    quantity: str | None = None
    replaced: str | None = None
    """Title of what a swap took out."""


class Swap(View):
    """One replacement. ``to.position`` is the n that ``update_cart`` takes as ``#n``."""

    line: str | None = None
    quantity: str | None = None
    instead_of: ProductCard
    to: ProductCard
    price_difference: str
    """Price of the new minus the old, for ``quantity``; negative is a saving."""
    kg_co2e_difference: str | None = None
    grade_before: str | None = None
    grade_after: str | None = None
    reason: str


class OrderLineView(View):
    product: str
    title: str
    quantity: str
    unit_price: str
    total: str


class OrderView(View):
    id: str
    number: str
    status: str
    placed_at: str
    fulfilment: str
    lines: list[OrderLineView]
    totals: CartTotals
    total: str
    currency: str


class ConfirmationView(View):
    id: str
    action: Literal["place_order", "empty_cart", "over_budget", "change_cart"]
    text: str
    expires_at: str


class Passage(View):
    policy: str
    section: str
    text: str
    source: str


class Option(View):
    label: str
    value: str
    """What the shopper would type to choose it."""


class ComparisonRow(View):
    attribute: str
    values: list[str | None]
    best: list[int] = []
    """Indexes into ``values``; empty when there is no best."""


class ProductsBlock(View):
    type: Literal["products"] = "products"
    title: str
    products: list[ProductCard]
    total: int
    """How many fit, shown or not."""
    note: str | None = None
    """Which limit to loosen when little or nothing fits."""


class ProductBlock(View):
    type: Literal["product"] = "product"
    product: ProductDetail


class ComparisonBlock(View):
    type: Literal["comparison"] = "comparison"
    products: list[ProductCard]
    rows: list[ComparisonRow]


class CartBlock(View):
    type: Literal["cart"] = "cart"
    cart: CartView
    budget: BudgetView | None = None
    changes: list[LineChange] = []
    warnings: list[str] = []


class BudgetBlock(View):
    type: Literal["budget"] = "budget"
    budget: BudgetView | None
    """Null when none is set."""
    drop: list[CartLineView] = []
    """Lines that would bring the cart under again, fewest first."""


class ScoreBlock(View):
    type: Literal["score"] = "score"
    kind: Literal["sustainability", "diet"]
    subject: Literal["product", "cart"]
    items: list[ScoreItem] = []
    verdicts: list[DietVerdict] = []
    total_kg_co2e: str | None = None
    grade: str | None = None
    note: str | None = None


class SwapsBlock(View):
    type: Literal["swaps"] = "swaps"
    goal: Literal["cheaper", "greener", "healthier"]
    swaps: list[Swap]
    note: str | None = None


class PlanBlock(View):
    """A proposed basket: what would be bought, what could not be found."""

    type: Literal["plan"] = "plan"
    title: str
    products: list[ProductCard]
    quantities: list[str]
    missing: list[str] = []
    total: str
    currency: str
    note: str | None = None


class RecipeBlock(View):
    type: Literal["recipe"] = "recipe"
    id: str
    title: str
    servings: int
    minutes: int | None = None
    ingredients: list[Fact]
    steps: list[str] = []


class OrderBlock(View):
    type: Literal["order"] = "order"
    orders: list[OrderView]


class ConfirmationBlock(View):
    type: Literal["confirmation"] = "confirmation"
    confirmation: ConfirmationView


class PassagesBlock(View):
    type: Literal["passages"] = "passages"
    passages: list[Passage]


class ChoicesBlock(View):
    type: Literal["choices"] = "choices"
    question: str
    options: list[Option]


class NoticeBlock(View):
    type: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    text: str


Block = Annotated[
    ProductsBlock
    | ProductBlock
    | ComparisonBlock
    | CartBlock
    | BudgetBlock
    | ScoreBlock
    | SwapsBlock
    | PlanBlock
    | RecipeBlock
    | OrderBlock
    | ConfirmationBlock
    | PassagesBlock
    | ChoicesBlock
    | NoticeBlock,
    Field(discriminator="type"),
]
