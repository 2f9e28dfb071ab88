"""Rows that experiments are measured by: shoppers, their turns, calls of models and orders."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import CartRow, ConfirmationRow
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ShopperRow
from knowledge.db.rows.talk import ConversationRow, ModelCallRow, TurnRow


def add_shopper(session: Session, name: str, now: datetime) -> None:
    """Somebody with a cart and a conversation, all of the same name."""
    session.execute(
        insert(CartRow).values(
            id=name,
            status="active",
            version=1,
            next_line=1,
            coupons=[],
            created_at=now,
            updated_at=now,
        )
    )
    session.execute(
        insert(ShopperRow).values(
            id=name, role="shopper", cart_id=name, created_at=now, last_seen_at=now
        )
    )
    session.execute(
        insert(ConversationRow).values(
            id=name,
            shopper_id=name,
            cart_id=name,
            channel="web",
            shown=[],
            next_seq=1,
            created_at=now,
            updated_at=now,
        )
    )


def add_turn(
    session: Session, shopper: str, now: datetime, *, seq: int, outcome: str = "answered"
) -> str:
    turn_id = f"{shopper}-{seq}"
    session.execute(
        insert(TurnRow).values(
            id=turn_id,
            conversation_id=shopper,
            seq=seq,
            schema_version=1,
            parts=[],
            outcome=outcome,
            usage={},
            started_at=now,
            finished_at=now,
        )
    )
    return turn_id


def add_call(
    session: Session, turn_id: str, now: datetime, *, purpose: str, micros: int | None
) -> None:
    session.execute(
        insert(ModelCallRow).values(
            turn_id=turn_id,
            purpose=purpose,
            provider="openai",
            model="gpt-5-mini",
            outcome="ok",
            input_tokens=1000,
            cached_tokens=0,
            output_tokens=100,
            cost_micros=micros,
            latency_ms=800,
            at=now,
        )
    )


def add_order(session: Session, shopper: str, now: datetime, *, number: str) -> None:
    session.execute(
        insert(ConfirmationRow).values(
            id=number,
            cart_id=shopper,
            cart_version=1,
            shopper_id=shopper,
            action="order",
            payload={},
            shown_hash="x",
            text="x",
            status="confirmed",
            created_at=now,
            expires_at=now,
        )
    )
    session.execute(
        insert(OrderRow).values(
            id=number,
            number=number,
            shopper_id=shopper,
            cart_id=shopper,
            confirmation_id=number,
            status="placed",
            currency="USD",
            total=Decimal(10),
            totals={},
            fulfilment="pickup",
            fulfilment_details={},
            contact={},
            placed_at=now,
            updated_at=now,
        )
    )
