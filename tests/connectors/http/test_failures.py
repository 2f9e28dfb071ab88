from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

NEED_A_SESSION = [
    ("GET", "/api/v1/cart", None),
    ("POST", "/api/v1/cart/items", {"product": "P001"}),
    ("PATCH", "/api/v1/cart/items/c1", {"quantity": "1"}),
    ("DELETE", "/api/v1/cart/items/c1", None),
    ("POST", "/api/v1/cart/undo", None),
    ("GET", "/api/v1/budget", None),
    ("PUT", "/api/v1/budget", {"amount": "1"}),
    ("GET", "/api/v1/preferences", None),
    ("PUT", "/api/v1/preferences", {}),
    ("GET", "/api/v1/recommendations", None),
    ("GET", "/api/v1/orders", None),
    ("GET", "/api/v1/orders/o", None),
    ("GET", "/api/v1/confirmations/f", None),
    ("POST", "/api/v1/confirmations/f", {"answer": "yes"}),
    ("GET", "/api/v1/conversations", None),
    ("GET", "/api/v1/conversations/c", None),
    ("POST", "/api/v1/messages", {"text": "hello"}),
    ("POST", "/api/v1/chat", {"threadId": "t", "runId": "r", "messages": []}),
    ("GET", "/api/v1/runs/r/events", None),
    ("POST", "/api/v1/runs/r/cancel", None),
]


def assert_problem(reply: Any, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = reply.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(("method", "path", "body"), NEED_A_SESSION)
def test_everything_of_a_shopper_needs_their_token(
    anonymous: TestClient, method: str, path: str, body: Any
) -> None:
    for headers in ({}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eDp5"}):
        reply = anonymous.request(method, path, json=body, headers=headers)
        assert_problem(reply, 401)
        assert reply.headers["www-authenticate"].startswith("Bearer")


def test_what_belongs_to_another_shopper_is_not_there(sign_in: Callable[[], TestClient]) -> None:
    owner, stranger = sign_in(), sign_in()
    talk = owner.post("/api/v1/messages", json={"text": "add two bananas"}).json()
    asked = owner.post(
        "/api/v1/messages",
        json={"text": "check out", "conversation_id": talk["conversation_id"]},
    ).json()
    confirmation = asked["confirmation"]["id"]

    assert_problem(stranger.get(f"/api/v1/conversations/{talk['conversation_id']}"), 404)
    assert_problem(stranger.get(f"/api/v1/confirmations/{confirmation}"), 404)
    reply = stranger.post(f"/api/v1/confirmations/{confirmation}", json={"answer": "yes"})
    assert_problem(reply, 404)
    assert_problem(stranger.get(f"/api/v1/runs/{talk['turn_id']}/events"), 404)
    assert_problem(stranger.post(f"/api/v1/runs/{talk['turn_id']}/cancel"), 404)
    message = {"text": "hello", "conversation_id": talk["conversation_id"]}
    assert_problem(stranger.post("/api/v1/messages", json=message), 404)
    assert owner.get("/api/v1/orders").json() == {"items": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "  "},
        {"text": "x" * 4001},
        {"text": "hel\x00lo"},
        {"text": 3},
        {"text": None},
        {"text": "hello", "conversaton_id": "c"},
        {"text": "hello", "confirmation": {"id": "f", "answer": "maybe"}},
        {"text": "hello", "message_id": ""},
        [],
        None,
        "hello",
    ],
)
def test_a_message_that_cannot_be_used_says_why(client: TestClient, body: Any) -> None:
    problem = assert_problem(client.post("/api/v1/messages", json=body), 422)

    assert problem["errors"]


def test_half_a_surrogate_pair_is_no_text(client: TestClient) -> None:
    reply = client.post(
        "/api/v1/messages",
        content=b'{"text": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )

    assert_problem(reply, 422)


def test_broken_json_is_told_as_such(client: TestClient) -> None:
    reply = client.post(
        "/api/v1/messages", content=b"{", headers={"Content-Type": "application/json"}
    )

    assert assert_problem(reply, 422)["errors"][0]["field"] == "body"


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1e400", "", 10**30, True, []])
def test_a_quantity_that_is_none_is_refused(client: TestClient, quantity: Any) -> None:
    item = {"product": "P001", "quantity": quantity}
    reply = client.post("/api/v1/cart/items", json=item)

    if quantity is True:  # JSON's true is no number to us either
        assert reply.status_code in {200, 422}
    else:
        assert_problem(reply, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/products/a/b/c",
        "/api/v1/products/%2e%2e%2fP001",
        "/api/v1/orders/nothing",
        "/api/v1/confirmations/nothing",
        "/api/v1/conversations/nothing",
        "/api/v1/nothing",
        "/nothing",
        "/page/nothing.js",
        "/page/..%2fsettings.py",
        "/pictures/nothing.svg",
        "/pictures/..%2fproducts.jsonl",
    ],
)
def test_what_is_not_there_is_a_problem_with_status_404(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/api/v1/products/%00", "/api/v1/orders/a%00b"])
def test_an_id_with_a_nul_cannot_be_used(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 422)


def test_a_method_that_is_not_there_names_those_that_are(client: TestClient) -> None:
    reply = client.delete("/api/v1/budget")

    assert_problem(reply, 405)
    assert reply.headers["allow"] == "GET, PUT"


def test_a_request_that_is_too_large_is_not_read(client: TestClient) -> None:
    reply = client.post("/api/v1/messages", json={"text": "x" * 30_000})

    assert_problem(reply, 413)


def test_a_body_that_grows_beyond_the_limit_is_cut_off(client: TestClient) -> None:
    parts = iter([b'{"text": "'] + [b"x" * 1000] * 40)
    reply = client.post("/api/v1/messages", content=parts)

    assert_problem(reply, 413)


def test_every_answer_carries_the_headers_that_protect_browsers(anonymous: TestClient) -> None:
    for path in ("/", "/docs", "/api/v1/shop", "/nothing"):
        headers = anonymous.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_every_operation_documents_its_failures_as_problems(app: FastAPI) -> None:
    document = app.openapi()

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status >= "400" and status != "503":
                    assert "application/problem+json" in answer["content"], (path, method, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]
