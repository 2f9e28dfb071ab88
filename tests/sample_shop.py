"""The sample shop for tests, opened as the composition root opens it but without Chroma."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.ports import Clock
from knowledge.profile import ShopProfile
from tests.databases import migrate, units_on
from tests.fixed_clock import FixedClock

if TYPE_CHECKING:
    from knowledge.shop import Shop

SAMPLE = Path(__file__).parent.parent / "knowledge" / "sample"
LOADED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def load_sample(url: str) -> None:
    """Migrate a database and fill it with the sample catalog, policies and recipes."""
    from knowledge.catalog.importing import import_file  # noqa: PLC0415
    from knowledge.policies.policies import Policies  # noqa: PLC0415
    from knowledge.recipes.repository import Recipes  # noqa: PLC0415

    migrate(url)
    clock = FixedClock(LOADED_AT)
    with units_on(url) as units:
        import_file(SAMPLE / "products.jsonl", units, clock, ShopProfile().currency)
        with units.write() as session:
            Policies(session, clock).load(SAMPLE / "policies")
            Recipes(session).load(SAMPLE / "recipes.yaml")


@contextmanager
def open_sample_shop(url: str, data_dir: Path, clock: Clock) -> Iterator["Shop"]:
    from knowledge.recommend.recommender import open_recommender  # noqa: PLC0415
    from knowledge.search.product_search import open_search  # noqa: PLC0415
    from knowledge.shop import Shop  # noqa: PLC0415

    with units_on(url) as units:
        search = open_search(units, data_dir, None, None, clock)
        try:
            recommender = open_recommender(units, search, clock)
            yield Shop(ShopProfile(), units, clock, search, recommender)
        finally:
            search.close()
