"""What benchmarks of turns share: a shop of any size in this process, percentiles, the machine."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.catalog import write_catalog
from knowledge.catalog.importing import import_file
from knowledge.clock import SystemClock
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.profile import ShopProfile
from knowledge.recommend.recommender import open_recommender
from knowledge.search.product_search import open_search
from knowledge.shop import Shop


def open_bench_shop(stack: ExitStack, folder: Path, products: int) -> Shop:
    engine = open_engine(f"sqlite:///{folder / 'shop.db'}")
    stack.callback(engine.dispose)
    upgrade(engine)
    units, clock = UnitsOfWork(engine), SystemClock()
    import_file(write_catalog(folder / "products.jsonl", products), units, clock, "USD")
    search = open_search(units, folder, None, None, clock)
    stack.callback(search.close)
    return Shop(ShopProfile(), units, clock, search, open_recommender(units, search, clock))


def percentile(seconds: Sequence[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def in_words(name: str, seconds: Sequence[float]) -> str:
    marks = "   ".join(
        f"p{share:.0%}".rstrip("%") + f" {percentile(seconds, share):7.1f} ms"
        for share in (0.5, 0.95, 0.99)
    )
    return f"{name:34} {marks}"


def machine() -> str:
    """How busy it is beside us: figures of the clock mean little where this is high."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}"


def tell(result: dict[str, object], lines: Sequence[str], *, as_json: bool) -> None:
    print(json.dumps(result) if as_json else "\n".join(lines))  # noqa: T201 - what it is for
