from decimal import Decimal

import pytest

from knowledge.money import Money
from knowledge.pricing.deals import best_deal, one_more, rule_text
from knowledge.pricing.promotions import PercentOff, Promotion, SeveralForPrice
from tests.market import goods

TEA = goods("tea", "3.00", brand="Leaf")
TWO = Promotion("two", "2 teas", SeveralForPrice(kind="n_for_price", count=2, price=Decimal(5)))
TENTH = Promotion("tenth", "Tenth", PercentOff(kind="percent_off", percent=Decimal(10)))
FROM_TEN = Promotion(
    "big", "Big", PercentOff(kind="percent_off", percent=Decimal(50), minimum=Decimal(10))
)
ITEMS = Money(Decimal(3), "USD")


def test_the_price_of_one_piece_is_told_only_where_it_is_certain() -> None:
    by_weight = goods("apples", "3.00", sell_by="weight", unit="kg", step=Decimal("0.1"))

    assert [_told(TEA, one) for one in (TENTH, TWO, FROM_TEN)] == [
        ("10% off", "2.70"),
        ("2 for $5.00", None),
        ("50% off from $10.00 of items", None),
    ]
    assert _told(by_weight, TENTH) == ("10% off", None)
    assert _told(by_weight, TWO) is None


def test_the_largest_share_wins() -> None:
    deal = best_deal(TEA, [TENTH, TWO])

    assert deal is not None
    assert (deal.promotion.id, deal.saved, deal.pieces) == ("two", Money(Decimal(1), "USD"), 2)


@pytest.mark.parametrize(
    "product",
    [
        goods("tea", "3.00", stock=1),
        goods("tea", "3.00", max_quantity=Decimal(1)),
        goods("tea", "2.50"),
    ],
)
def test_what_cannot_be_had_or_saves_nothing_is_no_deal(product: object) -> None:
    assert best_deal(product, [TWO]) is None  # type: ignore[arg-type]


def test_rules_are_told_in_the_shops_currency() -> None:
    assert rule_text(TWO.rule, "EUR") == "2 for \u20ac5.00"


def test_one_more_is_told_until_an_offer_is_reached_the_first_time() -> None:
    told = [one_more(TEA, Decimal(held), ITEMS, [TENTH, TWO]) for held in (1, 2, 3)]

    assert [deal is not None for deal in told] == [True, False, False]


def test_one_more_is_not_told_where_another_promotion_saves_more() -> None:
    half = Promotion("half", "Half", PercentOff(kind="percent_off", percent=Decimal(50)))

    assert one_more(TEA, Decimal(1), ITEMS, [half, TWO]) is None


def _told(product: object, promotion: Promotion) -> tuple[str, str | None] | None:
    deal = best_deal(product, [promotion])  # type: ignore[arg-type]
    return None if deal is None else (deal.text, None if deal.price is None else str(deal.price))
