"""What an owner does with variants of the prompts."""

from pathlib import Path

import pytest

from knowledge.shop import Shop
from tests.connectors.cli.conftest import Run, printed


@pytest.fixture
def own_prompts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    prompts = folder / "prompts"
    prompts.mkdir()
    (prompts / "assistant.calm.md").write_text("Be calm.", "utf-8")
    monkeypatch.setenv("SMARTCART_PROMPTS", str(prompts))
    return prompts


def test_an_experiment_is_started_listed_measured_and_stopped(
    run: Run, small_shop: Shop, own_prompts: Path
) -> None:
    started = run("admin", "experiments", "start", "calmer", "control", "calm=3")
    with small_shop.write() as work:
        shoppers = [work.shoppers.create_anonymous("web").id for _ in range(40)]
        given = {work.experiments.variant_of(one) for one in shoppers}
    measured = printed(run("admin", "experiments", "results", "calmer", "--json"))
    shown = run("admin", "experiments", "results", "calmer").stdout
    listed = run("admin", "experiments", "list").stdout
    stopped = run("admin", "experiments", "stop", "calmer", "--winner", "calm")
    items = printed(run("admin", "experiments", "list", "--json"))["items"]

    assert started.stdout.strip() == "calmer has started: control=1, calm=3."
    assert given == {"control", "calm"}
    assert sum(one["shoppers"] for one in measured["results"]) == 40
    assert "too few to decide by" in measured["verdict"]
    assert "too few to decide by" in " ".join(shown.split())
    assert "calm=3" in listed
    assert stopped.stdout.strip() == "calmer is over; everybody gets calm now."
    assert [(one["name"], one["active"], one["winner"]) for one in items] == [
        ("calmer", False, "calm")
    ]
    with small_shop.read() as work:
        assert {one.action for one in work.audit.latest()} == {
            "experiment.start",
            "experiment.stop",
        }
    assert own_prompts.is_dir()


@pytest.mark.parametrize(
    ("variants", "why"),
    [
        (["control", "loud"], "no prompt of the variant 'loud'"),
        (["control", "calm=much"], "calm=1"),
        (["control", "small"], "cannot be the name"),
        (["control"], "two variants"),
    ],
)
def test_what_cannot_be_tried_is_told(
    run: Run, small_shop: Shop, own_prompts: Path, variants: list[str], why: str
) -> None:
    result = run("admin", "experiments", "start", "calmer", *variants)

    assert result.exit_code == 2
    assert why in " ".join(result.stderr.split())
    assert own_prompts.is_dir()
    assert small_shop.search is not None
