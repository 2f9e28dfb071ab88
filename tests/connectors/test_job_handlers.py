from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from connectors.job_handlers import job_handlers
from connectors.settings import Settings
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import Unavailable
from knowledge.jobs.models import Job
from knowledge.orders.cancelling import cancel
from knowledge.orders.models import Order
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk
from tests.connectors.test_jobs import run_until_settled
from tests.fixed_clock import FixedClock
from tests.market import fill_cart
from tests.orders import place_order
from tests.stand_ins.smtp_server import SmtpServer
from tests.stand_ins.webhook_receiver import SECRET, WebhookReceiver, is_signed


@pytest.fixture
def shop(talk: Talk) -> Shop:
    return talk.shop


@pytest.fixture
def buyer(shop: Shop) -> Shopper:
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
        work.session.execute(
            update(ShopperRow).where(ShopperRow.id == shopper.id).values(email="anna@example.com")
        )
    return shopper


@pytest.fixture
def order(shop: Shop, buyer: Shopper) -> Order:
    fill_cart(shop, buyer, oats="2")
    return place_order(shop, buyer)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    def make(**more: Any) -> Settings:
        return Settings(_env_file=None, data_dir=tmp_path / "data", model="offline", **more)

    return make


def jobs(shop: Shop, kind: str | None = None) -> list[Job]:
    """The oldest first."""
    with shop.read() as work:
        return [one for one in work.jobs.list()[::-1] if kind in (None, one.kind)]


async def run_all(shop: Shop, settings: Settings) -> None:
    waiting = [one.id for one in jobs(shop) if one.status == "waiting"]
    await run_until_settled(shop, job_handlers(settings, shop), *waiting)


async def test_an_order_is_confirmed_by_mail_and_each_step_that_matters_is_told(
    shop: Shop, order: Order, make_settings: Callable[..., Settings]
) -> None:
    with SmtpServer().running() as server:
        settings = make_settings(
            mail_url=SecretStr(f"smtp://127.0.0.1:{server.port}"), mail_from="orders@shop.example"
        )
        await run_all(shop, settings)
        for status in ("accepted", "picking", "ready", "handed_over"):
            with shop.write() as work:
                work.orders.advance(order.id, status, actor="owner")
        await run_all(shop, settings)

    mails = [message_from_bytes(one.data, policy=default) for one in server.mails]
    assert [one.recipients for one in server.mails] == [["anna@example.com"]] * 2
    assert [mail["Subject"] for mail in mails] == [
        f"Your order {order.number} at Greenleaf Market",
        f"Your order {order.number} is ready for pickup",
    ]
    sent = jobs(shop, "order_mail")
    assert [mail["Message-ID"] for mail in mails] == [f"<{one.id}@shop.example>" for one in sent]
    assert {one.status for one in jobs(shop)} == {"done"}


async def test_without_a_mail_server_the_confirmation_is_a_file(
    shop: Shop, order: Order, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings()

    await run_all(shop, settings)

    (file,) = (settings.data_dir / "mail").iterdir()
    assert order.number in file.read_text()


@pytest.mark.usefixtures("order")
async def test_a_mail_that_was_not_taken_is_sent_later(
    shop: Shop, clock: FixedClock, make_settings: Callable[..., Settings]
) -> None:
    with SmtpServer(refuse=1).running() as server:
        settings = make_settings(
            mail_url=SecretStr(f"smtp://127.0.0.1:{server.port}"), mail_from="orders@shop.example"
        )
        await run_all(shop, settings)
        assert server.mails == []
        (job,) = jobs(shop, "order_mail")
        assert "451" in (job.last_error or "")
        clock.advance(60)
        await run_all(shop, settings)

    assert len(server.mails) == 1


async def test_who_left_no_address_gets_no_mail(shop: Shop) -> None:
    with shop.write() as work:
        nobody = work.shoppers.create_anonymous("web")
    fill_cart(shop, nobody, oats="1")
    place_order(shop, nobody)

    assert jobs(shop, "order_mail") == []


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(500, 302).running() as made:
        yield made


async def test_an_event_is_told_under_one_id_until_it_is_taken(
    shop: Shop,
    order: Order,
    clock: FixedClock,
    receiver: WebhookReceiver,
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings(
        order_webhook_url=SecretStr(receiver.url), order_webhook_secret=SecretStr(SECRET)
    )
    (job,) = jobs(shop, "order_webhook")
    for _ in range(3):
        await run_all(shop, settings)
        clock.advance(120)

    assert receiver.ids == [job.id] * 3
    ((told, event),) = receiver.events
    assert told == job.id
    assert (event["type"], event["version"]) == ("order.placed", 1)
    assert event["data"]["order"]["number"] == order.number
    assert event["data"]["order"]["lines"][0]["to_pay"] == "5.00"
    assert jobs(shop, "order_webhook")[0].status == "done"


def test_a_forged_body_is_not_signed(
    receiver: WebhookReceiver, shop: Shop, make_settings: Callable[..., Settings]
) -> None:
    other = SecretStr("whsec_" + "A" * 40)
    settings = make_settings(order_webhook_url=SecretStr(receiver.url), order_webhook_secret=other)

    with pytest.raises(Unavailable, match="401"):
        job_handlers(settings, shop)["order_webhook"]({"type": "order.placed", "job_id": "j_1"})
    headers = {"webhook-id": "j", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    assert not is_signed(headers, b"{}")


def test_without_a_webhook_nothing_is_told(
    shop: Shop, make_settings: Callable[..., Settings]
) -> None:
    job_handlers(make_settings(), shop)["order_webhook"]({"job_id": "j_1"})


def test_a_webhook_that_is_not_there_is_tried_again(
    shop: Shop, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(
        order_webhook_url=SecretStr("http://127.0.0.1:1/"),
        order_webhook_secret=SecretStr(SECRET),
    )

    with pytest.raises(Unavailable, match="cannot be reached: ConnectError"):
        job_handlers(settings, shop)["order_webhook"]({"job_id": "j_1"})


async def test_a_late_mail_does_not_promise_what_was_cancelled_since(
    shop: Shop, order: Order, make_settings: Callable[..., Settings]
) -> None:
    with shop.write() as work:
        cancel(work, order, actor=order.shopper_id)

    with SmtpServer().running() as server:
        settings = make_settings(
            mail_url=SecretStr(f"smtp://127.0.0.1:{server.port}"), mail_from="orders@shop.example"
        )
        await run_all(shop, settings)

    (mail,) = server.mails
    assert b"is cancelled" in mail.data
