"""Reads and writes carts. The only module that builds cart SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from knowledge.carts.models import Actor, Cart, CartLine
from knowledge.carts.projection import CartEvent
from knowledge.db.rows.carts import CartEventRow, CartLineRow, CartMemberRow, CartRow
from knowledge.errors import Contended, NotFound
from knowledge.ids import new_id

_CARTS = cast("Table", CartRow.__table__)
_LINES = cast("Table", CartLineRow.__table__)
# One row for each line, or one without a line.
_WITH_LINES = (
    select(_CARTS.c.version, _CARTS.c.next_line, _CARTS.c.coupons, *_LINES.c)
    .select_from(_CARTS.outerjoin(_LINES, _LINES.c.cart_id == _CARTS.c.id))
    .where(_CARTS.c.id == bindparam("cart_id"))
    .order_by(_LINES.c.number)
)


class CartRows:
    """Carts in the shop database. Never commits: the unit of work does."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, *, now: datetime) -> str:
        cart_id = new_id("k")
        self._session.execute(
            insert(CartRow).values(
                id=cart_id,
                name=None,
                status="open",
                version=0,
                next_line=1,
                coupons=[],
                created_at=now,
                updated_at=now,
            )
        )
        return cart_id

    def add_member(self, cart_id: str, shopper_id: str, *, role: str, now: datetime) -> None:
        self._session.execute(
            insert(CartMemberRow).values(
                cart_id=cart_id, shopper_id=shopper_id, role=role, joined_at=now
            )
        )

    def is_member(self, cart_id: str, shopper_id: str) -> bool:
        found = self._session.scalar(
            select(CartMemberRow.cart_id).where(
                CartMemberRow.cart_id == cart_id, CartMemberRow.shopper_id == shopper_id
            )
        )
        return found is not None

    def lock(self, cart_id: str) -> None:
        """Make rivals wait for this transaction; without it they would fail at the fence and retry.

        Not against foreign keys: a message to this cart may still be taken in. SQLite has one
        writer anyway.
        """
        self._session.execute(
            select(CartRow.id).where(CartRow.id == cart_id).with_for_update(key_share=True)
        )

    def load(self, cart_id: str) -> Cart:
        """Raises ``NotFound``."""
        rows = self._session.execute(_WITH_LINES, {"cart_id": cart_id}).all()
        if not rows:
            raise NotFound("There is no such cart.")
        head = rows[0]
        return Cart(
            id=cart_id,
            version=head.version,
            lines=tuple(_to_line(row) for row in rows if row.number is not None),
            coupons=tuple(head.coupons),
            next_line=head.next_line,
        )

    def advance(self, cart: Cart, *, next_line: int, now: datetime) -> int:
        """The fence: move on from the version that was read, or raise ``Contended``."""
        version = self._session.scalar(
            update(CartRow)
            .where(CartRow.id == cart.id, CartRow.version == cart.version)
            .values(version=cart.version + 1, next_line=next_line, updated_at=now)
            .returning(CartRow.version)
            .execution_options(synchronize_session=False)
        )
        if version is None:
            raise Contended("The cart was changed at the same moment. Please try again.")
        return version

    def set_coupons(self, cart_id: str, coupons: Sequence[str]) -> None:
        self._session.execute(
            update(CartRow)
            .where(CartRow.id == cart_id)
            .values(coupons=list(coupons))
            .execution_options(synchronize_session=False)
        )

    def append(
        self, cart_id: str, events: Iterable[CartEvent], *, actor: Actor, now: datetime
    ) -> None:
        """Record events; the fence has been passed, so nobody else numbers them."""
        last = self._session.scalar(
            select(func.max(CartEventRow.seq)).where(CartEventRow.cart_id == cart_id)
        )
        rows = [
            {
                "cart_id": cart_id,
                "seq": seq,
                "kind": event.kind,
                "line": event.line,
                "product_id": _product_of(event),
                "quantity": event.after.quantity if event.after else None,
                "before": event.before.to_json() if event.before else None,
                "after": event.after.to_json() if event.after else None,
                "shopper_id": actor.shopper_id,
                "channel": actor.channel,
                "at": now,
            }
            for seq, event in enumerate(events, start=(last or 0) + 1)
        ]
        if rows:
            self._session.execute(insert(CartEventRow), rows)

    def project(self, cart_id: str, old: Iterable[CartLine], new: Iterable[CartLine]) -> None:
        """Make the stored lines what the events say."""
        before = {line.number: line for line in old}
        after = {line.number: line for line in new}
        changed = [number for number, line in before.items() if after.get(number) != line]
        if changed:
            self._session.execute(
                delete(CartLineRow)
                .where(CartLineRow.cart_id == cart_id, CartLineRow.number.in_(changed))
                .execution_options(synchronize_session=False)
            )
        rows = [
            _to_columns(cart_id, line)
            for number, line in after.items()
            if before.get(number) != line
        ]
        if rows:
            self._session.execute(insert(CartLineRow), rows)

    def history(self, cart_id: str) -> list[CartEvent]:
        """Everything that ever happened to a cart, in order."""
        rows = self._session.execute(
            select(CartEventRow.kind, CartEventRow.line, CartEventRow.before, CartEventRow.after)
            .where(CartEventRow.cart_id == cart_id)
            .order_by(CartEventRow.seq)
        )
        return [
            CartEvent(
                row.kind,
                row.line,
                CartLine.from_json(row.before) if row.before else None,
                CartLine.from_json(row.after) if row.after else None,
            )
            for row in rows
        ]


def _product_of(event: CartEvent) -> str | None:
    line = event.after or event.before
    return line.product_id if line else None


def _to_line(row: Row[Any]) -> CartLine:
    return CartLine(
        number=row.number,
        product_id=row.product_id,
        quantity=row.quantity,
        added_at=row.added_at,
        added_by=row.added_by,
        substitution=row.substitution,
        note=row.note,
        for_members=tuple(row.for_members),
    )


def _to_columns(cart_id: str, line: CartLine) -> dict[str, Any]:
    return {
        "cart_id": cart_id,
        "number": line.number,
        "product_id": line.product_id,
        "quantity": line.quantity,
        "substitution": line.substitution,
        "note": line.note,
        "added_by": line.added_by,
        "added_at": line.added_at,
        "for_members": list(line.for_members),
    }
