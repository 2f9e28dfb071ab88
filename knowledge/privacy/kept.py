"""What the shop keeps of a shopper, in short: for telling them, without what others may read."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, select

from knowledge.budgets.models import describe
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ConsentRow, PreferenceRow
from knowledge.db.rows.talk import ConversationRow
from knowledge.shoppers.members import Member
from knowledge.work import Work


@dataclass(frozen=True, slots=True)
class KeptPreference:
    """``source`` is "stated", or "talk" for what goes with this talk."""

    kind: str
    value: str
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class KeptConsent:
    """The last word of a kind."""

    kind: str
    granted: bool
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Addresses in short forms, without numbers; orders and talks counted."""

    preferences: tuple[KeptPreference, ...]
    household: tuple[Member, ...]
    lists: tuple[tuple[str, int], ...]
    """Names with how many products they hold."""
    addresses: tuple[str, ...]
    contact: str
    """Masked; empty when none is known."""
    budgets: tuple[str, ...]
    orders: int
    talks: int
    consents: tuple[KeptConsent, ...]
    retention_days: int
    """0 is for ever."""


def kept_of(work: Work, shopper_id: str) -> Kept:
    session = work.session
    orders, talks = cast("Table", OrderRow.__table__), cast("Table", ConversationRow.__table__)
    return Kept(
        preferences=preferences_of(work, shopper_id),
        household=tuple(work.household.members(shopper_id)),
        lists=tuple((one.name, len(one.items)) for one in work.lists.of_shopper(shopper_id)),
        addresses=tuple(one.short for one in work.addresses.of(shopper_id)),
        contact=work.contacts.known(shopper_id).masked,
        budgets=tuple(describe(one) for one in work.budgets.active(shopper_id)),
        orders=session.scalar(
            select(func.count()).select_from(orders).where(orders.c.shopper_id == shopper_id)
        )
        or 0,
        talks=session.scalar(
            select(func.count()).select_from(talks).where(talks.c.shopper_id == shopper_id)
        )
        or 0,
        consents=consents_of(work, shopper_id),
        retention_days=work.profile.retention_days,
    )


def preferences_of(work: Work, shopper_id: str) -> tuple[KeptPreference, ...]:
    """What was said first comes first."""
    table = cast("Table", PreferenceRow.__table__)
    rows = work.session.execute(
        select(table)
        .where(table.c.shopper_id == shopper_id)
        .order_by(table.c.at, table.c.kind, table.c.value)
    )
    return tuple(KeptPreference(row.kind, row.value, row.source, row.at) for row in rows)


def consents_of(work: Work, shopper_id: str) -> tuple[KeptConsent, ...]:
    table = cast("Table", ConsentRow.__table__)
    rows = work.session.execute(
        select(table).where(table.c.shopper_id == shopper_id).order_by(table.c.id)
    )
    last = {row.kind: KeptConsent(row.kind, row.granted, row.channel, row.at) for row in rows}
    return tuple(last.values())
