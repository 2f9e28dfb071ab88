from starlette.testclient import TestClient

BANANAS, BY_WEIGHT = "P001", "P003"


def test_a_list_is_saved_read_renamed_and_deleted(client: TestClient) -> None:
    assert client.get("/api/v1/lists").json() == {"items": []}
    wanted = {"items": [{"product": BANANAS, "quantity": "2"}, {"product": BY_WEIGHT}]}

    saved = client.put("/api/v1/lists/Weekly", json=wanted).json()
    assert (saved["name"], saved["usual"]) == ("Weekly", False)
    assert [(one["product"], one["quantity"]) for one in saved["items"]] == [
        (BANANAS, "2"),
        (BY_WEIGHT, "1"),
    ]
    assert client.get("/api/v1/lists/weekly").json() == saved

    renamed = client.put("/api/v1/lists/weekly", json={"name": "Sundays"}).json()
    assert renamed == saved | {"name": "Sundays"}
    assert client.get("/api/v1/lists").json()["items"] == [renamed]
    assert client.delete("/api/v1/lists/sundays").json() == {"items": []}


def test_the_cart_becomes_a_list_and_a_list_the_cart(client: TestClient) -> None:
    client.post("/api/v1/cart/items", json={"product": BANANAS, "quantity": "2"})
    client.put("/api/v1/lists/fruit", json={})
    client.delete("/api/v1/cart/items/c1")

    cart = client.post("/api/v1/lists/fruit/add", headers={"Idempotency-Key": "tap"}).json()
    again = client.post("/api/v1/lists/fruit/add", headers={"Idempotency-Key": "tap"}).json()

    assert [(one["product"], one["quantity"]) for one in cart["lines"]] == [(BANANAS, "2")]
    assert again == cart


def test_what_cannot_be_done_is_a_problem(client: TestClient) -> None:
    assert client.get("/api/v1/lists/nope").status_code == 404
    assert client.post("/api/v1/lists/usual/add").status_code == 404
    assert client.put("/api/v1/lists/usual", json={"items": []}).status_code == 422
    wrong = client.put("/api/v1/lists/x/add")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    missing = client.put("/api/v1/lists/x", json={"items": [{"product": "gold"}]})
    assert missing.status_code == 404
    client.put("/api/v1/lists/a", json={"items": []})
    client.put("/api/v1/lists/b", json={"items": []})
    assert client.put("/api/v1/lists/a", json={"name": "B"}).status_code == 409
