"""One shop: the parts every use case starts from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, CommitGuard
from knowledge.profile import ShopProfile
from knowledge.recommend.recommender import Recommender
from knowledge.search.product_search import ProductSearch
from knowledge.work import Work


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
