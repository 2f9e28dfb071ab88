from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

Say = Callable[..., dict[str, Any]]
SignIn = Callable[[], TestClient]


def test_all_that_is_kept_is_one_document(client: TestClient, say: Say) -> None:
    said = say("I am vegan")
    client.put("/api/v1/budget", json={"amount": "40", "period": "week"})
    client.put("/api/v1/lists/weekly", json={"items": [{"product": "P001"}]})

    response = client.get("/api/v1/me/data")

    assert response.headers["Content-Type"] == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    data = response.json()
    assert [(one["kind"], one["value"]) for one in data["preferences"]] == [("diet", "vegan")]
    assert [one["granted"] for one in data["consents"]] == [True]
    assert [one["amount"] for one in data["budgets"]] == ["40"]
    assert [one["name"] for one in data["lists"]] == ["weekly"]
    assert data["orders"] == []
    (turn,) = data["conversations"]
    assert (turn["said"], turn["answered"]) == ("I am vegan", said["text"])
    assert data["shopper"]["email"] is None


def test_one_talk_is_deleted_and_nobody_else_s(
    client: TestClient, say: Say, sign_in: SignIn
) -> None:
    mine = say("hello")["conversation_id"]

    assert sign_in().delete(f"/api/v1/me/talks/{mine}").status_code == 404
    assert client.delete(f"/api/v1/me/talks/{mine}").status_code == 204
    assert client.get(f"/api/v1/conversations/{mine}").status_code == 404
    assert client.delete(f"/api/v1/me/talks/{mine}").status_code == 404
    assert client.get("/api/v1/me/data").json()["conversations"] == []


def test_everything_is_deleted_with_the_id_of_the_question(client: TestClient, say: Say) -> None:
    say("I am vegan")

    asked = client.delete("/api/v1/me/data")

    assert asked.status_code == 409
    confirmation = asked.json()["confirmation"]
    assert confirmation["action"] == "forget_me"
    assert client.get("/api/v1/preferences").json()["diets"] == ["vegan"]
    client.post(f"/api/v1/confirmations/{confirmation['id']}", json={"answer": "yes"})
    assert client.get("/api/v1/preferences").json()["diets"] == []
    assert client.get("/api/v1/me/data").json()["conversations"] == []


def test_everything_may_be_forgotten_within_a_talk_which_begins_anew(
    client: TestClient, say: Say
) -> None:
    talk = say("I am vegan")["conversation_id"]
    say("delete all my data")

    done = say("yes")
    after = say("what do you know about me?")

    assert "Everything that was kept of you is deleted" in done["text"]
    assert "Nothing lasting" in after["text"]
    read = client.get(f"/api/v1/conversations/{talk}").json()
    assert [turn["user"] for turn in read["turns"]] == ["yes", "what do you know about me?"]
