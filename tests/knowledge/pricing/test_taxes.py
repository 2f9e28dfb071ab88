from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.money import Money
from knowledge.pricing.models import Charges, QuoteLine
from knowledge.pricing.pricing import price_lines
from knowledge.pricing.promotions import Promotion
from knowledge.pricing.taxes import rate_of
from knowledge.profile import DeliveryTerms, TaxTerms
from tests.knowledge.pricing.test_pricing import line, priced, promotions

PATHS = (("Food",), ("Food", "Fresh"), ("Drinks",))
rates = st.decimals(min_value=0, max_value=100, places=2)
terms = st.builds(
    TaxTerms,
    rate=rates,
    included=st.booleans(),
    categories=st.lists(st.tuples(st.sampled_from(PATHS), rates), max_size=3).map(tuple),
    delivery_rate=st.none() | rates,
)
charges = st.builds(
    Charges,
    st.sampled_from(["pickup", "delivery"]),
    st.just(DeliveryTerms()),
    st.none() | st.integers(0, 999).map(lambda cents: Money(Decimal(cents) / 100, "USD")),
)


@given(priced, promotions, terms, charges)
def test_totals_always_add_up(
    lines: list[QuoteLine], offers: list[Promotion], tax: TaxTerms, way: Charges
) -> None:
    quote = price_lines(lines, offers, currency="USD", charges=way, tax=tax)

    parts = [one for one in quote.totals if one.kind not in {"total", "included_tax"}]
    assert quote.total == Money.total((one.amount for one in parts), "USD")
    assert all(one.amount == one.amount.rounded() for one in quote.totals)
    assert len({one.kind for one in quote.totals}) == len(quote.totals)
    told = quote.amount("included_tax")
    assert Money.zero("USD") <= told <= quote.total
    assert not (told.amount and quote.amount("tax").amount)
    untaxed = price_lines(lines, offers, currency="USD", charges=way)
    assert quote.total - quote.amount("tax") == untaxed.total


@given(priced, terms)
def test_tax_per_rate_is_within_half_a_cent_of_the_exact_one(
    lines: list[QuoteLine], tax: TaxTerms
) -> None:
    quote = price_lines(lines, [], currency="USD", tax=tax)

    exact = sum(
        (
            one.to_pay.amount * tax.rate / (100 + tax.rate if tax.included else Decimal(100))
            for one in lines
        ),
        Decimal(0),
    )
    if not tax.categories:
        found = quote.amount("included_tax" if tax.included else "tax").amount
        assert abs(found - exact) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("category", "rate"),
    [(("Food", "Fresh", "Fruit"), 0), (("food",), 7), (("Drinks",), 19), ((), 19)],
)
def test_the_longest_path_decides_the_rate(category: tuple[str, ...], rate: int) -> None:
    tax = TaxTerms(
        Decimal(19), categories=((("Food",), Decimal(7)), (("Food", "Fresh"), Decimal(0)))
    )

    assert rate_of(category, tax) == rate


def test_tax_is_rounded_once_per_rate_half_up() -> None:
    lines = [line(n, Decimal("0.50"), Decimal(1)) for n in range(1, 4)]

    quote = price_lines(lines, [], currency="USD", tax=TaxTerms(Decimal(7), name="Sales tax"))

    # 1.50 at 7 % is 0.105; line by line it would be 3 x 0.04.
    assert [(one.title, str(one.amount)) for one in quote.totals] == [
        ("Items", "1.50"), ("Sales tax", "0.11"), ("Total", "1.61")
    ]  # fmt: skip


def test_included_tax_is_told_and_never_added() -> None:
    tax = TaxTerms(Decimal(19), included=True, name="VAT", delivery_rate=Decimal(7))
    way = Charges("delivery", DeliveryTerms(fee=Decimal("5.35"), free_from=None))

    quote = price_lines(
        [line(1, Decimal("11.90"), Decimal(1))], [], currency="USD", charges=way, tax=tax
    )

    assert str(quote.total) == "17.25"
    assert [(one.title, str(one.amount)) for one in quote.totals][-1] == ("Includes VAT", "2.25")


def test_without_tax_no_line_is_shown() -> None:
    quote = price_lines(
        [line(1, Decimal(5), Decimal(1))], [], currency="USD", tax=TaxTerms(Decimal(0))
    )

    assert [one.kind for one in quote.totals] == ["items", "total"]
