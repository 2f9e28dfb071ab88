from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.delivering import coupon

ELM = {"lines": ["12 Elm Street"], "postal_code": "98266", "city": "Maple Falls", "region": "WA"}


@pytest.fixture
def filled(client: TestClient) -> TestClient:
    """A cart that is worth a delivery."""
    found = client.get("/api/v1/products", params={"q": "milk", "in_stock": True, "limit": 20})
    total = 0.0
    for product in found.json()["items"]:
        item = {"product": product["id"], "quantity": "2"}
        reply = client.post("/api/v1/cart/items", json=item)
        if reply.status_code == 200 and (total := float(reply.json()["totals"]["items"])) > 30:
            return client
    raise AssertionError(total)


def go_on(client: TestClient, **said: Any) -> dict[str, Any]:
    reply = client.put("/api/v1/checkout", json=said)
    assert reply.status_code == 200, reply.text
    checkout: dict[str, Any] = reply.json()
    return checkout


def test_addresses_are_saved_listed_and_removed(client: TestClient) -> None:
    saved = client.put("/api/v1/addresses/home", json={**ELM, "phone": "(415) 555-0189"}).json()
    typed = {"text": "5 Far Street, Elsewhere, NY 10001"}
    assert client.put("/api/v1/addresses/away", json=typed).json()["delivered"] is False

    assert saved["short"] == "home (Elm Street, 98266 Maple Falls)"
    assert (saved["delivered"], saved["phone"], saved["country"]) == (True, "+14155550189", "US")
    assert client.delete("/api/v1/addresses/away").status_code == 204
    assert client.delete("/api/v1/addresses/away").status_code == 404
    assert [one["name"] for one in client.get("/api/v1/addresses").json()["items"]] == ["home"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "12 Elm Street"}, "lacks the postal code and city"),
        ({"lines": ["12 Elm Street"]}, "give text, or lines"),
        ({**ELM, "text": "12 Elm Street"}, "not both"),
        ({**ELM, "phone": "call me"}, "no phone number"),
        ({**ELM, "country": "Germany"}, "country"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(
    client: TestClient, body: dict[str, Any], said: str
) -> None:
    reply = client.put("/api/v1/addresses/home", json=body)

    assert reply.status_code == 422
    assert said in reply.json()["detail"]


def test_slots_are_those_of_the_zone(client: TestClient) -> None:
    slots = client.get("/api/v1/slots", params={"postal_code": "98244"}).json()

    assert slots["zone"] == "Foothills"
    assert slots["items"]
    assert all(one["id"].endswith("-foothills") for one in slots["items"])
    assert client.get("/api/v1/slots", params={"postal_code": "10001"}).status_code == 409
    pickup = client.get("/api/v1/slots", params={"fulfilment": "pickup"}).json()
    assert {one["fulfilment"] for one in pickup["items"]} == {"pickup"}


def test_a_delivery_is_put_together_and_confirmed(filled: TestClient) -> None:
    first = go_on(filled, fulfilment="delivery")
    assert (first["missing"], first["slot"]) == ("address", None)
    assert filled.post("/api/v1/checkout").status_code == 409

    filled.put("/api/v1/addresses/home", json=ELM)
    second = go_on(filled, address="home")
    assert (second["missing"], second["zone"]) == ("slot", "Maple Falls")
    third = go_on(filled, slot=second["choices"][1]["value"])
    assert third["missing"] == "contact"
    last = go_on(filled, contact="anna@example.com")
    assert (last["missing"], last["contact"]) == (None, "a..@example.com")
    assert last == filled.get("/api/v1/checkout").json()
    assert "delivery" in last["totals"]

    asked = filled.post("/api/v1/checkout").json()
    assert last["slot"]["label"] in asked["text"]
    reply = filled.post(f"/api/v1/confirmations/{asked['id']}", json={"answer": "yes"}).json()
    assert reply["outcome"] == "done"
    assert reply["order"]["slot"]["id"] == last["slot"]["id"]
    assert reply["order"]["address"] == "home (Elm Street, 98266 Maple Falls)"
    assert filled.get("/api/v1/orders").json()["items"][0]["contact"] == "a..@example.com"


def test_a_pickup_is_asked_at_once(filled: TestClient) -> None:
    assert "totals" in filled.get("/api/v1/checkout").json()

    asked = filled.post("/api/v1/checkout")

    assert asked.status_code == 200
    assert "for pickup" in asked.json()["text"]


def test_coupons_are_entered_and_taken_out(filled: TestClient, app: FastAPI) -> None:
    with app.state.application.shop.write() as work:
        work.session.add(coupon("WELCOME10"))

    entered = filled.put("/api/v1/cart/coupons/welcome10")
    assert entered.status_code == 200
    assert "Coupon WELCOME10 is entered" in entered.json()["text"]
    assert entered.json()["cart"]["coupons"] == ["WELCOME10"]

    out = filled.delete("/api/v1/cart/coupons/WELCOME10").json()
    assert "coupons" not in out["cart"]
    assert filled.delete("/api/v1/cart/coupons/WELCOME10").status_code == 404


def test_guessing_coupons_is_stopped(client: TestClient) -> None:
    replies = [client.put(f"/api/v1/cart/coupons/guess{n}").status_code for n in range(11)]

    assert replies == [404] * 10 + [429]
