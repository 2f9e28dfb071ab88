import csv
from pathlib import Path

from knowledge.orders.models import Order
from knowledge.shop import Shop
from tests.connectors.cli.conftest import Run, printed
from tests.market import stock_of


def test_orders_are_listed_and_shown(run: Run, order: Order) -> None:
    listed = printed(run("admin", "orders", "list", "--status", "placed", "--json"))["items"]
    assert [(one["number"], one["total"], one["lines"]) for one in listed] == [
        (order.number, "8.00", 2)
    ]
    assert printed(run("admin", "orders", "list", "--since", "2031-01-01", "--json"))["items"] == []
    assert order.number in run("admin", "orders", "list").stdout

    document = printed(run("admin", "orders", "show", order.number.lower(), "--json"))
    assert [line["title"] for line in document["lines"]] == [
        "Rolled Oats 500 g",
        "Green Tea 20 bags",
    ]
    shown = run("admin", "orders", "show", order.number).stdout
    assert "Rolled Oats 500 g" in shown
    assert "placed by shopper" in shown


def test_an_order_is_brought_on_step_by_step(run: Run, order: Order, small_shop: Shop) -> None:
    first = run("admin", "orders", "advance", order.number, "--note", "seen")
    assert first.stdout.strip() == f"Order {order.number} is accepted by the shop."
    for status in ("picking", "ready", "handed_over"):
        moved = printed(run("admin", "orders", "advance", order.number, "--json"))
        assert moved["status"] == status
    refused = run("admin", "orders", "advance", order.number)

    assert refused.exit_code == 2
    assert "Nothing can follow" in " ".join(refused.stderr.split())
    with small_shop.read() as work:
        noted = work.audit.latest()
    assert [(one.actor, one.action, one.subject) for one in noted] == [
        ("owner", "order.advance", order.id)
    ] * 4
    assert noted[-1].details == {"status": "accepted", "note": "seen"}


def test_an_order_is_cancelled_with_everything_it_took(
    run: Run, order: Order, small_shop: Shop
) -> None:
    cancelled = run("admin", "orders", "cancel", order.number, "--note", "no oats")

    assert cancelled.stdout.strip() == f"Order {order.number} is cancelled."
    assert stock_of(small_shop, "oats") == 40
    assert run("admin", "orders", "cancel", order.number).exit_code == 2
    with small_shop.read() as work:
        (entry,) = work.audit.latest()
    assert (entry.action, entry.details) == ("order.cancel", {"note": "no oats"})


def test_what_is_not_there_is_told(run: Run, order: Order) -> None:
    for arguments in (
        ("orders", "show", "ZZZZ-9999"),
        ("orders", "advance", order.number, "lost"),
        ("orders", "list", "--status", "lost"),
        ("orders", "list", "--since", "yesterday"),
        ("returns", "list", "--status", "lost"),
        ("returns", "approve", "r_none"),
        ("jobs", "list", "--status", "lost"),
        ("jobs", "retry", "j_none"),
    ):
        result = run("admin", *arguments)
        assert result.exit_code == 2, arguments
        assert "smartcart:" in result.stderr


def test_orders_are_exported(run: Run, order: Order, folder: Path) -> None:
    told = printed(run("admin", "orders", "export", "orders.csv", "--json"))

    assert (told["orders"], told["rows"]) == (1, 2)
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], row["product"], row["quantity"]) for row in rows] == [
        (order.number, "oats", "2"),
        (order.number, "tea", "1"),
    ]
