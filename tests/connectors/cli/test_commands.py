import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.connectors.cli.conftest import Run, printed

HARDWARE = Path(__file__).parents[2] / "data" / "hardware.jsonl"
PRODUCT = {"id": "A1", "title": "Claw hammer", "price": "12.50", "category": "Tools > Hammers"}
COMMANDS = (
    "serve", "chat", "import", "index", "search", "eval", "check", "migrate", "explain",
    "export", "feeds", "enrich",
)  # fmt: skip


def write_products(path: Path, *products: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in products), "utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_all_commands_are_listed_with_what_they_do(run: Run) -> None:
    text = run("--help").stdout

    assert all(command in text for command in COMMANDS)


def test_an_import_reports_its_rows_and_a_second_one_changes_nothing(
    run: Run, folder: Path
) -> None:
    file = write_products(folder / "tools.jsonl", PRODUCT, {"id": "A2", "title": "No price"})

    first = printed(run("import", str(file), "--json"))
    again = printed(run("import", str(file), "--json"))

    assert (first["rows"], first["added"], first["rejected"]) == (2, 1, 1)
    assert first["errors"][0]["row"] == 2
    assert first["errors"][0]["field"] == "price"
    assert (again["added"], again["unchanged"]) == (0, 1)


def test_an_imported_shop_does_not_get_the_sample(run: Run, folder: Path) -> None:
    file = write_products(folder / "tools.jsonl", PRODUCT)
    run("import", str(file))

    found = printed(run("search", "hammer", "--json"))

    assert [one["id"] for one in found["items"]] == ["A1"]
    assert printed(run("search", "milk", "--json"))["items"] == []


def test_an_import_without_json_shows_the_rows_left_out(run: Run, folder: Path) -> None:
    file = write_products(folder / "tools.jsonl", PRODUCT, {"id": "A2", "title": "No price"})

    result = run("import", str(file))

    assert result.exit_code == 0
    assert "1 added" in result.stdout
    assert "price" in result.stdout


@pytest.mark.usefixtures("stocked")
def test_a_search_keeps_its_limits(run: Run) -> None:
    found = printed(
        run("search", "protein bar", "--max-price", "$3", "--diet", "vegan", "--json", "--explain")
    )

    assert found["items"]
    assert all(float(one["price"]) <= 3 for one in found["items"])
    assert all("vegan" in one["diets"] for one in found["items"])
    assert all(one["explain"] for one in found["items"])
    assert "Product" in run("search", "protein bar", "--explain").stdout


def test_an_index_is_made_of_the_whole_catalog(run: Run) -> None:
    products = run("import", str(HARDWARE), "--json")
    made = printed(run("index", "--json"))

    assert products.exit_code == 0
    assert made["embedded"] == len(HARDWARE.read_text("utf-8").splitlines())
    assert made["chroma"] is True
    assert "Chroma is filled anew" in run("index").stdout


@pytest.mark.usefixtures("stocked")
def test_a_sentence_is_explained(run: Run) -> None:
    result = run("explain", "add two oat milks under $3")

    assert "kind=add" in result.stdout
    acts = printed(run("explain", "add two oat milks under $3", "--json"))["acts"]
    assert acts[0]["kind"] == "add"


def test_a_migration_makes_the_newest_schema(run: Run, folder: Path) -> None:
    assert "the newest" in run("migrate").stdout
    assert (folder / ".smartcart" / "smartcart.db").exists()


def test_a_check_changes_nothing_and_names_every_setting(run: Run, folder: Path) -> None:
    checked = printed(run("check", "--json"))

    assert checked["ok"] is True
    assert {"SMARTCART_MODEL", "SMARTCART_PORT"} <= {one["name"] for one in checked["settings"]}
    assert not (folder / ".smartcart").exists()
    assert "data folder" in run("check").stdout


def test_a_check_never_shows_a_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("SMARTCART_ORDER_WEBHOOK_URL", "https://hooks.example/sk-very-secret")
    monkeypatch.setenv("SMARTCART_ORDER_WEBHOOK_SECRET", f"whsec_{'c2VjcmV0' * 4}")

    result = run("check")

    assert "sk-very-secret" not in result.output
    assert "hooks.example" in result.stdout
    assert "openai:" in result.stdout


def test_a_check_fails_when_the_database_cannot_be_reached(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTCART_DATABASE_URL", "postgresql://u:pw@127.0.0.1:1/none")

    result = run("check", "--json")

    assert result.exit_code == 1
    assert printed(result)["ok"] is False
    assert "pw" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "nothing.jsonl"),
        ("eval", "nothing.jsonl"),
        ("search", "milk", "--max-price", "cheap"),
        ("search", "milk", "--sort", "colour"),
        ("search", "milk", "--diet", "paleo"),
        ("chat", "--model", "parrot"),
        ("serve", "--model", "openai:gpt-5"),
        ("chat", "--catalog", "nothing.jsonl"),
    ],
)
@pytest.mark.usefixtures("stocked")
def test_a_mistake_is_told_in_one_line_with_exit_code_2(
    run: Run, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments)

    assert result.exit_code == 2, result.output
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("smartcart: ")
    assert "Traceback" not in result.output


def test_a_bad_setting_stops_every_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTCART_PORT", "high")

    for command in ("check", "migrate", "serve"):
        result = run(command)
        assert result.exit_code == 2
        assert "SMARTCART_PORT" in result.stderr
