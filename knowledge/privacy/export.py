"""All that is kept of a shopper as one JSON document, written piece by piece."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Table, select

from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ShopperRow
from knowledge.db.rows.talk import ConversationRow, TurnRow
from knowledge.errors import NotFound
from knowledge.orders.documents import order_document
from knowledge.privacy.tables import PERSONAL, Personal, table_of
from knowledge.shop import Shop
from knowledge.work import Work

VERSION = 1
_PAGE = 100
_HIDDEN = frozenset({"shopper_id", "merged_into", "id"})


def export(shop: Shop, shopper_id: str) -> Iterator[str]:
    """Pieces of the document. Each page is read in a transaction of its own, so none is long."""
    head = {"version": VERSION, "shop": shop.profile.name, "made_at": _plain(shop.clock.now())}
    with shop.read() as work:
        head |= {"shopper": _shopper(work, shopper_id)}
        cart = work.carts.get(work.shoppers.get(shopper_id).cart_id)
        lines = [{"product": one.product_id, "quantity": str(one.quantity)} for one in cart.lines]
    yield json.dumps({**head, "cart": lines}, ensure_ascii=False)[:-1]
    for name, one in PERSONAL.items():
        if one.section is not None:
            yield f', "{one.section}": ['
            yield from _pages(shop, partial(_rows, table_of(name), one, shopper_id))
            yield "]"
    yield ', "orders": ['
    yield from _pages(shop, lambda work, after: _orders(work, shopper_id, after))
    yield '], "conversations": ['
    yield from _pages(shop, lambda work, after: _turns(work, shopper_id, after))
    yield "]}\n"


def _pages(
    shop: Shop, page: Callable[[Work, str], tuple[list[dict[str, Any]], str | None]]
) -> Iterator[str]:
    after: str | None = ""
    first = True
    while after is not None:
        with shop.read() as work:
            items, after = page(work, after)
        for item in items:
            yield ("" if first else ", ") + json.dumps(item, ensure_ascii=False)
            first = False


def _shopper(work: Work, shopper_id: str) -> dict[str, Any]:
    table = cast("Table", ShopperRow.__table__)
    row = work.session.execute(select(table).where(table.c.id == shopper_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such shopper.")
    return {
        "id": row.id,
        "email": row.email,
        "name": row.display_name,
        "locale": row.locale,
        "since": _plain(row.created_at),
    }


def _rows(
    table: Table, one: Personal, shopper_id: str, work: Work, after: str
) -> tuple[list[dict[str, Any]], str | None]:
    """``after`` counts the rows that were told: keys are of many kinds."""
    done = int(after or 0)
    mine = select(table).where(table.c.shopper_id == shopper_id).order_by(*table.primary_key)
    found = work.session.execute(mine.offset(done).limit(_PAGE)).all()
    hidden = _HIDDEN.union(one.hidden)
    items = [
        {name: _plain(value) for name, value in row._asdict().items() if name not in hidden}
        for row in found
    ]
    return items, str(done + _PAGE) if len(found) == _PAGE else None


def _orders(work: Work, shopper_id: str, after: str) -> tuple[list[dict[str, Any]], str | None]:
    table = cast("Table", OrderRow.__table__)
    ids = _after(work, table, table.c.shopper_id == shopper_id, after)
    return [order_document(work.session, one) for one in ids], _next(ids)


def _turns(work: Work, shopper_id: str, after: str) -> tuple[list[dict[str, Any]], str | None]:
    """Turns rather than whole conversations: one of them may be long."""
    talks, turns = cast("Table", ConversationRow.__table__), cast("Table", TurnRow.__table__)
    mine = select(talks.c.id).where(talks.c.shopper_id == shopper_id)
    ids = _after(work, turns, turns.c.conversation_id.in_(mine), after)
    rows = work.session.execute(select(turns).where(turns.c.id.in_(ids)).order_by(turns.c.id))
    return [
        {
            "conversation": row.conversation_id,
            "turn": row.seq,
            "at": _plain(row.finished_at),
            "said": _text(row.parts, "user"),
            "answered": _text(row.parts, "answer"),
        }
        for row in rows
    ], _next(ids)


def _after(work: Work, table: Table, mine: Any, after: str) -> Sequence[str]:  # noqa: ANN401
    return work.session.scalars(
        select(table.c.id).where(mine, table.c.id > after).order_by(table.c.id).limit(_PAGE)
    ).all()


def _next(ids: Sequence[str]) -> str | None:
    return ids[-1] if len(ids) == _PAGE else None


def _text(parts: Sequence[dict[str, Any]], kind: str) -> str:
    return "\n".join(part["text"] for part in parts if part["type"] == kind)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value if isinstance(value, str | int | bool | list | dict | None) else str(value)
