from decimal import Decimal

from knowledge.orders.models import Order
from knowledge.shop import Shop
from tests.connectors.cli.conftest import Run, printed


def request(shop: Shop, order: Order, reason: str = "stale [bold]") -> str:
    with shop.write() as work:
        return work.returns.request(order, [(1, Decimal(1))], reason=reason).id


def test_a_return_is_approved_and_its_refund_written_down(
    run: Run, order: Order, small_shop: Shop
) -> None:
    return_id = request(small_shop, order)
    (asked,) = printed(run("admin", "returns", "list", "--status", "requested", "--json"))["items"]
    assert (asked["id"], asked["worth"], asked["goods"]) == (
        return_id,
        "2.50",
        ["1 x Rolled Oats 500 g"],
    )
    assert return_id in run("admin", "returns", "list").stdout

    assert run("admin", "returns", "refund", return_id).exit_code == 2
    assert "is approved" in run("admin", "returns", "approve", return_id).stdout
    assert "is refunded, $2.50" in run("admin", "returns", "refund", return_id).stdout
    with small_shop.read() as work:
        noted = work.audit.latest()
        mails = [job.payload["kind"] for job in work.jobs.list() if job.kind == "order_mail"]
    assert [one.action for one in noted] == ["return.refund", "return.approve"]
    assert noted[0].details["refund"] == "2.50"
    assert "refunded" in mails


def test_a_return_is_refused_with_a_reason(run: Run, order: Order, small_shop: Shop) -> None:
    return_id = request(small_shop, order)

    refused = printed(run("admin", "returns", "refuse", return_id, "--note", "opened", "--json"))

    assert (refused["status"], refused["note"]) == ("refused", "opened")
