from dataclasses import replace

import pytest
from sqlalchemy import select

from knowledge.carts.models import Actor
from knowledge.db.rows.orders import OrderLineRow, OrderRow
from knowledge.errors import InvalidInput
from knowledge.fulfilment.models import Zone
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.models import Order
from knowledge.orders.placed_text import placed_text
from knowledge.orders.questions import ask_to_order
from knowledge.profile import PickupTerms, SlotPlan, TaxTerms
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import HOME, PLAN, TOWN, ask_delivery, delivering, say, window
from tests.fixed_clock import FixedClock
from tests.market import contents, fill_cart, goods, stock_shelves
from tests.orders import ask, place_order, say_yes


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The race for the last place runs on both kinds; what is said does not differ."""
    return sqlite_url


@pytest.fixture
def shop(market: Shop) -> Shop:
    return delivering(market)


def order_of(shop: Shop, shopper: Shopper) -> Order:
    with shop.read() as work:
        (order,) = work.orders.of_shopper(shopper.id)
    return order


def newcomer(shop: Shop) -> Shopper:
    with shop.write() as work:
        return work.shoppers.create_anonymous("web")


def sell_out(shop: Shop, asked: Confirmation) -> None:
    """Somebody else takes the slot of a question."""
    with shop.write() as work:
        slot = work.slots.get_open(asked.payload["destination"]["slot_id"], "delivery")
        while work.slots.take(slot):
            pass


def test_the_question_says_slot_address_fee_and_age_check(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2", wine="1")

    asked = ask_delivery(shop, customer, "tonight")

    assert asked.text == (
        "Order 3 items, total $22.95, with delivery ($5.95, slot $2.00) Mon Nov 23, 6 pm-8 pm "
        "to home (Elm Street, 98266 Maple Falls): 2 x Green Tea 20 bags, 1 x Red Blend. "
        "ID for 21+ at hand-over. Say yes to place the order, or no to keep shopping."
    )


def test_an_order_keeps_where_when_and_whom_to_reach(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2", wine="1")
    decision = say_yes(shop, ask_delivery(shop, customer))

    order = order_of(shop, customer)
    assert decision.text == placed_text(order)
    assert "for delivery Tue Nov 24, 10 am-12 pm to home" in decision.text
    assert "shows an ID: 21 or older" in decision.text
    assert (order.slot_id, order.age_limit) == ("delivery-20261124T1000-1200", 21)
    assert order.details["address"]["lines"] == ["12 Elm Street"]
    assert order.details["zone"] == {"id": "town", "name": "Town"}
    assert order.contact.phone == "+14155550189"
    with shop.write() as work:
        ages = work.session.execute(
            select(OrderLineRow.product_id, OrderLineRow.age_limit).order_by(OrderLineRow.number)
        ).all()
        assert [tuple(one) for one in ages] == [("tea", None), ("wine", 21)]
        assert work.checkouts.get(customer.cart_id, shopper_id=customer.id) is None
        assert work.addresses.of(customer.id)[0].used_at is not None
        assert work.contacts.known(customer.id).masked == "..89"
        assert work.slots.find("delivery-20261124T1000-1200").taken == 1  # type: ignore[union-attr]

        work.addresses.remove(customer.id, "home")
        kept = work.orders.of_shopper(customer.id)[0]
        assert kept.details["address"]["postal_code"] == "98266"
        assert work.session.scalar(select(OrderRow.address_id)) is None


def test_a_slot_sold_out_during_the_confirmation_voids_it_and_asks_anew(
    shop: Shop, customer: Shopper
) -> None:
    fill_cart(shop, customer, tea="2")
    asked = ask_delivery(shop, customer)
    sell_out(shop, asked)

    decision = say_yes(shop, asked)

    assert (decision.outcome, decision.order_id, decision.confirmation) == ("changed", None, None)
    assert decision.text.startswith(
        "Not ordered yet. The slot Tue Nov 24, 10 am-12 pm has just been taken. "
        "When should it come? Some cost $2.00 extra. "
        "slot 1: Mon Nov 23, 6 pm-8 pm (+$2.00); slot 2: Tue Nov 24, 6 pm-8 pm"
    )
    assert [one.value for one in decision.choices[:2]] == ["slot 1", "slot 2"]
    assert contents(shop, customer) == {"c1 tea": "2"}
    with shop.read() as work:
        assert work.confirmations.get(asked.id).status == "void"
    assert say_yes(shop, asked).choices == decision.choices

    again = ask_delivery(shop, customer, "slot 2")
    assert "Tue Nov 24, 6 pm-8 pm" in again.text
    assert say_yes(shop, again).outcome == "done"


def test_a_slot_that_closed_during_the_confirmation_is_asked_anew(
    shop: Shop, customer: Shopper, clock: FixedClock
) -> None:
    fill_cart(shop, customer, tea="2")
    clock.advance(7 * 3600 - 60)
    asked = ask_delivery(shop, customer, "tonight")
    clock.advance(120)

    decision = say_yes(shop, asked)

    assert decision.outcome == "changed"
    assert decision.choices[0].value == "slot 1"


def test_a_pickup_slot_that_is_taken_is_asked_anew(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2")
    step = say(shop, customer, slot="tomorrow noon")
    with shop.write() as work:
        asked = ask_to_order(
            work, cart_id=customer.cart_id, actor=Actor(customer.id, "web"), conversation_id=None,
            reference=step.reference(),
        )  # fmt: skip
        assert "for pickup Tue Nov 24, 12 pm-2 pm: 2 x" in asked.text
        assert step.slot is not None
        while work.slots.take(step.slot):
            pass

    decision = say_yes(shop, asked)

    assert "When will you collect it?" in decision.text


def test_a_fee_that_changed_is_said_and_asked_anew(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2")
    asked = ask_delivery(shop, customer)
    dearer = Zone("town", "Town", ("98266",), replace(TOWN.terms, fee=TOWN.terms.fee + 1))
    changed = delivering(shop, dearer)

    decision = say_yes(changed, asked)

    assert decision.outcome == "changed"
    assert "delivery now costs $6.95 instead of $5.95" in decision.text
    assert decision.confirmation is not None
    assert say_yes(changed, decision.confirmation).outcome == "done"


def test_a_minimum_that_rose_or_a_zone_that_went_stops_the_order(
    shop: Shop, customer: Shopper
) -> None:
    fill_cart(shop, customer, tea="2")
    asked = ask_delivery(shop, customer)
    higher = Zone("town", "Town", ("98266",), replace(TOWN.terms, minimum=TOWN.terms.fee * 9))
    decision = say_yes(delivering(shop, higher), asked)
    assert (decision.outcome, decision.confirmation) == ("changed", None)
    assert "Delivery starts at $53.55" in decision.text

    asked = ask_delivery(delivering(shop), customer)
    elsewhere = Zone("far", "Far", ("1*",), TOWN.terms)
    decision = say_yes(delivering(shop, elsewhere), asked)
    assert decision.outcome == "changed"
    assert "do not deliver to 98266" in decision.text


def test_an_address_changed_after_the_question_is_asked_anew(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2")
    asked = ask_delivery(shop, customer)
    say(shop, customer, address="home: 99 Elm Street, Maple Falls, WA 98266")

    decision = say_yes(shop, asked)

    assert decision.outcome == "changed"
    assert "the address was changed" in decision.text


def test_a_delivery_to_zones_needs_an_address(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="9")

    with pytest.raises(InvalidInput, match="Say where"):
        ask(shop, customer, fulfilment="delivery")


def test_what_is_given_back_can_be_taken_again(shop: Shop, customer: Shopper) -> None:
    fill_cart(shop, customer, tea="2")
    say_yes(shop, ask_delivery(shop, customer))
    with shop.write() as work:
        work.slots.release(order_of(shop, customer).slot_id or "")

    other = newcomer(shop)
    fill_cart(shop, other, tea="2")
    assert say_yes(shop, ask_delivery(shop, other)).outcome == "done"


def test_a_plain_pickup_says_and_keeps_nothing_new(market: Shop, customer: Shopper) -> None:
    shop = delivering(market)
    fill_cart(market, customer, tea="2")
    fill_cart(shop, newcomer(shop), tea="2")

    here, there = ask(market, customer), ask(shop, customer)

    assert (here.text, here.shown_hash) == (there.text, there.shown_hash)
    order = place_order(shop, customer)
    assert (order.details, order.slot_id, bool(order.contact)) == ({}, None, False)


def test_a_pickup_says_where_when_the_shop_has_said_so(market: Shop, customer: Shopper) -> None:
    shop = delivering(market, pickup=PickupTerms("1 Main Street", "8 to 8"))
    fill_cart(shop, customer, tea="2")

    decision = say_yes(shop, ask(shop, customer))

    assert decision.text.endswith("total $6.00. Collect it at 1 Main Street (8 to 8).")


def test_the_longest_question_fits_a_text_message(shop: Shop, customer: Shopper) -> None:
    tax = TaxTerms(TOWN.terms.fee, name="Value added tax of everything")
    plan = SlotPlan((window(10, fee=TOWN.terms.fee * 100),), PLAN.delivery)
    taxed = delivering(shop, tax=tax, slots=plan)
    long = [goods(f"p{n}", "9999.99", title="Very " * 20 + str(n), age_limit=21) for n in range(9)]
    stock_shelves(taxed, *long)
    fill_cart(taxed, customer, **{one.id: "99" for one in long})
    address = f"{'x' * 30}: 12 {'Longest ' * 6}Street, Maple Falls, WA 98266"

    asked = ask_delivery(taxed, customer, address=address)

    assert len(asked.text) <= LONGEST
    assert "ID for 21+ at hand-over. Say yes" in asked.text
    assert "12" not in asked.text.split(" to ")[1].split(":")[0]
    assert HOME.split(",")[0] not in asked.text
