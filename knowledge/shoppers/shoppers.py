"""People who shop: made anonymously, recognised by a session token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from knowledge.carts.cart_rows import CartRows
from knowledge.db.rows.people import SessionRow, ShopperRow
from knowledge.errors import NotFound, Unauthenticated
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.ports import Clock

SESSION_DAYS = 30
_TOKEN_BYTES = 32
_SHOPPERS = cast("Table", ShopperRow.__table__)
_SESSIONS = cast("Table", SessionRow.__table__)
_SHOPPER = select(_SHOPPERS).where(_SHOPPERS.c.id == bindparam("shopper_id"))
_SESSION = select(_SESSIONS.c.shopper_id, _SESSIONS.c.expires_at, _SESSIONS.c.revoked_at).where(
    _SESSIONS.c.token_hash == bindparam("token_hash")
)


@dataclass(frozen=True, slots=True)
class Shopper:
    """A person who shops, known or anonymous, and the cart that is filled now."""

    id: str
    cart_id: str
    role: str = "shopper"
    display_name: str | None = None
    locale: str | None = None


class Shoppers:
    """Shoppers and their sessions. Of a token only the SHA-256 is kept."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._carts = CartRows(session)

    def create_anonymous(self, channel: str) -> Shopper:
        """A shopper nobody knows anything about yet, with an empty cart."""
        now = self._clock.now()
        cart_id = self._carts.create(now=now)
        shopper_id = new_id("s")
        self._session.execute(
            insert(ShopperRow).values(
                id=shopper_id,
                role="shopper",
                email=None,
                display_name=None,
                locale=None,
                cart_id=cart_id,
                merged_into=None,
                created_at=now,
                last_seen_at=now,
                erased_at=None,
            )
        )
        self._carts.add_member(cart_id, shopper_id, role="owner", now=now)
        record_event(
            self._session,
            self._clock,
            EventName.SHOPPER_CREATED,
            shopper_id=shopper_id,
            channel=channel,
        )
        return Shopper(shopper_id, cart_id)

    def get(self, shopper_id: str) -> Shopper:
        """Follows a merge to the shopper that is left. Raises ``NotFound``."""
        row = self._session.execute(_SHOPPER, {"shopper_id": shopper_id}).one_or_none()
        if row is None or row.erased_at is not None:
            raise NotFound("There is no such shopper.")
        if row.merged_into is not None:
            return self.get(row.merged_into)
        if row.cart_id is None:
            raise NotFound("This shopper has no cart.")
        return Shopper(row.id, row.cart_id, row.role, row.display_name, row.locale)

    def issue_token(self, shopper_id: str, channel: str) -> tuple[str, datetime]:
        """A new session. The token is told once, here, and cannot be read again."""
        now = self._clock.now()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        expires_at = now + timedelta(days=SESSION_DAYS)
        self._session.execute(
            insert(SessionRow).values(
                id=new_id("v"),
                token_hash=_hash(token),
                shopper_id=shopper_id,
                channel=channel,
                created_at=now,
                expires_at=expires_at,
                revoked_at=None,
            )
        )
        return token, expires_at

    def authenticate(self, token: str) -> Shopper:
        """Raises ``Unauthenticated`` for a token that is unknown, expired or revoked."""
        found = self._session.execute(_SESSION, {"token_hash": _hash(token)}).one_or_none()
        if found is None or found.revoked_at is not None:
            raise Unauthenticated("This session is not known. Start a new one.")
        if found.expires_at <= self._clock.now():
            raise Unauthenticated("This session has expired. Start a new one.")
        try:
            return self.get(found.shopper_id)
        except NotFound as error:
            raise Unauthenticated("This session is not known. Start a new one.") from error

    def revoke(self, token: str) -> None:
        """End a session; one that is unknown or over stays so."""
        self._session.execute(
            update(SessionRow)
            .where(SessionRow.token_hash == _hash(token), SessionRow.revoked_at.is_(None))
            .values(revoked_at=self._clock.now())
            .execution_options(synchronize_session=False)
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
