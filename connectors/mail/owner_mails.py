"""The job that mails the owner, such as when a shopper asks for a person."""

from html import escape
from typing import Any

from connectors.mail.order_mail import OrderMail
from connectors.mail.order_mails import open_sender
from connectors.mail.sending import make_message
from connectors.settings import Settings
from knowledge.ports import Clock

OWNER_MAIL_JOB = "owner_mail"


class OwnerMails:
    """Sends to the shop's own mailbox. A repeat carries the same Message-ID."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._from = settings.mail_sender
        self._sender = open_sender(settings)

    def send(self, payload: dict[str, Any]) -> None:
        text: str = payload["text"]
        mail = OrderMail(
            subject=payload["subject"],
            text=text,
            html=f"<p>{escape(text).replace(chr(10), '<br>')}</p>",
        )
        message = make_message(
            mail,
            sender=self._from,
            to=self._from.rpartition("<")[2].rstrip("> "),
            message_id=payload["job_id"],
            at=self._clock.now(),
        )
        self._sender.send(message, payload["job_id"])
