from pathlib import Path

from connectors.evaluation.transcripts import write_transcripts
from tests.connectors.evaluation.runs import call, case, run, turn


def test_a_page_tells_what_was_said_done_and_judged(tmp_path: Path) -> None:
    index = write_transcripts(
        run(
            case(
                "two bananas",
                turn(budget="29.42 left of 30.00 USD (trip)"),
                turn("cart: is empty", confirmation="Order 2 x Bananas?", outcome="decided"),
                tags=["typos"],
            )
        ),
        tmp_path / "told",
    )

    page = (tmp_path / "told" / "two-bananas.md").read_text("utf-8")
    assert index == tmp_path / "told" / "index.md"
    assert page.splitlines()[:5] == [
        "# two bananas",
        "",
        "single, tagged typos; openai:gpt-5-mini; passed 0 of 1.",
        "",
        "### Turn 1: passed",
    ]
    for part in (
        "> two bananas | please",
        '    {"items": [{"product": "P001", "quantity": "2"}]}',
        "    Added:\n    2 x Bananas `P001`",
        "> Two **bananas**.\n> That is $0.58.",
        "- shown: cart: added Bananas",
        "- cart: 2 x Bananas (P001), 0.58; total 0.58 USD",
        "- budget: 29.42 left of 30.00 USD (trip)",
        "- 1.00 s, openai:gpt-5-mini, 2 calls, 6200 tokens, $0.0010",
        "### Turn 2: failed",
        "**Assistant** (decided)",
        "- waits for a yes: Order 2 x Bananas?",
        "- **failed** cart: is empty",
    ):
        assert part in page


def test_the_index_names_each_case_with_those_that_failed_first(tmp_path: Path) -> None:
    index = write_transcripts(
        run(
            case("good", turn()),
            case("good", turn(), repetition=2),
            case("Bad one!", turn("says: 'a|b' not in ''"), repetition=1),
            case("Bad one!", planned=1, broken="setup: no", repetition=2),
            case("bad  ONE", turn()),
            case("bad  ONE", planned=1, broken="no answer: busy", repetition=2),
            case("???", turn()),
            case("index", turn()),
            repeat=2,
            variant="calm",
        ),
        tmp_path,
    ).read_text("utf-8")

    rows = [line for line in index.splitlines() if line.startswith("| [")]
    assert rows[0].startswith("| [Bad one!](bad-one.md) | single | 0 of 2 | 1.00 s | $0.0010 |")
    assert r"says: 'a\|b' not in ''" in rows[0]
    assert "(3-bad-one.md) | single | 1 of 2" in rows[1]
    assert "busy" in rows[1]
    assert {row.split("](")[1].split(")")[0] for row in rows[2:]} == {
        "good.md",
        "case.md",
        "5-index.md",
    }
    assert "prompts calm" in index
    assert "Failed expectations: says 1, setup 1, no answer 1." in index
    assert "## Repetition 2: failed" in (tmp_path / "bad-one.md").read_text("utf-8")
    assert "**Ended here:** setup: no" in (tmp_path / "bad-one.md").read_text("utf-8")


def test_a_call_without_a_price_is_not_shown_as_free(tmp_path: Path) -> None:
    unpriced = turn(calls=[call(cost_micros=None), call(cost_micros=None)])
    mixed = turn(calls=[call(), call(cost_micros=None)])

    index = write_transcripts(run(case("local", unpriced), case("mixed", mixed)), tmp_path)

    rows = index.read_text("utf-8").splitlines()
    assert any("| [local](local.md) " in row and "| unpriced |" in row for row in rows)
    assert any("$0.0005 and 1 unpriced |" in row for row in rows)
