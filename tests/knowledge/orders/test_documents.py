from decimal import Decimal

import pytest
from sqlalchemy import update

from connectors.mail.order_mail import write_mail
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import NotFound
from knowledge.orders.announcing import mail_address
from knowledge.orders.documents import order_document
from tests.calls import Talk
from tests.delivering import ask_delivery, delivering
from tests.market import fill_cart
from tests.orders import place_order, say_yes


def test_a_delivery_is_described_with_slot_address_and_contact(talk: Talk) -> None:
    shop = delivering(talk.shop)
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    fill_cart(shop, shopper, wine="1", oats="2")
    placed = say_yes(shop, ask_delivery(shop, shopper))
    with shop.read() as work:
        order = work.orders.find(placed.order_id or "")
        document = order_document(work.session, order.id)

    assert document["fulfilment"] == "delivery"
    assert document["slot"]["starts_at"] == "2026-11-24T10:00:00+00:00"
    assert document["address"]["lines"] == ["12 Elm Street"]
    assert document["contact"]["phone"].endswith("0189")
    assert document["zone"] == {"id": "town", "name": "Town"}
    assert [line["age_limit"] for line in document["lines"]] == [21, None]
    paid = sum(Decimal(one["amount"]) for one in document["totals"] if one["kind"] != "total")
    assert Decimal(document["total"]) == paid
    text = write_mail("placed", document, shop.profile).text
    assert "Delivery to 12 Elm Street, 98266 Maple Falls: Tue Nov 24, 10 am-12 pm." in text
    assert "people of 21 and older" in text


def test_the_mail_address_of_the_order_goes_before_that_of_the_account(talk: Talk) -> None:
    with talk.shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
        work.session.execute(
            update(ShopperRow).where(ShopperRow.id == shopper.id).values(email="own@example.com")
        )
    fill_cart(talk.shop, shopper, oats="1")
    order = place_order(talk.shop, shopper)
    with talk.shop.read() as work:
        document = order_document(work.session, order.id)

    assert mail_address(document | {"contact": {}}) == "own@example.com"
    assert mail_address(document | {"contact": {"email": "order@example.com"}}) == (
        "order@example.com"
    )
    nobody = document | {"contact": {"email": "a@b\nBcc: c@d.example"}, "shopper": {"email": None}}
    assert mail_address(nobody) is None


def test_an_order_that_is_not_there_has_no_document(talk: Talk) -> None:
    with talk.shop.read() as work, pytest.raises(NotFound):
        order_document(work.session, "o_none")
