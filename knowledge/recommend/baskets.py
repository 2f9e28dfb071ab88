"""Reads baskets to learn from: files of the exchange format, and the orders of the shop."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import OrderLineRow
from knowledge.errors import InvalidInput

Basket = tuple[str, ...]


class _Line(BaseModel):
    """One line of a file; ``shopper`` and ``at`` are for other uses."""

    basket: list[str]

    def items(self) -> Basket:
        return tuple(dict.fromkeys(self.basket))


_BASKET = TypeAdapter(_Line)


def read_baskets(path: Path) -> Iterator[Basket]:
    """JSONL with ``basket``, or CSV, a basket a line. Raises ``InvalidInput`` with the line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if text:
                yield _jsonl(text, number) if path.suffix == ".jsonl" else _csv(text)


def _jsonl(text: str, number: int) -> Basket:
    try:
        return _BASKET.validate_json(text).items()
    except ValidationError as error:
        raise InvalidInput(f'line {number}: not {{"basket": ["id", ...]}}') from error


def _csv(text: str) -> Basket:
    return tuple(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))


def order_count(session: Session) -> int:
    return session.scalar(select(func.count(OrderLineRow.order_id.distinct()))) or 0


def order_baskets(session: Session) -> Iterable[Basket]:
    """What was sold together, one basket an order."""
    baskets: dict[str, list[str]] = defaultdict(list)
    query = select(OrderLineRow.order_id, OrderLineRow.product_id).order_by(
        OrderLineRow.order_id, OrderLineRow.number
    )
    for order_id, product_id in session.execute(query):
        baskets[order_id].append(product_id)
    return [tuple(products) for products in baskets.values()]
