"""One shop: the parts every use case starts from."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended
from knowledge.ports import Clock, CommitGuard
from knowledge.profile import ShopProfile
from knowledge.recommend.recommender import Recommender
from knowledge.search.product_search import ProductSearch
from knowledge.work import Work

T = TypeVar("T")
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop as use cases see it. Thread-safe; opened once by the composition root."""

    profile: ShopProfile
    units: UnitsOfWork
    clock: Clock
    search: ProductSearch
    recommender: Recommender

    @contextmanager
    def read(self) -> Iterator[Work]:
        with self.units.read() as session:
            yield Work(session, self.profile, self.clock)

    @contextmanager
    def write(self, guard: CommitGuard | None = None) -> Iterator[Work]:
        """One transaction; see ``UnitsOfWork.write``."""
        with self.units.write(guard) as session:
            yield Work(session, self.profile, self.clock)

    def change(self, use_case: Callable[[Work], T], guard: CommitGuard | None = None) -> T:
        """Run a use case in a transaction, again from the start when a rival came first.

        Raises ``Contended`` when it lost every time.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.write(guard) as work:
                    return use_case(work)
            except Contended:
                if attempt == ATTEMPTS:
                    raise
            # Rivals that wait equally long meet again.
            time.sleep(random.uniform(0, 0.005 * attempt))  # noqa: S311 - no secret
        raise AssertionError  # pragma: no cover - the loop returns or raises
