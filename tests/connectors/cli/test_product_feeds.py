import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.cli.conftest import Run, printed
from tests.stand_ins import feed_server, food_facts_server
from tests.stand_ins.feed_server import FeedServer
from tests.stand_ins.food_facts_server import FoodFactsServer

TABLE = "Nr;Name;Preis\n1;Hammer;12,50\n2;Nagel;gratis\n"
MAPPING = "fields: {id: 'A{Nr}', title: Name, price: Preis}\ndecimal_comma: true\n"


@pytest.fixture
def table(folder: Path) -> tuple[str, str]:
    (folder / "tools.csv").write_text(TABLE)
    (folder / "tools.yaml").write_text(MAPPING)
    return "tools.csv", "tools.yaml"


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[FeedServer]:
    del folder
    monkeypatch.setenv("SMARTCART_FEEDS_PRIVATE", "true")
    with feed_server.serving() as server:
        server.content = b'{"id": "f1", "title": "Saw", "price": "9"}\n'
        yield server


@pytest.fixture
def food_facts(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[FoodFactsServer]:
    del folder
    with food_facts_server.serving() as server:
        monkeypatch.setenv("SMARTCART_OPEN_FOOD_FACTS_URL", server.url)
        yield server


def test_a_table_comes_in_through_a_mapping_and_what_is_wrong_goes_to_a_report(
    run: Run, table: tuple[str, str], folder: Path
) -> None:
    file, mapping = table

    shown = run("import", file, "--mapping", mapping, "--report", "bad.csv")
    again = printed(run("import", file, "--mapping", mapping, "--report", "bad.json", "--json"))

    assert shown.exit_code == 0
    assert "1 added" in shown.stdout
    assert "Preis" in shown.stdout
    assert (folder / "bad.csv").read_text().splitlines()[1].startswith("2,A2,price,Preis,")
    assert json.loads((folder / "bad.json").read_text())[0]["column"] == "Preis"
    assert (again["format"], again["unchanged"]) == ("mapped", 1)


def test_exit_codes_tell_a_program_how_it_went(run: Run, table: tuple[str, str]) -> None:
    file, mapping = table
    Path("bad.jsonl").write_text('{"id": "a"}\n')
    Path("empty.csv").write_text("")
    Path("wrong.yaml").write_text("fields: 7")

    assert run("import", file, "--mapping", mapping).exit_code == 0
    assert run("import", "bad.jsonl").exit_code == 1
    assert run("import", "empty.csv").exit_code == 2
    assert run("import", file).exit_code == 2
    assert run("import", file, "--mapping", "wrong.yaml").exit_code == 2
    assert run("import", "bad.jsonl", "--report", "no/such/folder.csv").exit_code == 2


def test_a_full_import_takes_off_sale_what_it_does_not_hold(run: Run) -> None:
    rows = [json.dumps({"id": one, "title": one, "price": "1"}) + "\n" for one in "abcd"]
    Path("all.jsonl").write_text("".join(rows))
    run("import", "all.jsonl", "--feed", "acme")
    Path("all.jsonl").write_text(rows[0])

    kept = run("import", "all.jsonl", "--feed", "acme", "--full")
    forced = printed(run("import", "all.jsonl", "--feed", "acme", "--full", "--force", "--json"))

    assert "3 products are not in it and were kept on sale" in " ".join(kept.stdout.split())
    assert forced["delisted"] == 3


def test_what_is_exported_can_be_imported_by_another_shop(
    run: Run, table: tuple[str, str], folder: Path
) -> None:
    run("import", table[0], "--mapping", table[1])

    for name in ("jsonl", "csv", "google-xml", "google-tsv"):
        assert run("export", "out", "--format", name).exit_code == 0
        taken = printed(run("--data-dir", str(folder / name), "import", "out", "--json"))
        assert (taken["format"], taken["added"], taken["rejected"]) == (name, 1, 0)
    assert '"title":"Hammer"' in run("export").stdout
    assert run("export", "no/such/folder").exit_code == 2


def test_a_feed_is_added_listed_pulled_and_removed(run: Run, feed: FeedServer) -> None:
    address = feed.url.replace("http://", "http://me:secret@") + "/f.jsonl"

    assert run("feeds", "add", "acme", address, "--every", "30", "--full").exit_code == 0
    pulled = printed(run("feeds", "pull", "--json"))
    listed = run("feeds", "list")

    assert pulled["feeds"]["acme"]["added"] == 1
    assert "nothing new" in run("feeds", "pull", "acme").stdout
    assert "secret" not in listed.stdout
    assert printed(run("feeds", "list", "--json"))["items"][0]["every_minutes"] == 30
    assert "1 products are no longer sold" in run("feeds", "remove", "acme", "--delist").stdout
    assert run("feeds", "pull", "acme").exit_code == 2


def test_a_pull_that_fails_is_said_with_an_exit_code(run: Run, feed: FeedServer) -> None:
    feed.status = 404
    run("feeds", "add", "acme", f"{feed.url}/f")

    failed = run("feeds", "pull")

    assert (failed.exit_code, "answered 404" in failed.stdout) == (1, True)
    assert run("feeds", "add", "acme", "file:///etc/passwd").exit_code == 2


def test_facts_are_asked_for_only_when_that_is_allowed(
    run: Run, food_facts: FoodFactsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    food_facts.products["7312345678909"] = {"ingredients_text": "Sugar"}
    product = {"id": "w", "title": "Wafer", "price": "1", "gtin": "7312345678909"}
    Path("w.jsonl").write_text(json.dumps(product))
    run("import", "w.jsonl")

    assert run("enrich").exit_code == 2
    monkeypatch.setenv("SMARTCART_ENRICHMENT", "open_food_facts")
    assert "1 products filled" in run("enrich").stdout
    assert printed(run("enrich", "--json"))["asked"] == 0
    assert food_facts.problems == []
