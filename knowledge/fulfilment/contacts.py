"""Phone numbers and mail addresses an order is announced to, and what is known of a shopper's."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ChannelIdentityRow, ShopperRow
from knowledge.errors import InvalidInput
from knowledge.fulfilment.models import Contact

_MAIL = re.compile(
    r"(?<![^\s<:,;(])(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
    r"(?![A-Za-z0-9@-])"
)
_PHONE = re.compile(r"(?<![\w@])\+?[\d(][\d\s().\-/]{4,24}\d(?![\w@])")
_LONGEST_LOCAL, _LONGEST_MAIL = 64, 254
_FEWEST, _MOST = 7, 15
"""Digits of a phone number; 15 is the most that E.164 allows."""
_NORTH_AMERICA = frozenset(("US", "CA"))
_TEN = 10
_CLOSED = ("blocked", "unlinked")
_PHONE_CHANNELS = frozenset(("sms", "whatsapp", "voice"))


def read_contact(text: str, *, country: str = "US") -> Contact:
    """The phone number or mail address in a text. Raises ``InvalidInput`` when it has neither."""
    mail = _MAIL.search(text)
    if mail and len(mail["local"]) <= _LONGEST_LOCAL and len(mail[0]) <= _LONGEST_MAIL:
        return Contact(email=f"{mail['local']}@{mail['domain'].lower()}")
    if "@" in text:
        raise InvalidInput("That is no mail address; it should look like anna@example.com.")
    found = _PHONE.search(text)
    phone = _phone(found[0], country) if found else None
    if phone is None:
        raise InvalidInput(
            "That is no phone number or mail address. Say one such as +1 415 555 0189 "
            "or anna@example.com."
        )
    return Contact(phone=phone)


def _phone(text: str, country: str) -> str | None:
    """As E.164 writes it where the country is known, else the digits as they were given."""
    digits = "".join(str(int(one)) for one in text if one.isdecimal())
    if text.startswith("+"):
        fits = _FEWEST <= len(digits) <= _MOST and not digits.startswith("0")
        return f"+{digits}" if fits else None
    if digits.startswith("00"):
        return _phone(f"+{digits[2:]}", country)
    if country in _NORTH_AMERICA:
        national = digits[1:] if len(digits) == _TEN + 1 and digits[0] == "1" else digits
        return f"+1{national}" if len(national) == _TEN else None
    return digits if _FEWEST <= len(digits) <= _MOST else None


class Contacts:
    """What the shop knows already, so that nobody is asked twice."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, shopper_id: str) -> Contact:
        """From the account, the channel they write from, or their last order; may be empty."""
        email = self._session.scalar(select(ShopperRow.email).where(ShopperRow.id == shopper_id))
        if email:
            return Contact(email=email)
        for channel, peer in self._identities(shopper_id):
            if channel not in _PHONE_CHANNELS:
                return Contact(channel=channel)
            try:
                return read_contact(peer or "")
            except InvalidInput:
                continue
        return Contact.from_json(self._of_last_order(shopper_id))

    def _identities(self, shopper_id: str) -> list[tuple[str, str | None]]:
        rows = self._session.execute(
            select(ChannelIdentityRow.channel, ChannelIdentityRow.peer)
            .where(
                ChannelIdentityRow.shopper_id == shopper_id,
                ChannelIdentityRow.status.not_in(_CLOSED),
                ChannelIdentityRow.channel != "web",
            )
            .order_by(ChannelIdentityRow.created_at, ChannelIdentityRow.id)
        )
        return [(row.channel, row.peer) for row in rows]

    def _of_last_order(self, shopper_id: str) -> dict[str, Any] | None:
        return self._session.scalar(
            select(OrderRow.contact)
            .where(OrderRow.shopper_id == shopper_id)
            .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
            .limit(1)
        )
