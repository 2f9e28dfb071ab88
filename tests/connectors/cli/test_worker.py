import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from knowledge.db.rows.shop import JobRow
from knowledge.jobs.models import Job
from knowledge.orders.models import Order
from knowledge.shop import Shop
from tests.e2e.processes import bare_environment

pytestmark = pytest.mark.timeout(120)


def jobs(shop: Shop) -> list[Job]:
    with shop.read() as work:
        return work.jobs.list()


@pytest.mark.long
def test_a_worker_does_what_waits_and_stops_when_told(small_shop: Shop, order: Order) -> None:
    with small_shop.write() as work:  # they are due by the test's clock; the worker has its own
        work.session.execute(update(JobRow).values(due_at=datetime.now(UTC)))
    folder = Path(small_shop.units.engine.url.database or "").parent
    command = [sys.executable, "-m", "connectors.cli", "--data-dir", str(folder), "worker"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=bare_environment()
    ) as worker:
        try:
            deadline = time.monotonic() + 60
            while any(one.status != "done" for one in jobs(small_shop)):
                assert time.monotonic() < deadline, jobs(small_shop)
                time.sleep(0.1)
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=30)
        finally:
            worker.kill()

    assert worker.returncode == 0
    assert "The worker has stopped." in said
    assert "Traceback" not in said
    (mail,) = [one.id for one in jobs(small_shop) if one.kind == "order_mail"]
    assert order.number in (folder / "mail" / f"{mail}.eml").read_text()
