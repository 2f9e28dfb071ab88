"""What an owner does with stock, promotions, policies and shoppers who wait for a person."""

from pathlib import Path

import pytest

from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.connectors.cli.conftest import Run, printed

DEALS = """
- {id: tea-weeks, title: Tea weeks, kind: percent_off, rule: {products: [tea], percent: 10}}
- {id: hello, title: Hello, kind: percent_off, rule: {percent: 5}, coupon: hello5}
"""


@pytest.fixture
def customer(small_shop: Shop) -> Shopper:
    with small_shop.write() as work:
        return work.shoppers.create_anonymous("web")


def test_stock_is_set_counted_on_and_listed(run: Run, small_shop: Shop) -> None:
    assert printed(run("admin", "stock", "set", "oats", "3", "--json"))["stock"] == "3"
    assert printed(run("admin", "stock", "add", "oats", "2", "--json"))["stock"] == "5"
    assert run("admin", "stock", "set", "tea", "untracked").stdout.strip().endswith("untracked.")
    low = printed(run("admin", "stock", "list", "--at-most", "5", "--json"))["items"]
    assert [one["id"] for one in low] == ["plums", "honey", "oats"]
    assert "Plums" in run("admin", "stock", "list").stdout
    with small_shop.read() as work:
        noted = [(one.action, one.details) for one in work.audit.latest()]
    assert noted[-1] == ("stock.set", {"before": "40", "stock": "3"})


def test_a_stock_that_is_no_number_is_told(run: Run, small_shop: Shop) -> None:
    result = run("admin", "stock", "set", "oats", "many")

    assert result.exit_code == 2
    assert "not a number" in result.stderr
    assert small_shop.search is not None


def test_promotions_are_loaded_listed_and_ended(run: Run, small_shop: Shop, folder: Path) -> None:
    file = folder / "deals.yaml"
    file.write_text(DEALS, "utf-8")

    assert run("admin", "promotions", "load", str(file)).stdout.strip() == "2 promotions saved."
    assert "Tea weeks" in run("admin", "promotions", "list").stdout
    ended = printed(run("admin", "promotions", "end", "tea-weeks", "--json"))
    assert ended["state"] == "over"
    states = printed(run("admin", "promotions", "list", "--json"))["items"]
    assert {one["id"]: (one["coupon"], one["state"]) for one in states} == {
        "hello": ("HELLO5", "yes"),
        "tea-weeks": (None, "over"),
    }
    with small_shop.read() as work:
        assert {one.action for one in work.audit.latest()} == {"promotion.save", "promotion.end"}


def test_a_wrong_promotion_changes_nothing(run: Run, small_shop: Shop, folder: Path) -> None:
    file = folder / "deals.yaml"
    file.write_text(DEALS.replace("percent: 5", "percent: 500"), "utf-8")

    result = run("admin", "promotions", "load", str(file))

    assert result.exit_code == 2
    assert "promotion 2 (hello)" in " ".join(result.stderr.split())
    with small_shop.read() as work:
        assert work.promotions.list() == []


def test_policies_are_replaced_and_asked(run: Run, small_shop: Shop, folder: Path) -> None:
    pages = folder / "pages"
    pages.mkdir()
    (pages / "returns.md").write_text("# Returns\n\n## Food\n\nWithin 3 days.\n", "utf-8")

    assert printed(run("admin", "policies", "load", str(pages), "--json")) == {"sections": 1}
    assert "Returns" in run("admin", "policies", "list").stdout
    asked = printed(run("admin", "policies", "ask", "can I return food?", "--json"))["items"]
    assert asked == [{"policy": "Returns", "section": "Food"}]
    assert "Within 3 days." in run("admin", "policies", "ask", "return food").stdout
    missing = run("admin", "policies", "load", str(folder / "nowhere"))
    assert missing.exit_code == 2
    with small_shop.read() as work:
        assert len(work.policies.all()) == 1


def test_who_waits_for_a_person_is_listed_until_dealt_with(
    run: Run, small_shop: Shop, customer: Shopper
) -> None:
    with small_shop.write() as work:
        handover = work.handovers.open(
            customer.id,
            conversation_id=None,
            channel="web",
            reason="Charged [twice]",
            summary="Order ABCD-EFGH, two oats.",
        )

    assert "Charged [twice]" in run("admin", "handovers", "list").stdout
    assert printed(run("admin", "handovers", "done", handover.id, "--json"))["status"] == "done"
    assert run("admin", "handovers", "list").stdout.strip() == "Nobody waits for a person."
    everything = printed(run("admin", "handovers", "list", "--all", "--json"))["items"]
    assert [one["id"] for one in everything] == [handover.id]
