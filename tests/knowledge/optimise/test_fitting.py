"""The fitted cart, compared with every other there could be."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.carts.models import CartLine
from knowledge.carts.quantities import most_available
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.optimise.fitting import Fit, cheapest, fit
from knowledge.optimise.line_choices import LineChoice, choices_for
from knowledge.optimise.line_prices import LinePrices, minor
from knowledge.pricing.models import Quote
from knowledge.pricing.promotions import PercentOff, Promotion, SeveralForPrice
from knowledge.profile import TaxTerms
from tests.fixed_clock import FixedClock
from tests.market import goods

NOW = FixedClock().now()
TWO_FOR = Promotion(
    "two", "2 for", SeveralForPrice(kind="n_for_price", count=2, price=Decimal("3.10"))
)
FROM_SIX = Promotion(
    "six",
    "12 % from 6",
    PercentOff(kind="percent_off", percent=Decimal(12), minimum=Decimal("6.00")),
)
FROM_TEN = Promotion(
    "ten",
    "Treats",
    PercentOff(kind="percent_off", percent=Decimal(30), minimum=Decimal(10), category="Sweets"),
    coupon="TREATS",
)
TAX = TaxTerms(rate=Decimal("8.875"), categories=((("Pantry",), Decimal("2.5")),))
SHELVES = (("Pantry", "Pasta"), ("Sweets", "Chocolate"), ("Tools",))
PRICES = st.integers(80, 700).map(lambda cents: f"{cents / 100:.2f}")


def priced(*promotions: Promotion, tax: TaxTerms | None = None) -> LinePrices:
    return LinePrices(promotions, "USD", tax)


def options_of(
    products: Sequence[Product],
    quantities: Sequence[int | str],
    swaps: Sequence[Sequence[Product]],
    prices: LinePrices,
    *,
    kept: frozenset[int] = frozenset(),
) -> tuple[Quote, list[tuple[LineChoice, ...]]]:
    lines = [
        (CartLine(number, one.id, Decimal(quantity), NOW), one)
        for number, (one, quantity) in enumerate(zip(products, quantities, strict=True), 1)
    ]
    quote = prices.quote(lines)
    options = [
        choices_for(
            line,
            others,
            price=float(minor(line.to_pay)),
            cart_price=float(minor(quote.total)),
            prices=prices,
            kept=number in kept,
        )
        for number, (line, others) in enumerate(zip(quote.lines, swaps, strict=True))
    ]
    return quote, options


def every_fit(
    options: Sequence[Sequence[LineChoice]], limit: Money, prices: LinePrices
) -> list[float]:
    """The loss of every cart within the limit that gives no product to two lines."""
    found = []
    for picks in product(*options):
        taken = [one.product.id for one in picks if one.what == "swapped"]
        quote = prices.quote(
            (CartLine(one.line.number, one.product.id, one.quantity, NOW), one.product)
            for one in picks
            if one.quantity
        )
        if len(taken) == len(set(taken)) and quote.total <= limit:
            found.append(sum(one.loss for one in picks))
    return found


@settings(max_examples=40, deadline=None)
@given(
    costs=st.lists(PRICES, min_size=1, max_size=3),
    quantities=st.lists(st.integers(1, 3), min_size=3, max_size=3),
    cheaper=st.lists(st.sampled_from(["0.60", "0.75", "0.95"]), min_size=2, max_size=2),
    share=st.integers(0, 100),
    promotions=st.sets(st.sampled_from([TWO_FOR, FROM_SIX, FROM_TEN])),
    taxed=st.booleans(),
    kept=st.frozensets(st.integers(0, 2), max_size=1),
)
def test_no_cart_within_the_limit_loses_less(
    costs: list[str],
    quantities: list[int],
    cheaper: list[str],
    share: int,
    promotions: set[Promotion],
    taxed: bool,  # noqa: FBT001 - drawn
    kept: frozenset[int],
) -> None:
    prices = priced(*promotions, tax=TAX if taxed else None)
    products = [
        goods(f"p{number}", cost, title=f"Thing {number}", category=SHELVES[number])
        for number, cost in enumerate(costs)
    ]
    others = [goods(f"s{number}", cost, title="Thing") for number, cost in enumerate(cheaper)]
    swaps = [[one for one in others if one.price < item.price] for item in products]
    quote, options = options_of(products, quantities[: len(products)], swaps, prices, kept=kept)
    limit = (quote.total * (Decimal(share) / 100)).rounded()

    found = fit(options, limit, prices)

    fitting = every_fit(options, limit, prices)
    if found is None:
        assert fitting == []
        return
    assert found.quote.total <= limit
    assert found.loss >= min(fitting) - 1e-6
    if found.proven:
        assert abs(found.loss - min(fitting)) < 1e-6
    assert found.proven or taxed


def shapes(found: Fit | None) -> dict[str, tuple[str, str]]:
    assert found is not None
    return {one.line.id: (one.what, f"{one.quantity.normalize():f}") for one in found.choices}


def test_a_treat_goes_before_anything_essential() -> None:
    bread = goods("bread", "4.00", category=("Bakery", "Bread"))
    chocolate = goods("chocolate", "4.00", category=("Snacks", "Chocolate"))
    quote, options = options_of([bread, chocolate], [1, 1], [[], []], priced())

    found = fit(options, Money(Decimal(5), "USD"), priced())

    assert quote.total.amount == 8
    assert shapes(found) == {"c1": ("kept", "1"), "c2": ("dropped", "0")}


def test_a_near_swap_goes_before_less_and_less_before_without() -> None:
    pasta = goods("pasta", "3.00", title="Spaghetti", size="500 g", category=("Pantry", "Pasta"))
    plain = goods("plain", "2.00", title="Spaghetti", size="500 g", category=("Pantry", "Pasta"))
    _, options = options_of([pasta], [2], [[plain]], priced())

    def at(limit: str) -> dict[str, tuple[str, str]]:
        return shapes(fit(options, Money(Decimal(limit), "USD"), priced()))

    assert at("6") == {"c1": ("kept", "2")}
    assert at("4.50") == {"c1": ("swapped", "2")}
    assert at("3.50") == {"c1": ("reduced", "1")}
    assert at("1.50") == {"c1": ("dropped", "0")}


def test_two_for_a_price_is_counted_as_it_is_paid() -> None:
    chips = goods("chips", "2.00", category=("Snacks",))
    prices = priced(TWO_FOR)
    quote, options = options_of([chips], [3], [[]], prices)

    found = fit(options, Money(Decimal("3.10"), "USD"), prices)

    assert str(quote.total) == "5.10"
    assert shapes(found) == {"c1": ("reduced", "2")}
    assert found is not None
    assert (str(found.quote.total), found.proven) == ("3.10", True)


def test_a_cart_may_stay_larger_to_keep_a_discount_from_a_minimum() -> None:
    soap = goods("soap", "6.00", category=("Tools",))
    brush = goods("brush", "4.10", category=("Tools",))
    half = FROM_TEN.rule.model_copy(update={"category": None, "percent": Decimal(50)})
    prices = priced(Promotion("half", "Half from 10", half))
    quote, options = options_of([soap, brush], [2, 1], [[], []], prices)
    assert str(quote.total) == "8.05"

    found = fit(options, Money(Decimal("6.00"), "USD"), prices)

    assert shapes(found) == {"c1": ("kept", "2"), "c2": ("dropped", "0")}
    assert found is not None
    assert (str(found.quote.total), found.proven) == ("6.00", True)


def test_no_product_takes_the_place_of_two_lines() -> None:
    dear = [goods(f"d{n}", "5.00", title="Spaghetti", category=("Pantry", "Pasta")) for n in (1, 2)]
    plain = goods("plain", "3.00", title="Spaghetti", category=("Pantry", "Pasta"))
    _, options = options_of(dear, [1, 1], [[plain], [plain]], priced())

    found = fit(options, Money(Decimal("8.00"), "USD"), priced())

    assert sorted(what for what, _ in shapes(found).values()) == ["kept", "swapped"]


def test_what_is_kept_stays_or_it_cannot_be_done() -> None:
    sweets = goods("sweets", "4.00", category=("Sweets",))
    bread = goods("bread", "4.00", category=("Bakery", "Bread"))
    _, options = options_of([sweets, bread], [1, 1], [[], []], priced(), kept=frozenset([0]))

    assert shapes(fit(options, Money(Decimal(5), "USD"), priced())) == {
        "c1": ("kept", "1"),
        "c2": ("dropped", "0"),
    }
    assert fit(options, Money(Decimal(3), "USD"), priced()) is None
    assert str(cheapest(options, priced()).total) == "4.00"


def test_less_of_a_weight_is_in_quarters_and_whole_steps() -> None:
    apples = goods(
        "apples", sell_by="weight", unit="kg", step=Decimal("0.1"), min_quantity=Decimal("0.2")
    )
    _, (options,) = options_of([apples], ["0.5"], [[]], priced())

    amounts = [one.quantity for one in options]
    assert amounts == [Decimal(one) for one in ("0.5", "0.3", "0.2", "0")]
    assert all(most_available(apples, one) == one for one in amounts)
