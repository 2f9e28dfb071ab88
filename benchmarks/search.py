"""Product search, import and indexing against named baselines, in one run.

python -m benchmarks.search [--products 10000] [--queries 200]
"""

import argparse
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.catalog import write_catalog
from knowledge.catalog.importing import import_file
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.clock import SystemClock
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Embedder
from knowledge.search.chroma_index import ChromaIndex
from knowledge.search.document import embedding_text, postings
from knowledge.search.embedder_source import FittedEmbedder
from knowledge.search.indexer import Indexer
from knowledge.search.lexical import LexicalIndex
from knowledge.search.product_search import (
    ProductFilter,
    ProductSearch,
    SearchRequest,
    open_search,
)
from knowledge.search.text import query_words

QUERIES = (
    "oat milk", "gluten free pasta", "vegan protein bar", "bananas", "dark chocolate",
    "ground coffee", "toilet paper", "chicken breast", "greek yogurt",
    "olive oil extra virgin", "spagetti", "organic apples", "laundry detergent",
    "sparkling water", "something sweet for breakfast", "cat food with salmon",
    "whole wheat bread", "orange juice", "cheddar cheese", "baby wipes",
)  # fmt: skip
FILTERS = {
    "no filter": ProductFilter(),
    "price <= 4": ProductFilter(max_price=Decimal(4)),
    "vegan": ProductFilter(diets=("vegan",)),
    "vegan, price <= 4, in stock": ProductFilter(
        diets=("vegan",), max_price=Decimal(4), in_stock_only=True
    ),
    "without nuts and milk, rating >= 4": ProductFilter(
        exclude=("nuts", "milk"), min_rating=Decimal(4)
    ),
    "one category": ProductFilter(category="Pantry"),
}
Row = tuple[str, float, float]
Find = Callable[[str], object]
Floats = NDArray[np.float32]


def say(line: str) -> None:
    print(line)  # noqa: T201 - people read it


def timed(work: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    taken = []
    for query in queries:
        start = time.perf_counter()
        work(query)
        taken.append((time.perf_counter() - start) * 1000)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 99))


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fts_search(products: Sequence[Product]) -> Find:
    """SQLite FTS5 with porter stemming, any word, by bm25: what many shops do."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, text, tokenize='porter')")
    rows = [(product.id, embedding_text(product)) for product in products]
    base.executemany("INSERT INTO words VALUES (?, ?)", rows)

    def find(query: str) -> object:
        asked = " OR ".join(f'"{word}"' for word in query_words(query))
        statement = "SELECT id FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT 10"
        return base.execute(statement, (asked,)).fetchall()

    return find


def chroma_where(
    folder: Path, products: Sequence[Product], vectors: Floats, embed: Callable[[str], Floats]
) -> Find:
    """Chroma with metadata, filtering by its own ``where``."""
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "baseline", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for start in range(0, len(products), 2000):
        part = products[start : start + 2000]
        collection.add(
            ids=[product.id for product in part],
            embeddings=vectors[start : start + 2000],
            metadatas=[
                {"price": float(product.price.amount), "vegan": "vegan" in product.diets}
                for product in part
            ],
        )
    where: Any = {"$and": [{"price": {"$lte": 4.0}}, {"vegan": True}]}

    def find(query: str) -> object:
        return collection.query(
            query_embeddings=embed(query)[None, :], n_results=10, where=where, include=["distances"]
        )

    return find


def numpy_exact(vectors: Floats, mask: NDArray[np.bool_], embed: Callable[[str], Floats]) -> Find:
    """Brute force: every cosine, then the mask."""

    def find(query: str) -> object:
        scores = vectors @ embed(query)
        scores[~mask] = -1
        return np.argpartition(-scores, 10)[:10]

    return find


def run(count: int, asked: int, folder: Path) -> None:
    clock = SystemClock()
    file = write_catalog(folder / "products.jsonl", count)
    engine = open_engine(f"sqlite:///{folder / 'shop.db'}")
    upgrade(engine)
    units = UnitsOfWork(engine)
    say(f"{count} products, {asked} queries per row")

    start, cpu = time.perf_counter(), time.process_time()
    import_file(file, units, clock, "USD")
    imported, imported_cpu = time.perf_counter() - start, time.process_time() - cpu
    with units.read() as session:
        products = list(CatalogRepository(session, clock).iterate())
    start, cpu = time.perf_counter(), time.process_time()
    LexicalIndex(postings(product) for product in products)
    built, built_cpu = time.perf_counter() - start, time.process_time() - cpu
    start = time.perf_counter()
    chroma = ChromaIndex.embedded(folder / "chroma")
    report = Indexer(units, clock, None, chroma).run()
    indexed = time.perf_counter() - start
    start = time.perf_counter()
    search = open_search(units, folder, None, None, clock)
    opened = time.perf_counter() - start
    say(f"import              {count / imported:10,.0f} products/s")
    say(f"import + word index {count / (imported + built):10,.0f} products/s")
    both = count / (imported_cpu + built_cpu)
    say(f"  by processor time {both:10,.0f} products/s")
    say(
        f"vectors + Chroma    {count / indexed:10,.0f} products/s ({report.embedder}, fit included)"
    )
    say(f"open                {opened:10.2f} s")

    embedder = FittedEmbedder(units, clock).current()
    assert embedder is not None
    queries = [QUERIES[number % len(QUERIES)] for number in range(asked)]
    rows = searches(search, queries)
    rows += baselines(folder, search, products, queries, embedder)
    reference = next(p50 for name, p50, _ in rows if name.startswith("hybrid, vegan, price"))
    say(f"\n{'':46}   p50 ms   p99 ms   ratio to hybrid with 3 filters")
    for name, p50, p99 in rows:
        say(f"{name:46} {p50:8.2f} {p99:8.2f} {p50 / reference:10.1f}x")
    say(f"\npeak memory {memory_mb():,.0f} MB (baselines included)")
    search.close()
    chroma.close()
    engine.dispose()


def searches(search: ProductSearch, queries: Sequence[str]) -> list[Row]:
    found = []
    for name, limits in FILTERS.items():

        def find(query: str, limits: ProductFilter = limits) -> object:
            return search.find(SearchRequest(query, limits))

        timed(find, queries[:20])
        found.append((f"hybrid, {name}", *timed(find, queries)))
    return found


def baselines(
    folder: Path,
    search: ProductSearch,
    products: Sequence[Product],
    queries: Sequence[str],
    embedder: Embedder,
) -> list[Row]:
    vectors = embedder.embed_products([embedding_text(product) for product in products])
    fits = [product.price.amount <= 4 and "vegan" in product.diets for product in products]  # noqa: PLR2004
    mask = np.array(fits)
    made = {
        "Chroma where, vegan and price <= 4": chroma_where(
            folder / "baseline", products, vectors, embedder.embed_query
        ),
        "SQLite FTS5, OR + bm25, no filter": fts_search(products),
        "NumPy brute force, vegan and price <= 4": numpy_exact(vectors, mask, embedder.embed_query),
        "similar products (vector leg alone)": lambda query: search.similar(
            products[len(query) * 7 % len(products)].id
        ),
    }
    return [(name, *timed(find, queries)) for name, find in made.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        run(chosen.products, chosen.queries, Path(folder))


if __name__ == "__main__":
    main()
