from datetime import timedelta

import pytest

from knowledge.shop import Shop
from tests.connectors.cli.conftest import Run, printed


@pytest.mark.usefixtures("order")
def test_what_died_is_seen_and_tried_again(run: Run, small_shop: Shop) -> None:
    with small_shop.write() as work:
        job = work.jobs.claim(["order_webhook"], lease=timedelta(seconds=30))
        assert job is not None
        work.jobs.fail(job.id, "the [webhook] answered 500")

    (dead,) = printed(run("admin", "jobs", "list", "--status", "dead", "--json"))["items"]
    assert (dead["id"], dead["last_error"]) == (job.id, "the [webhook] answered 500")
    assert "payload" not in dead
    assert job.id in run("admin", "jobs", "list").stdout

    assert run("admin", "jobs", "retry", "dead").stdout.strip() == "1 job is due now."
    (again,) = printed(run("admin", "jobs", "retry", job.id, "--json"))["items"]
    assert (again["status"], again["attempts"]) == ("waiting", 0)
    with small_shop.read() as work:
        assert [one.action for one in work.audit.latest()] == ["job.retry"] * 2
