from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

BANANAS = "P001"
BY_WEIGHT = "P003"


def add(client: TestClient, product: str, quantity: Any = "1", **headers: str) -> dict[str, Any]:
    reply = client.post(
        "/api/v1/cart/items", json={"product": product, "quantity": quantity}, headers=headers
    )
    assert reply.status_code == 200, reply.text
    cart: dict[str, Any] = reply.json()
    return cart


def test_a_session_is_a_token_with_an_end(anonymous: TestClient) -> None:
    reply = anonymous.post("/api/v1/sessions", json={})

    assert reply.is_success
    assert set(reply.json()) == {"token", "shopper_id", "expires_at"}


def test_a_new_cart_is_empty_and_has_only_totals_that_apply(client: TestClient) -> None:
    cart = client.get("/api/v1/cart").json()

    assert cart["lines"] == []
    assert cart["totals"] == {"items": "0.00", "total": "0.00"}
    assert set(cart) == {"id", "version", "lines", "totals", "currency"}


def test_a_line_is_added_changed_and_removed(client: TestClient) -> None:
    (line,) = add(client, BANANAS, "2")["lines"]
    assert (line["id"], line["product"], line["quantity"]) == ("c1", BANANAS, "2")

    changed = client.patch("/api/v1/cart/items/c1", json={"quantity": 5}).json()
    assert changed["lines"][0]["quantity"] == "5"

    assert client.delete("/api/v1/cart/items/c1").json()["lines"] == []


def test_undo_takes_back_the_last_change(client: TestClient) -> None:
    add(client, BANANAS, "2")
    client.delete("/api/v1/cart/items/c1")

    assert client.post("/api/v1/cart/undo").json()["lines"][0]["quantity"] == "2"


def test_a_weighed_product_takes_part_of_a_kilogram(client: TestClient) -> None:
    (line,) = add(client, BY_WEIGHT, "0.5")["lines"]

    assert (line["quantity"], line["unit"]) == ("0.5", "kg")


def test_the_same_idempotency_key_changes_the_cart_once(client: TestClient) -> None:
    first = add(client, BANANAS, "2", **{"Idempotency-Key": "tap"})
    again = add(client, BANANAS, "2", **{"Idempotency-Key": "tap"})

    assert again == first
    assert add(client, BANANAS, "2", **{"Idempotency-Key": "other"})["lines"][0]["quantity"] == "4"


def test_a_key_of_one_shopper_says_nothing_to_another(sign_in: Callable[[], TestClient]) -> None:
    key = {"Idempotency-Key": "tap"}

    assert len(add(sign_in(), BANANAS, **key)["lines"]) == 1
    assert len(add(sign_in(), BANANAS, **key)["lines"]) == 1


def test_a_product_nobody_sells_is_not_found(client: TestClient) -> None:
    reply = client.post("/api/v1/cart/items", json={"product": "nope", "quantity": "1"})

    assert reply.status_code == 404
    assert "nope" in reply.json()["detail"]


def test_a_line_the_cart_does_not_have_is_not_found(client: TestClient) -> None:
    assert client.patch("/api/v1/cart/items/c9", json={"quantity": "1"}).status_code == 404
    assert client.delete("/api/v1/cart/items/c9").status_code == 404


def test_more_than_there_is_is_refused_and_changes_nothing(client: TestClient) -> None:
    reply = client.post("/api/v1/cart/items", json={"product": BANANAS, "quantity": "9999"})

    assert reply.status_code in {409, 422}
    assert client.get("/api/v1/cart").json()["lines"] == []


def test_a_budget_is_null_until_one_is_set(client: TestClient) -> None:
    assert client.get("/api/v1/budget").json() is None

    budget = client.put("/api/v1/budget", json={"amount": "40", "period": "week"}).json()

    assert budget == client.get("/api/v1/budget").json()
    assert (budget["amount"], budget["period"], budget["left"]) == ("40.00", "week", "40.00")
    assert (budget["spent"], budget["in_cart"], budget["state"]) == ("0.00", "0.00", "under")
    assert client.put("/api/v1/budget", json={"amount": None}).json() is None


def test_a_budget_that_asks_answers_with_the_question(client: TestClient) -> None:
    client.put("/api/v1/budget", json={"amount": "1", "period": "trip", "rule": "ask"})

    reply = client.post("/api/v1/cart/items", json={"product": BY_WEIGHT, "quantity": "2"})

    assert reply.status_code == 409
    asked = reply.json()["confirmation"]
    assert asked["action"] == "over_budget"
    said = client.post(f"/api/v1/confirmations/{asked['id']}", json={"answer": "yes"}).json()
    assert said["outcome"] == "done"
    assert len(client.get("/api/v1/cart").json()["lines"]) == 1


def test_preferences_replace_the_kinds_that_are_given(client: TestClient) -> None:
    client.put("/api/v1/preferences", json={"diets": ["vegan"], "allergens": ["peanuts"]})
    client.put("/api/v1/preferences", json={"allergens": ["milk"]})

    known = client.get("/api/v1/preferences").json()

    assert known["diets"] == ["vegan"]
    assert known["allergens"] == ["milk"]


def test_products_are_found_filtered_and_paged(anonymous: TestClient) -> None:
    page = anonymous.get(
        "/api/v1/products", params={"q": "milk", "max_price": "2", "limit": 3}
    ).json()
    after = anonymous.get(
        "/api/v1/products", params={"q": "milk", "max_price": "2", "limit": 3, "offset": 3}
    ).json()

    assert len(page["items"]) == 3
    assert all(Decimal(one["price"]) <= 2 for one in page["items"] + after["items"])
    assert not {one["id"] for one in page["items"]} & {one["id"] for one in after["items"]}
    assert page["total"] == after["total"]


def test_a_diet_leaves_only_what_suits_it(anonymous: TestClient) -> None:
    found = anonymous.get("/api/v1/products", params={"q": "yogurt", "diet": "vegan"}).json()

    assert found["items"]
    assert all("vegan" in one["diets"] for one in found["items"])


def test_one_product_is_shown_with_all_that_is_known(anonymous: TestClient) -> None:
    product = anonymous.get(f"/api/v1/products/{BANANAS}").json()

    assert product["id"] == BANANAS
    assert product["allergens"] == []
    assert product["stock"] is not None


def test_categories_count_their_products(anonymous: TestClient) -> None:
    categories = anonymous.get("/api/v1/categories").json()["items"]

    assert len(categories) > 10
    assert all(one["products"] > 0 for one in categories)


@pytest.mark.parametrize("kind", ["for_you", "popular", "budget", "health", "sustainability"])
def test_recommendations_say_why(client: TestClient, kind: str) -> None:
    add(client, BANANAS)

    found = client.get("/api/v1/recommendations", params={"kind": kind}).json()

    assert found["kind"] == kind
    assert all(one["reason"] for one in found["items"])


def test_what_goes_with_a_product_is_recommended(client: TestClient) -> None:
    found = client.get(
        "/api/v1/recommendations", params={"kind": "similar", "product": BANANAS}
    ).json()

    assert found["items"]
    assert BANANAS not in {one["id"] for one in found["items"]}


def test_the_shop_introduces_itself_with_examples_that_fit(anonymous: TestClient) -> None:
    shop = anonymous.get("/api/v1/shop").json()

    assert shop["currency"] == "USD"
    assert len(shop["examples"]) == 4
