"""Deletes shoppers who left nothing that must be kept, with everything that is theirs."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Column, Table, delete, select, update
from sqlalchemy.orm import Session

from knowledge.db.base import Row
from knowledge.db.rows.carts import CartEventRow, CartMemberRow, CartRow
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ShopperRow
from knowledge.db.rows.talk import ConversationRow
from knowledge.privacy.tables import unname
from knowledge.privacy.talks import delete_talks

_SHOPPERS = cast("Table", ShopperRow.__table__)
_CARTS = cast("Table", CartRow.__table__)
_CART_EVENTS = cast("Table", CartEventRow.__table__)
_MEMBERS = cast("Table", CartMemberRow.__table__)


def delete_shoppers(session: Session, shopper_ids: Sequence[str]) -> int:
    """Delete shoppers without orders, their talks, and carts that nobody else shares."""
    ids = list(shopper_ids)
    if not ids:
        return 0
    talks = cast("Table", ConversationRow.__table__)
    delete_talks(
        session, session.scalars(select(talks.c.id).where(talks.c.shopper_id.in_(ids))).all()
    )
    carts = _own_carts(session, ids)
    for table, column in _pointing_at(_SHOPPERS):
        session.execute(delete(table).where(column.in_(ids)))
    unname(session, ids)
    session.execute(
        update(_CART_EVENTS).where(_CART_EVENTS.c.shopper_id.in_(ids)).values(shopper_id=None)
    )
    session.execute(delete(_SHOPPERS).where(_SHOPPERS.c.id.in_(ids)))
    for table, column in _pointing_at(_CARTS):
        session.execute(delete(table).where(column.in_(carts)))
    session.execute(delete(_CARTS).where(_CARTS.c.id.in_(carts)))
    return len(ids)


def _own_carts(session: Session, shopper_ids: Sequence[str]) -> list[str]:
    """Carts of these shoppers that nobody else uses and nothing was ordered from."""
    orders = cast("Table", OrderRow.__table__)
    mine = session.scalars(
        select(_MEMBERS.c.cart_id).where(_MEMBERS.c.shopper_id.in_(shopper_ids)).distinct()
    ).all()
    shared = session.scalars(
        select(_MEMBERS.c.cart_id).where(
            _MEMBERS.c.cart_id.in_(mine), _MEMBERS.c.shopper_id.not_in(shopper_ids)
        )
    ).all()
    used = session.scalars(
        select(_SHOPPERS.c.cart_id).where(
            _SHOPPERS.c.cart_id.in_(mine), _SHOPPERS.c.id.not_in(shopper_ids)
        )
    ).all()
    ordered = session.scalars(select(orders.c.cart_id).where(orders.c.cart_id.in_(mine))).all()
    return sorted({*mine} - {*shared} - {*used} - {*ordered})


def _pointing_at(target: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Every table whose rows belong to a row of ``target``; those others point at come last.

    Read from the schema, so that a table added later is not forgotten.
    """
    for table in reversed(Row.metadata.sorted_tables):
        if table in (_SHOPPERS, _CARTS):
            continue
        for column in table.columns:
            if any(key.column.table is target for key in column.foreign_keys):
                yield table, column
