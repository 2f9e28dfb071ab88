"""Keeps what was learned from baskets: learned on first use, learned anew as orders come in."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.catalog.repository import CatalogRepository
from knowledge.ports import Clock
from knowledge.recommend.baskets import Basket, order_baskets, order_count, read_baskets
from knowledge.recommend.goes_with import PairModel, train_goes_with, train_shelves

_SAMPLE = Path(__file__).parent.parent / "sample"
_SAME_SHOP = 0.8
_LOOK_AGAIN = timedelta(minutes=10)
_MORE_ORDERS = 20
_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Learned:
    """Pairs of products, pairs of shelves, and from how many orders of the shop they come."""

    products: PairModel[str]
    shelves: PairModel[tuple[str, ...]]
    orders: int


class LearnedPairs:
    """Thread-safe. ``baskets`` is a file in the exchange format; the sample shop has its own."""

    def __init__(self, clock: Clock, baskets: Path | None = None) -> None:
        self._clock = clock
        self._file = baskets
        self._lock = threading.Lock()
        self._learned: Learned | None = None
        self._looked_at: datetime | None = None

    def now(self, session: Session) -> Learned:
        """What is known at present; the session is read when there may be more to learn."""
        moment = self._clock.now()
        with self._lock:
            fresh = self._looked_at is not None and moment - self._looked_at < _LOOK_AGAIN
            if self._learned is not None and fresh:
                return self._learned
            orders = order_count(session)
            if self._learned is None or _grown(self._learned.orders, orders):
                self._learned = self._learn(session, orders)
            self._looked_at = moment
            return self._learned

    def _learn(self, session: Session, orders: int) -> Learned:
        catalog = CatalogRepository(session, self._clock)
        baskets = [*self._given(catalog), *order_baskets(session)]
        ids = {product_id for basket in baskets for product_id in basket}
        shelves = {one.id: one.category for one in catalog.get_many(ids).values()}
        known = [tuple(one for one in basket if one in shelves) for basket in baskets]
        return Learned(train_goes_with(known), train_shelves(known, shelves.get), orders)

    def _given(self, catalog: CatalogRepository) -> Sequence[Basket]:
        if self._file is not None:
            return list(read_baskets(self._file))
        return list(read_baskets(_SAMPLE / "baskets.jsonl")) if _sells_sample(catalog) else ()


def _grown(before: int, now: int) -> bool:
    return now >= before + _MORE_ORDERS and now >= before * _GROWTH


def _sells_sample(catalog: CatalogRepository) -> bool:
    """Whether the catalog is that of the sample shop; ids alone may be equal by chance."""
    file = _SAMPLE / "products.jsonl"
    if not file.exists():
        return False
    lines = file.read_text(encoding="utf-8").splitlines()
    titles = {record["id"]: record["title"] for record in map(json.loads, lines)}
    sold = catalog.get_many(titles)
    same = sum(1 for one in sold.values() if one.title == titles[one.id])
    return same >= len(titles) * _SAME_SHOP
