"""Has the world told of what happened to an order, by jobs in the same transaction."""

import re
from typing import Any, Literal

from sqlalchemy.orm import Session

from knowledge.jobs.jobs import Jobs
from knowledge.orders.documents import VERSION, moment_text, order_document
from knowledge.ports import Clock

OrderNews = Literal["order.placed", "order.cancelled", "order.status_changed", "return.requested"]
MailKind = Literal["placed", "ready", "out_for_delivery", "cancelled", "refunded"]
WEBHOOK_JOB = "order_webhook"
MAIL_JOB = "order_mail"

_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]+")
_MAILS_ON: dict[str, MailKind] = {
    "placed": "placed",
    "ready": "ready",
    "out_for_delivery": "out_for_delivery",
    "cancelled": "cancelled",
}


def announce(session: Session, clock: Clock, news: OrderNews, order_id: str) -> None:
    """Queue the event for the owner's systems, as the order is now, and a mail to the shopper.

    The id of the webhook's job is the id of the event: retries carry the same one.
    """
    document = order_document(session, order_id)
    Jobs(session, clock).add(
        WEBHOOK_JOB,
        {
            "type": news,
            "timestamp": moment_text(clock.now()),
            "version": VERSION,
            "data": {"order": document},
        },
    )
    kind = _MAILS_ON.get(document["status"])
    if kind is not None and news != "return.requested":
        mail_about(session, clock, kind, document)


def mail_about(
    session: Session, clock: Clock, kind: MailKind, document: dict[str, Any], detail: str = ""
) -> None:
    """Queue a mail, when the order has somebody to send it to.

    ``detail`` keeps apart what can happen to an order several times, such as refunds.
    """
    if mail_address(document) is None:
        return
    key = f"mail:{kind}:{document['id']}{f':{detail}' if detail else ''}"
    payload = {"kind": kind, "order_id": document["id"], "detail": detail}
    Jobs(session, clock).add(MAIL_JOB, payload, key=key)


def mail_address(document: dict[str, Any]) -> str | None:
    """Where mails about an order go: its contact, else the address the shopper is known by."""
    contact: dict[str, Any] = document["contact"] or {}
    known = (contact.get("email"), document["shopper"]["email"])
    for address in known:
        if isinstance(address, str) and _MAIL.fullmatch(address):
            return address
    return None
