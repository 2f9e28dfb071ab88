from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from knowledge.catalog.importing import import_file
from knowledge.catalog.models import Product
from knowledge.errors import InvalidInput
from knowledge.money import Money
from knowledge.pricing.promotions import PercentOff, Promotion
from knowledge.recommend.asking import Asked, RecommendationKind, Suggestions
from knowledge.recommend.complements import UNKNOWN_NOTE
from knowledge.recommend.recommender import open_recommender
from knowledge.recommend.wishes import Wishes
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet
from knowledge.shop import Shop
from knowledge.work import Work
from tests.fixed_clock import FixedClock
from tests.foods import HARDWARE
from tests.market import fill_cart
from tests.orders import place_order

KINDS: tuple[RecommendationKind, ...] = get_args(RecommendationKind)
PASTA, BANANAS, OAT_DRINK, MILK = "P113", "P001", "P200", "P049"


@pytest.fixture
def work(shop: Shop) -> Iterator[Work]:
    with shop.read() as work:
        yield work


@pytest.fixture
def ask(shop: Shop, work: Work) -> Callable[..., Suggestions]:
    half = PercentOff(kind="percent_off", percent=Decimal(50), category="Pantry")

    def ask(kind: RecommendationKind, product: str | None = None, **more: Any) -> Suggestions:
        about = None if product is None else work.catalog.get(product)
        more.setdefault("offers", (Promotion("half", "Half price", half),))
        asked = Asked(
            kind=kind, session=work.session, catalog=work.catalog, product=about, home="US", **more
        )
        return shop.recommender.suggest(asked)

    return ask


Ask = Callable[..., Suggestions]


