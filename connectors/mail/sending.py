"""Sends mails through an SMTP server, or writes them into a folder where none is set."""

import os
import re
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from connectors.mail.mail_server import MailServer
from connectors.mail.order_mail import OrderMail
from knowledge.errors import InvalidInput

_TIMEOUT_SECONDS = 20
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class MailSender(Protocol):
    def send(self, message: EmailMessage, name: str) -> None:
        """Raises when it was not taken. ``name`` is the same for a repeat of the same mail."""
        ...


class SmtpSender:
    """Hands each mail in over a connection of its own; jobs are few."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, message: EmailMessage, name: str) -> None:
        del name  # the Message-ID says it
        server = self._server
        context = ssl.create_default_context()
        if server.tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
        with connection:
            if server.tls == "starttls":
                connection.starttls(context=context)
            if server.user is not None:
                connection.login(server.user, server.password or "")
            connection.send_message(message)


class FolderSender:
    """Writes mails as files that any mail program opens, for development."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, name: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.part"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(message.as_bytes(policy=SMTP))
        os.replace(unfinished, self._folder / f"{name}.eml")  # noqa: PTH105 - says what it does


def make_message(
    mail: OrderMail, *, sender: str, to: str, message_id: str, at: datetime
) -> EmailMessage:
    """A message with both forms. What would begin a header of its own cannot get in.

    Raises ``InvalidInput`` for an address that is none.
    """
    # Not ``parseaddr``: a shop may have a comma in its name and no quotes around it.
    name, _, mailbox = sender.rpartition("<")
    mailbox = mailbox.rstrip("> ")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _UNPRINTABLE.sub(" ", mail.subject)
    message["From"] = Address(_UNPRINTABLE.sub(" ", name).strip(' "'), addr_spec=_checked(mailbox))
    message["To"] = Address(addr_spec=_checked(to))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{mailbox.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _checked(address: str) -> str:
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError) as error:
        raise InvalidInput(f"{address!r} is not a mail address.") from error
    if _UNPRINTABLE.search(address) or not address.isascii() or "@" not in address:
        raise InvalidInput(f"{address!r} is not a mail address mails can be sent to.")
    return address
