import pytest
from sqlalchemy import select

from knowledge.db.rows.carts import CheckoutRow
from knowledge.profile import SlotPlan
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import HOME, PHONE, delivering, say, window
from tests.fixed_clock import FixedClock
from tests.market import fill_cart


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database will do: no statement here is peculiar to one."""
    return sqlite_url


def missing(step: object) -> str | None:
    question = getattr(step, "question", None)
    return question.missing if question else None


def test_delivery_asks_one_thing_after_the_other_and_remembers(
    market: Shop, customer: Shopper
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    first = say(shop, customer, fulfilment="delivery")
    second = say(shop, customer, address=HOME)
    third = say(shop, customer, slot="slot 2")
    last = say(shop, customer, contact=PHONE)

    assert [missing(step) for step in (first, second, third, last)] == [
        "address", "slot", "contact", None
    ]  # fmt: skip
    assert second.question is not None
    assert [(one.label, one.value) for one in second.question.choices][:2] == [
        ("Mon Nov 23, 6 pm-8 pm (+$2.00)", "slot 1"),
        ("Tue Nov 24, 10 am-12 pm", "slot 2"),
    ]
    assert last.address is not None
    assert last.slot is not None
    assert (last.fulfilment, last.address.name, last.contact.masked) == ("delivery", "home", "..89")
    assert last.slot.id == "delivery-20261124T1000-1200"


def test_everything_said_at_once_is_enough(market: Shop, customer: Shopper) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    step = say(shop, customer, address=HOME, slot="tomorrow evening", contact="a@example.com")

    assert step.question is None
    assert step.fulfilment == "delivery"


def test_pickup_needs_nothing_and_may_have_a_slot(market: Shop, customer: Shopper) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="1")

    assert say(shop, customer).question is None
    step = say(shop, customer, slot="tomorrow at noon")
    assert step.slot is not None
    assert step.slot.id == "pickup-20261124T1200-1400"


def test_an_address_can_be_said_in_pieces(market: Shop, customer: Shopper) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    first = say(shop, customer, address="12 Elm Street, Maple Falls")
    second = say(shop, customer, address="98266")

    assert first.question is not None
    assert "lacks the postal code" in first.question.text
    assert second.address is not None
    assert second.address.place.postal_code == "98266"


def test_outside_all_zones_pickup_is_offered_and_nothing_saved(
    market: Shop, customer: Shopper
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    step = say(shop, customer, address="1 Far Street, Elsewhere, NY 10001")

    assert step.question is not None
    assert "do not deliver to 10001" in step.question.text
    assert [one.value for one in step.question.choices] == ["pickup"]
    with shop.read() as work:
        assert work.addresses.of(customer.id) == []
    assert say(shop, customer, fulfilment="pickup").question is None


def test_too_little_for_the_zone_is_said_before_a_slot_is_asked(
    market: Shop, customer: Shopper
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    step = say(shop, customer, address="3 Field Road, Nooksack, WA 98276")

    assert step.question is not None
    assert step.question.missing == "minimum"
    assert "Delivery starts at $20.00" in step.question.text


def test_a_saved_address_is_found_by_name_and_the_only_one_is_taken(
    market: Shop, customer: Shopper
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")
    say(shop, customer, address=HOME)

    assert missing(say(shop, customer, fulfilment="pickup")) is None
    only = say(shop, customer, fulfilment="delivery")
    assert only.address is not None
    assert only.address.name == "home"
    unknown = say(shop, customer, address="office")
    assert unknown.question is not None
    assert "No address is saved as 'office'." in unknown.note
    assert [one.value for one in unknown.question.choices] == ["home"]


def test_a_slot_that_is_no_slot_is_asked_again(market: Shop, customer: Shopper) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")

    none = say(shop, customer, address=HOME, slot="tomorrow at 3 pm")
    nonsense = say(shop, customer, slot="bananas")
    wrong = say(shop, customer, slot="slot 1", contact="nobody")

    assert none.note == "No free slot fits 'tomorrow at 3 pm'."
    assert nonsense.note == "'bananas' is no slot."
    assert missing(none) == missing(nonsense) == "slot"
    assert wrong.question is not None
    assert "no phone number or mail address" in wrong.question.text


def test_a_slot_that_closes_meanwhile_is_asked_anew(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")
    say(shop, customer, address=HOME, slot="tonight", contact=PHONE)
    clock.advance(8 * 3600)

    step = say(shop, customer)

    assert step.note == "The slot Mon Nov 23, 6 pm-8 pm can no longer be had."
    assert missing(step) == "slot"


def test_without_a_free_slot_pickup_is_offered(market: Shop, customer: Shopper) -> None:
    shop = delivering(market, slots=SlotPlan((window(8, weekdays=(0,)),), days_ahead=1))
    fill_cart(shop, customer, tea="3")

    step = say(shop, customer, address=HOME)

    assert step.question is not None
    assert "No delivery slot is free" in step.question.text


def test_what_was_said_yesterday_is_asked_again(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    shop = delivering(market)
    fill_cart(shop, customer, tea="3")
    say(shop, customer, fulfilment="delivery")
    assert say(shop, customer).fulfilment == "delivery"
    clock.advance(days=1)

    assert say(shop, customer).fulfilment == "pickup"
    with shop.read() as work:
        assert len(work.session.scalars(select(CheckoutRow.cart_id)).all()) == 1


def test_a_shop_without_zones_and_slots_asks_for_address_and_contact(
    market: Shop, customer: Shopper
) -> None:
    fill_cart(market, customer, tea="9")

    first = say(market, customer, fulfilment="delivery")
    second = say(market, customer, address="1 Far Street, Elsewhere, NY 10001", slot="tonight")
    last = say(market, customer, contact=PHONE)

    assert [missing(step) for step in (first, second, last)] == ["address", "contact", None]
    assert second.note == "There are no time slots to choose."