@pytest.fixture
def cart(work: Work) -> tuple[Product, ...]:
    return tuple(work.catalog.get_many([PASTA, BANANAS]).values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_suggestion_has_a_reason_and_a_confidence(ask: Ask, kind: RecommendationKind) -> None:
    found = ask(kind, PASTA) if kind != "budget" else ask(kind)

    assert found.items
    assert all(one.reason for one in found.items)
    assert all(0 <= one.confidence <= 1 for one in found.items)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("product", [PASTA, None])
def test_never_what_an_allergy_or_diet_forbids(
    ask: Ask, kind: RecommendationKind, product: str | None, cart: tuple[Product, ...]
) -> None:
    if kind == "similar" and product is None:
        return
    wishes = Wishes(diets=("vegan",), allergens=("soy", "nuts"))

    for one in ask(kind, product, wishes=wishes, cart=cart).items:
        assert check_diet(one.product, "vegan").verdict == "yes"
        assert check_allergen(one.product, "soy").verdict == "yes"
        assert check_allergen(one.product, "nuts").verdict == "yes"


@pytest.mark.parametrize("kind", KINDS)
def test_never_what_is_sold_out_or_in_the_cart(
    ask: Ask, kind: RecommendationKind, cart: tuple[Product, ...]
) -> None:
    found = ask(kind, PASTA, cart=cart).items

    assert all(one.product.in_stock for one in found)
    assert not {one.product.id for one in found} & {PASTA, BANANAS}


def test_sauce_goes_with_pasta_but_no_other_pasta(ask: Ask) -> None:
    shelves = {one.product.category[-1] for one in ask("goes_with", PASTA).items}

    assert "Sauces" in shelves
    assert "Pasta" not in shelves


def test_what_goes_with_gluten_free_pasta_has_no_gluten(ask: Ask) -> None:
    for one in ask("goes_with", PASTA, limit=10).items:
        assert check_diet(one.product, "gluten_free").verdict != "no"


def test_says_in_how_many_baskets_things_were_bought_together(ask: Ask) -> None:
    assert any("baskets" in one.reason for one in ask("goes_with", "P107").items)


def test_nothing_goes_with_an_empty_cart(ask: Ask) -> None:
    assert ask("goes_with").note == "The cart is empty, so there is nothing yet to go with."


def test_own_habits_come_first(ask: Ask) -> None:
    first = ask("for_you", bought={OAT_DRINK: 3, MILK: 1}).items[0]

    assert (first.product.id, first.reason) == (OAT_DRINK, "you bought it 3 times")


def test_says_when_nothing_is_known_of_a_shopper(ask: Ask) -> None:
    found = ask("for_you")

    assert found.items
    assert found.note == "Nothing is known of your taste yet, so these are popular with others."


def test_alcohol_and_cat_food_are_not_pressed_on_anybody(ask: Ask) -> None:
    for kind in ("popular", "budget", "for_you"):
        for one in ask(kind, limit=10).items:
            assert one.product.age_limit is None
            assert one.product.category[0] != "Pet"


def test_fits_what_the_budget_leaves(ask: Ask) -> None:
    found = ask("budget", left=Money(Decimal("2.00"), "USD"))

    assert found.items
    assert all(one.product.price.amount <= 2 for one in found.items)
    assert "of the $2.00 left" in found.items[0].reason


def test_suggests_nothing_when_the_budget_is_spent(ask: Ask) -> None:
    found = ask("budget", left=Money(Decimal(-1), "USD"))

    assert (found.items, found.note) == ((), "Nothing is left of the budget.")


def test_similar_needs_a_product(ask: Ask) -> None:
    with pytest.raises(InvalidInput, match="which product"):
        ask("similar")


def test_similar_pasta_is_pasta(ask: Ask) -> None:
    assert ask("similar", PASTA).items[0].product.category[-1] == "Pasta"


def test_health_with_a_product_means_a_healthier_one(ask: Ask) -> None:
    assert "Nutri-Score A instead of B" in ask("health", PASTA).items[0].reason


def test_says_when_there_is_no_better_match(ask: Ask) -> None:
    found = ask("health", "P136")

    assert found.items == ()
    assert found.note == "No better match for Podling Red Lentils 500 g."


def test_swaps_of_a_cart_are_one_a_line_and_each_offered_once(shop: Shop, work: Work) -> None:
    products = work.catalog.get_many(["P172", OAT_DRINK, PASTA, BANANAS, "P173"])
    asked = Asked(
        kind="similar",
        session=work.session,
        catalog=work.catalog,
        cart=tuple(products.values()),
        home="US",
    )
    lines = [(f"c{place}", one, Decimal(2)) for place, one in enumerate(products.values())]

    found = shop.recommender.cart_swaps(asked, "greener", lines)

    assert len(found) >= 4
    assert len({line for line, _ in found}) == len(found)
    assert len({swap.replacement.id for _, swap in found}) == len(found)
    assert [swap.gain for _, swap in found] == sorted((one.gain for _, one in found), reverse=True)


def test_beef_mince_is_swapped_for_other_mince(shop: Shop, work: Work) -> None:
    asked = Asked(kind="similar", session=work.session, catalog=work.catalog)

    found = shop.recommender.swaps(asked, "greener", work.catalog.get("P096"))

    assert "Lentil Mince" in found[0].replacement.title
    assert all("Mince" in swap.replacement.title for swap in found)


@pytest.fixture
def hardware_shop(make_shop: Callable[[str], Shop], sqlite_url: str, clock: FixedClock) -> Shop:
    shop = make_shop(sqlite_url)
    import_file(HARDWARE, shop.units, clock, "USD")
    shop.search.refresh()
    return shop


def test_a_shop_without_baskets_says_that_it_guesses(hardware_shop: Shop) -> None:
    with hardware_shop.read() as work:
        drill = work.catalog.get("H001")
        asked = Asked(kind="goes_with", session=work.session, catalog=work.catalog, product=drill)
        found = hardware_shop.recommender.suggest(asked)

    assert found.note == UNKNOWN_NOTE
    assert found.items
    assert all(one.confidence <= 0.2 for one in found.items)
    assert all(one.product.category != drill.category for one in found.items)


def test_a_shop_of_another_trade_finds_cheaper_swaps(hardware_shop: Shop) -> None:
    with hardware_shop.read() as work:
        asked = Asked(kind="similar", session=work.session, catalog=work.catalog)
        paint = hardware_shop.recommender.swaps(asked, "cheaper", work.catalog.get("H033"))
        gloves = hardware_shop.recommender.swaps(asked, "cheaper", work.catalog.get("H048"))

    assert [swap.replacement.id for swap in paint] == ["H034"]
    assert [swap.replacement.id for swap in gloves] == ["H045"]


def test_learns_from_a_file_of_baskets(
    hardware_shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "baskets.csv"
    file.write_text("H001,H006\n" * 5 + "H013\nH014\n" * 5)
    recommender = open_recommender(hardware_shop.units, hardware_shop.search, clock, baskets=file)

    with hardware_shop.read() as work:
        asked = Asked(
            kind="goes_with",
            session=work.session,
            catalog=work.catalog,
            product=work.catalog.get("H001"),
        )
        found = recommender.suggest(asked)
        again = recommender.suggest(replace(asked, limit=1))

    assert found.note is None
    assert found.items[0].product.id == "H006"
    assert "in 5 of 5 baskets" in found.items[0].reason
    assert len(again.items) == 1


def test_learns_from_orders_as_they_come_in(hardware_shop: Shop, clock: FixedClock) -> None:
    def ask_for_drill() -> Suggestions:
        with hardware_shop.read() as work:
            drill = work.catalog.get("H001")
            asked = Asked(
                kind="goes_with", session=work.session, catalog=work.catalog, product=drill
            )
            return hardware_shop.recommender.suggest(asked)

    assert ask_for_drill().note == UNKNOWN_NOTE
    for number in range(20):
        with hardware_shop.write() as work:
            shopper = work.shoppers.create_anonymous("web")
        goods = {"H001": "1", "H006": "1"} if number % 2 else {"H013": "1"}
        fill_cart(hardware_shop, shopper, **goods)
        place_order(hardware_shop, shopper)
    clock.advance(11 * 60)

    first = ask_for_drill().items[0]

    assert (first.product.id, first.reason.split(" in ")[-1]) == ("H006", "10 of 10 baskets")
