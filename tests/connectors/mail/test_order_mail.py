from typing import Any

import pytest

from connectors.mail.order_mail import write_mail
from knowledge.profile import ShopProfile

PROFILE = ShopProfile()


def document(**more: Any) -> dict[str, Any]:
    line = {
        "number": 1,
        "product": "oats",
        "title": "Oats <b>& more</b>\nFree!",
        "quantity": "2",
        "unit_price": "2.50",
        "total": "5.00",
        "adjustments": [],
        "to_pay": "5.00",
        "substitution": "similar",
        "age_limit": None,
        "unit": None,
    }
    return {
        "id": "o1",
        "number": "ABCD-2345",
        "status": "placed",
        "placed_at": "2026-11-23T09:00:00Z",
        "currency": "USD",
        "total": "5.00",
        "totals": [
            {"kind": "items", "title": "Items", "amount": "5.00"},
            {"kind": "total", "title": "Total", "amount": "5.00"},
        ],
        "fulfilment": "pickup",
        "slot": None,
        "address": None,
        "pickup": {"place": "12 Elm Street", "hours": "8 am to 8 pm"},
        "lines": [line],
        "returns": [],
    } | more


def test_a_confirmation_says_what_when_where_and_how_to_change_it() -> None:
    mail = write_mail(
        "placed",
        document(slot={"label": "Tue Nov 24, 10 am-12 pm"}),
        PROFILE,
        address="https://shop.example",
    )

    assert mail.subject == "Your order ABCD-2345 at Greenleaf Market"
    assert mail.text == (
        "Thank you. We have your order ABCD-2345 and will pick it for you.\n\n"
        "Pickup at 12 Elm Street (8 am to 8 pm): Tue Nov 24, 10 am-12 pm.\n\n"
        "Until we begin to pick it you can change or cancel it at https://shop.example: write "
        '"change order ABCD-2345" or "cancel order ABCD-2345" to our assistant.\n\n'
        "Order ABCD-2345 of Nov 23, 2026\n\n"
        "$5.00  2 x Oats <b>& more</b> Free! (when it has run out, something similar)\n"
        "-------\n"
        "$5.00  Items\n"
        "$5.00  Total\n\n"
        "Questions? Answer this mail, or ask us at https://shop.example.\n\n"
        "Greenleaf Market\n"
    )
    assert "Oats &lt;b&gt;&amp; more&lt;/b&gt; Free!" in mail.html
    assert "<b>" not in mail.html


def test_a_delivery_says_the_address_and_that_age_is_checked() -> None:
    order = document(
        fulfilment="delivery",
        status="out_for_delivery",
        address={"lines": ["1 Main St"], "postal_code": "62704", "city": "Springfield"},
    )
    order["lines"][0]["age_limit"] = 21

    mail = write_mail("out_for_delivery", order, PROFILE)

    assert mail.subject == "Your order ABCD-2345 is on its way"
    assert "Delivery to 1 Main St, 62704 Springfield." in mail.text
    assert "people of 21 and older" in mail.text
    assert "cancel" not in mail.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ready", "waits for you"),
        ("cancelled", "Nothing of it will be handed over"),
        ("refunded", "We paid back $2.50"),
    ],
)
def test_each_kind_says_what_happened(kind: Any, said: str) -> None:
    order = document(returns=[{"id": "r1", "refund": "2.50"}])

    assert said in write_mail(kind, order, PROFILE, detail="r1").text


def test_goods_by_weight_have_their_unit_and_the_total_stands_out() -> None:
    bananas = document()["lines"][0] | {"title": "Bananas", "quantity": "0.5", "unit": "kg"}
    totals = [
        {"kind": "items", "title": "Items", "amount": "5.00"},
        {"kind": "total", "title": "Total", "amount": "5.00"},
        {"kind": "included_tax", "title": "Includes VAT", "amount": "0.80"},
    ]

    mail = write_mail("placed", document(lines=[bananas], totals=totals), PROFILE)

    assert "$5.00  0.5 kg Bananas (" in mail.text
    (bold,) = [row for row in mail.html.split("<tr>") if "font-weight" in row.split("</td>")[0]]
    assert ">Total<" in bold
