"""The closed union of what an answer can show; every figure in it was read from the shop."""

from typing import Annotated, Literal

from pydantic import Field

from tools.order_shapes import OrderView
from tools.view import AdjustmentView, CartTotals, Fact, LeftOut, View

Verdict = Literal["yes", "no", "unknown"]


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
    promotion: LeftOut = None
    """What is on offer, such as "2 for $5.00"; left out when nothing is."""
    deal_price: LeftOut = None
    """What one piece costs by it, where that is certain; ``price`` is without it."""
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
    who: LeftOut = None
    """Whose need it is, when it is not only the shopper's own."""


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
    substitution: Annotated[
        Literal["similar", "ask", "none"], Field(exclude_if=lambda rule: rule == "ask")
    ] = "ask"
    """What happens when it has run out; left out when the shopper is asked."""
    for_members: Annotated[list[str], Field(exclude_if=lambda names: not names)] = []
    """Whom in the household it is for; left out when it is for nobody in particular."""
    adjustments: Annotated[list[AdjustmentView], Field(exclude_if=lambda some: not some)] = []
    """What promotions and coupons take off; left out when that is nothing."""


class CartView(View):
    id: str
    version: int
    lines: list[CartLineView]
    totals: CartTotals
    currency: str
    coupons: Annotated[list[str], Field(exclude_if=lambda codes: not codes)] = []


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
    kind: Literal["added", "changed", "removed", "swapped", "restored", "substitution"]
    line: str
    product: str
    title: str
    before: str | None = None
    """Quantity before; null when there was none."""
    quantity: str | None = None
    replaced: str | None = None
    """Title of what a swap took out."""
    substitution: LeftOut = None
    """The new rule for when it has run out: similar, ask or none."""


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


class ConfirmationView(View):
    id: str
    action: Literal[
        "place_order", "empty_cart", "over_budget", "change_cart", "cancel_order", "return_order",
        "forget_me",
    ]  # fmt: skip
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
    hints: Annotated[list[str], Field(exclude_if=lambda some: not some)] = []
    """What is good to know and needs nothing done, such as an offer that is nearly reached."""


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
    price_difference: LeftOut = None
    """Of all swaps together; left out for one product."""
    kg_co2e_difference: LeftOut = None


class PlanBlock(View):
    """A proposed basket: what would be bought, what could not be found."""

    type: Literal["plan"] = "plan"
    title: str
    products: list[ProductCard]
    quantities: list[str]
    missing: list[str] = []
    cuts: Annotated[list[LineChange], Field(exclude_if=lambda some: not some)] = []
    """Lines of the cart that would shrink or go; left out when there are none."""
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
