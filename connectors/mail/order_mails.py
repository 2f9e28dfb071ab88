"""The job that mails a shopper about an order."""

from typing import Any

from connectors.mail.mail_server import MailServer
from connectors.mail.order_mail import write_mail
from connectors.mail.sending import (
    FolderSender,
    MailSender,
    SmtpSender,
    make_message,
)
from connectors.settings import Settings
from knowledge.orders.announcing import mail_address
from knowledge.orders.documents import order_document
from knowledge.shop import Shop

FOLDER_NAME = "mail"
_BEFORE_CANCELLING = ("placed", "ready", "out_for_delivery")


class OrderMails:
    """Sends the mails that jobs ask for. A repeat carries the same Message-ID."""

    def __init__(self, settings: Settings, shop: Shop) -> None:
        self._shop = shop
        self._address = settings.public_url
        self._from = settings.mail_sender
        self._sender = open_sender(settings)

    def send(self, payload: dict[str, Any]) -> None:
        with self._shop.read() as work:
            document = order_document(work.session, payload["order_id"])
        to = mail_address(document)
        if to is None:
            return  # the shopper took the address back
        if document["status"] == "cancelled" and payload["kind"] in _BEFORE_CANCELLING:
            return  # a mail that was late must not promise what was cancelled since
        mail = write_mail(
            payload["kind"],
            document,
            self._shop.profile,
            address=self._address,
            detail=payload["detail"],
        )
        message = make_message(
            mail,
            sender=self._from,
            to=to,
            message_id=payload["job_id"],
            at=self._shop.clock.now(),
        )
        self._sender.send(message, payload["job_id"])


def open_sender(settings: Settings) -> MailSender:
    if settings.mail_url is None:
        return FolderSender(settings.data_dir.expanduser() / FOLDER_NAME)
    return SmtpSender(MailServer.parse(settings.mail_url.get_secret_value()))
