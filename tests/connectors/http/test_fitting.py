from typing import Any

from starlette.testclient import TestClient


def fit(client: TestClient, **wanted: Any) -> dict[str, Any]:
    reply = client.post("/api/v1/cart/fit", json=wanted)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def test_a_cart_is_fitted_once_the_shopper_says_yes(client: TestClient) -> None:
    for product, quantity in (("P001", 6), ("P049", 2), ("P072", 1)):
        client.post("/api/v1/cart/items", json={"product": product, "quantity": quantity})
    total = client.get("/api/v1/cart").json()["totals"]["total"]
    assert fit(client)["choices"] != []
    assert fit(client, amount=total)["confirmation"] is None

    answer = fit(client, amount="6.50", keep=["c1"])

    assert answer["confirmation"]["action"] == "change_cart"
    assert float(answer["plan"]["total"]) <= 6.5
    assert "keeps to $6.50" in answer["text"]
    assert client.get("/api/v1/cart").json()["totals"]["total"] == total
    url = f"/api/v1/confirmations/{answer['confirmation']['id']}"
    assert client.post(url, json={"answer": "yes"}).json()["outcome"] == "done"
    cart = client.get("/api/v1/cart").json()
    assert cart["totals"]["total"] == answer["plan"]["total"]
    assert cart["lines"][0]["quantity"] == "6"


def test_an_empty_cart_and_a_wrong_amount_are_problems(client: TestClient) -> None:
    assert client.post("/api/v1/cart/fit", json={"amount": "5"}).status_code == 422
    assert client.post("/api/v1/cart/fit", json={"amount": "-5"}).status_code == 422
    assert client.post("/api/v1/cart/fit", json={"limit": "5"}).status_code == 422
