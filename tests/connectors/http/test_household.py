from starlette.testclient import TestClient

BANANAS = "P001"


def test_members_are_made_replaced_and_forgotten(client: TestClient) -> None:
    assert client.get("/api/v1/household").json() == {"items": []}

    made = client.put("/api/v1/household/Anna", json={"allergens": ["dairy"], "diets": ["vegan"]})
    assert made.json() == {"items": [{"name": "Anna", "diets": ["vegan"], "allergens": ["milk"]}]}
    client.put("/api/v1/household/the kids", json={"allergens": ["nuts"]})
    client.put("/api/v1/household/anna", json={"diets": []})

    everybody = client.get("/api/v1/household").json()["items"]
    assert [(one["name"], one["diets"]) for one in everybody] == [("Anna", []), ("kids", [])]
    assert client.get("/api/v1/household/kids'").json()["items"] == [everybody[1]]
    assert client.delete("/api/v1/household/Anna").json()["items"] == [everybody[1]]

    client.post("/api/v1/cart/undo")
    assert client.get("/api/v1/household").json()["items"] == everybody


def test_nobody_and_nonsense_are_problems(client: TestClient) -> None:
    missing = client.delete("/api/v1/household/Bob")
    assert (missing.status_code, missing.json()["kind"]) == (404, "not_found")
    assert client.put("/api/v1/household/everyone", json={}).status_code == 422
    assert client.put("/api/v1/household/Bob", json={"likes": []}).status_code == 422


def test_a_product_is_added_for_somebody(client: TestClient) -> None:
    client.put("/api/v1/household/Anna", json={"diets": ["vegan"]})

    cart = client.post("/api/v1/cart/items", json={"product": BANANAS, "for": ["anna"]}).json()

    assert cart["lines"][0]["for_members"] == ["Anna"]


def test_what_to_do_when_a_line_has_run_out(client: TestClient) -> None:
    client.post("/api/v1/cart/items", json={"product": BANANAS})

    changed = client.patch("/api/v1/cart/items/c1", json={"substitution": "none"}).json()
    assert changed["lines"][0]["substitution"] == "none"
    both = client.patch(
        "/api/v1/cart/items/c1", json={"substitution": "ask", "quantity": "3"}
    ).json()
    assert "substitution" not in both["lines"][0]
    assert both["lines"][0]["quantity"] == "3"

    assert client.patch("/api/v1/cart/items/c1", json={}).status_code == 422
    assert client.patch("/api/v1/cart/items/c1", json={"quantity": None}).json() == both
    assert client.patch("/api/v1/cart/items/c1", json={"substitution": "x"}).status_code == 422
