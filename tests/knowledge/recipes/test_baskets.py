"""Which products and packs go into a basket, with and without a budget."""

from decimal import Decimal

from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.recipes.baskets import Slot, fill, options_for, with_less
from knowledge.recipes.matching import Candidate
from knowledge.recipes.packs import Packs
from tests.market import goods


def cost(product: Product, quantity: Decimal) -> Money:
    return product.price * quantity


def slot(name: str, *products: Product, packs: int = 1, optional: bool = False) -> Slot:
    options, problem = options_for(
        [Candidate(one, 1.0, exact=True) for one in products],
        lambda _: Packs(Decimal(packs)),
        cost=cost,
        held={},
    )
    return Slot((name,), options, optional, problem)


def picked(*slots: Slot, limit: str | None = None) -> list[str | None]:
    basket = fill(slots, None if limit is None else Money(Decimal(limit), "USD"))
    return [None if one is None else f"{one.quantity} {one.product.id}" for one in basket.picks]


FINE = goods("fine", "3.00", rating=Decimal("4.9"))
PLAIN = goods("plain", "2.50", rating=Decimal("3.5"))
CREAM = goods("cream", "2.00")


def test_a_little_more_is_spent_for_what_is_much_better_liked() -> None:
    assert picked(slot("beef", FINE, PLAIN)) == ["1 fine"]


def test_under_a_budget_cheaper_choices_come_before_leaving_out() -> None:
    beef, cream = slot("beef", FINE, PLAIN), slot("cream", CREAM, optional=True)

    assert picked(beef, cream, limit="5.00") == ["1 fine", "1 cream"]
    assert picked(beef, cream, limit="4.99") == ["1 plain", "1 cream"]
    assert picked(beef, cream, limit="4.49") == ["1 fine", None]
    assert picked(beef, cream, limit="2.99") == ["1 plain", None]


def test_what_cannot_be_afforded_is_shown_at_its_cheapest() -> None:
    basket = fill([slot("beef", FINE, PLAIN)], Money(Decimal(2), "USD"))

    assert not basket.within
    assert [one and one.product.id for one in basket.picks] == ["plain"]


def test_a_pack_less_is_better_than_none() -> None:
    chips = slot("chips", goods("chips", "2.00"), packs=3, optional=True)

    assert picked(with_less(chips, cost)) == ["3 chips"]
    assert picked(with_less(chips, cost), limit="5.00") == ["2 chips"]


def test_an_age_limit_is_never_chosen_silently() -> None:
    wine = goods("wine", "9.00", age_limit=21)

    assert slot("wine", wine).options == ()
    assert "from age 21" in (slot("wine", wine).problem or "")


def test_what_stock_cannot_fill_is_not_chosen() -> None:
    few, many = goods("few", "1.00", stock=1), goods("many", "2.00", stock=9)

    assert picked(slot("eggs", few, many, packs=2)) == ["2 many"]
    assert slot("eggs", few, packs=2).problem == "not enough in stock"


def test_of_sizes_a_usual_one_is_taken_when_no_amount_was_said() -> None:
    small = goods("small", "1.19", title="Chips 45 g", size="45 g")
    usual = goods("usual", "1.99", title="Chips 200 g", size="200 g")
    candidates = [Candidate(one, 1.0, exact=True) for one in (small, usual)]

    options, _ = options_for(
        candidates, lambda _: Packs(Decimal(1)), cost=cost, held={}, by_unit=True
    )

    assert max(options, key=lambda one: one.value).product.id == "usual"
