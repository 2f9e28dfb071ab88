from starlette.testclient import TestClient


def test_recipes_are_listed_and_searched(anonymous: TestClient) -> None:
    everything = anonymous.get("/api/v1/recipes").json()["items"]
    found = anonymous.get("/api/v1/recipes", params={"q": "chili", "limit": 3}).json()["items"]

    assert len(everything) >= 60
    assert found[0]["id"] == "chili-con-carne"
    assert len(found) <= 3
    assert set(found[0]) == {"id", "title", "kind", "servings", "minutes", "diets", "tags"}
    assert anonymous.get("/api/v1/recipes", params={"q": "zzzzzzz"}).json()["items"] == []


def test_one_recipe_has_ingredients_and_steps(anonymous: TestClient) -> None:
    recipe = anonymous.get("/api/v1/recipes/chili-con-carne").json()

    assert recipe["ingredients"][0] == {"name": "ground beef", "value": "500 g"}
    assert recipe["steps"]


def test_an_unknown_recipe_is_a_problem(anonymous: TestClient) -> None:
    reply = anonymous.get("/api/v1/recipes/haggis")

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"] == "There is no recipe 'haggis'."
