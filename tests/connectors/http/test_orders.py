from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowledge.shop import Shop

Say = Callable[..., dict[str, Any]]


def yes(client: TestClient, confirmation: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(f"/api/v1/confirmations/{confirmation['id']}", json={"answer": "yes"})
    assert reply.status_code == 200, reply.text
    decision: dict[str, Any] = reply.json()
    return decision


@pytest.fixture
def order(client: TestClient, say: Say) -> dict[str, Any]:
    """Two of P001, for pickup."""
    client.post("/api/v1/cart/items", json={"product": "P001", "quantity": "2"})
    placed: dict[str, Any] = yes(client, say("checkout for pickup")["confirmation"])["order"]
    return placed


def hand_over(app: FastAPI, order_id: str) -> None:
    shop: Shop = app.state.application.shop
    with shop.write() as work:
        for status in ("picking", "ready", "handed_over"):
            work.orders.advance(order_id, status, actor="owner")


def test_one_order_has_its_history_and_a_list_has_not(
    client: TestClient, order: dict[str, Any]
) -> None:
    one = client.get(f"/api/v1/orders/{order['number']}").json()
    (listed,) = client.get("/api/v1/orders").json()["items"]

    assert [(step["status"], step["by"]) for step in one["history"]] == [("placed", "you")]
    assert one["can_cancel"] is True
    assert "history" not in listed
    assert listed["can_cancel"] is True


def test_an_order_is_cancelled_by_a_yes(client: TestClient, order: dict[str, Any]) -> None:
    asked = client.post(f"/api/v1/orders/{order['id']}/cancel").json()
    assert asked["action"] == "cancel_order"
    assert client.get(f"/api/v1/orders/{order['id']}").json()["status"] == "placed"

    decision = yes(client, asked)

    assert decision["outcome"] == "done"
    assert decision["order"]["status"] == "cancelled"
    again = client.post(f"/api/v1/orders/{order['id']}/cancel")
    assert again.status_code == 409
    assert "cancelled already" in again.json()["detail"]


def test_an_order_is_changed_by_taking_it_back_into_the_cart(
    client: TestClient, order: dict[str, Any]
) -> None:
    asked = client.post(f"/api/v1/orders/{order['id']}/cancel", json={"change": True}).json()

    yes(client, asked)

    (line,) = client.get("/api/v1/cart").json()["lines"]
    assert (line["product"], line["quantity"]) == ("P001", "2")


def test_what_was_handed_over_is_asked_to_be_taken_back(
    client: TestClient, order: dict[str, Any], app: FastAPI
) -> None:
    place = f"/api/v1/orders/{order['id']}/returns"
    wanted = {"items": [{"product": "P001", "quantity": "1"}], "reason": "brown"}
    assert client.post(place, json=wanted).status_code == 409
    hand_over(app, order["id"])
    assert client.post(place, json={"items": [{"product": "P002"}]}).status_code == 404

    asked = client.post(place, json=wanted).json()
    assert asked["action"] == "return_order"
    yes(client, asked)

    (requested,) = client.get(f"/api/v1/orders/{order['id']}").json()["returns"]
    assert (requested["status"], requested["why"]) == ("requested", "brown")
    assert [line["value"] for line in requested["lines"]] == ["1"]


def test_nobody_touches_the_order_of_another(
    sign_in: Callable[[], TestClient], order: dict[str, Any]
) -> None:
    stranger = sign_in()

    assert stranger.post(f"/api/v1/orders/{order['id']}/cancel").status_code == 404
    assert stranger.post(f"/api/v1/orders/{order['id']}/returns", json={}).status_code == 404
