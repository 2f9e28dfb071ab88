"""What a conversation knows of one product: every figure that may be said of it, by its meaning."""

from dataclasses import dataclass, field
from decimal import Decimal

from assistant.grounding.offer_words import Offer
from assistant.grounding.words import name_words, word_set


@dataclass(slots=True)
class ProductFacts:
    """What is known of one product."""

    title: str
    key: str = ""
    amounts: set[Decimal] = field(default_factory=set)
    """Every amount of money said of it; those below are parts of them."""
    prices: set[Decimal] = field(default_factory=set)
    """What one costs, with and without an offer."""
    unit_prices: set[tuple[Decimal, str]] = field(default_factory=set)
    differences: set[Decimal] = field(default_factory=set)
    """What swaps and offers save or cost."""
    lines: set[Decimal] = field(default_factory=set)
    """What so many of it come to."""
    quantities: set[Decimal] = field(default_factory=set)
    """How many of it are, or were, in the cart, an order or a plan."""
    stock: set[Decimal] = field(default_factory=set)
    in_stock: set[bool] = field(default_factory=set)
    carbon: set[Decimal] = field(default_factory=set)
    grades: set[tuple[str, str]] = field(default_factory=set)
    """Which score, and the letter."""
    ratings: set[Decimal] = field(default_factory=set)
    offers: set[Offer] = field(default_factory=set)
    offer_ends: set[tuple[int, int]] = field(default_factory=set)
    """Months and days until which its offers hold."""
    reduced: bool = False
    """Whether any offer holds for it."""
    suits: dict[str, str] = field(default_factory=dict)
    """The verdict by diet or allergen: yes, no or unknown; what is not here is unknown, too."""
    contains: set[str] = field(default_factory=set)
    traces: set[str] = field(default_factory=set)
    ingredients: set[str] = field(default_factory=set)
    """Words of its ingredients and of why verdicts fall."""
    nutrition: dict[str, set[Decimal]] = field(default_factory=dict)
    origins: set[str] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    """Every number in what is known of it."""
    brand: str = ""
    category: str = ""
    size: str = ""

    @property
    def words(self) -> frozenset[str]:
        return word_set(self.title)

    @property
    def title_words(self) -> frozenset[str]:
        """Of the title without sizes: equal for the same thing in two sizes."""
        return name_words(self.title)

    @property
    def brand_words(self) -> frozenset[str]:
        return name_words(self.brand)

    @property
    def name_words(self) -> frozenset[str]:
        """Title and brand without sizes: what people call it by."""
        return name_words(f"{self.title} {self.brand}")

    @property
    def kind_words(self) -> frozenset[str]:
        """Of its shelf, such as bread for a baguette."""
        return name_words(self.category.replace(">", " "))

    def suit(self, name: str, verdict: str) -> None:
        """The worse verdict stays: what is unsafe in one result is not made safe by another."""
        order = ("no", "unknown", "yes")
        known = self.suits.get(name, "yes")
        self.suits[name] = min(known, verdict, key=order.index)
