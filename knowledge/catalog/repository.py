"""Reads and writes products. The only module that builds product SQL."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.catalog.changes import CatalogChange, CatalogChanges
from knowledge.catalog.enrichment.filling import keep
from knowledge.catalog.models import Product
from knowledge.catalog.product_rows import PRODUCTS as _PRODUCTS
from knowledge.catalog.product_rows import QUERY, Columns, product_rows, unconverted
from knowledge.catalog.readable import readable
from knowledge.catalog.record import join_category, split_category
from knowledge.db.rows.catalog import CategoryRow, PriceHistoryRow
from knowledge.db.types import UtcDateTime
from knowledge.errors import ProductNotFound
from knowledge.ports import Clock

_BATCH = 500  # SQLite takes at most 32,766 parameters in a statement
_CATEGORIES = cast("Table", CategoryRow.__table__)
# Built once: SQLAlchemy looks a statement up by all its parts, for many columns that takes longer
# than reading a few rows.
_BY_ID = QUERY.where(_PRODUCTS.c.id.in_(bindparam("ids", expanding=True)))
_FOLLOWING = (
    QUERY.where(_PRODUCTS.c.id > bindparam("last")).order_by(_PRODUCTS.c.id).limit(_BATCH * 4)
)
_KEEP_PRICES = insert(cast("Table", PriceHistoryRow.__table__)).from_select(
    ["product_id", "price", "currency", "since"],
    select(
        _PRODUCTS.c.id,
        _PRODUCTS.c.price,
        _PRODUCTS.c.currency,
        bindparam("since", type_=UtcDateTime()),
    ).where(_PRODUCTS.c.id.in_(bindparam("ids", expanding=True))),
)


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "UpsertCounts") -> "UpsertCounts":
        return UpsertCounts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True)
class CategoryCount:
    path: tuple[str, ...]
    products: int


class CatalogRepository:
    """Products in the shop database. Never commits: the unit of work does."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._changes = CatalogChanges(session, clock)
        self._known_categories: set[str] = set()
        self._rows = product_rows(session.get_bind().dialect)

    def find(self, product_id: str, *, include_delisted: bool = False) -> Product | None:
        return self.get_many([product_id], include_delisted=include_delisted).get(product_id)

    def get(self, product_id: str) -> Product:
        """Raises ``ProductNotFound``, also for what is no longer sold."""
        product = self.find(product_id)
        if product is None:
            raise ProductNotFound(product_id)
        return product

    def get_many(
        self, product_ids: Iterable[str], *, include_delisted: bool = False
    ) -> dict[str, Product]:
        """The products that exist, by id, in the order asked for."""
        wanted = list(dict.fromkeys(product_ids))
        found: dict[str, Product] = {}
        for chunk in _chunks(wanted):
            # Not "and listed": SQLite would then go through everything that is.
            for row in self._session.execute(_BY_ID, {"ids": chunk}):
                product = self._rows.product(row)
                if product.listed or include_delisted:
                    found[product.id] = product
        return {one: found[one] for one in wanted if one in found}

    def listed_among(self, product_ids: Iterable[str]) -> set[str]:
        """Which of them are for sale."""
        query = select(_PRODUCTS.c.id, _PRODUCTS.c.listed)
        return {
            row.id
            for chunk in _chunks(list(product_ids))
            for row in self._session.execute(query.where(_PRODUCTS.c.id.in_(chunk)))
            if row.listed
        }

    def of_feed(self, feed_id: str) -> list[str]:
        """Ids of what a feed brought and the shop sells."""
        query = select(_PRODUCTS.c.id).where(_PRODUCTS.c.listed, _PRODUCTS.c.feed_id == feed_id)
        return list(self._session.scalars(query.order_by(_PRODUCTS.c.id)))

    def find_by_gtin(self, gtin: str) -> Product | None:
        query = QUERY.where(_PRODUCTS.c.gtin == gtin).order_by(_PRODUCTS.c.id)
        products = (self._rows.product(row) for row in self._session.execute(query))
        return next((product for product in products if product.listed), None)

    def iterate(self, after_revision: int | None = None) -> Iterator[Product]:
        """Everything listed, by id; or only what changed after a revision (delisted too)."""
        if after_revision is not None:
            yield from self._changed_after(after_revision)
            return
        last = ""
        while True:
            rows = self._session.execute(_FOLLOWING, {"last": last}).all()
            if not rows:
                return
            for row in rows:
                product = self._rows.product(row)
                if product.listed:
                    yield product
            last = product.id

    def _changed_after(self, revision: int) -> Iterator[Product]:
        seen: set[str] = set()
        while changes := self.changes_since(revision, _BATCH):
            revision = changes[-1].revision
            fresh = {change.product_id for change in changes} - seen
            seen |= fresh
            yield from self.get_many(sorted(fresh), include_delisted=True).values()

    def count(self) -> int:
        query = select(func.count()).select_from(_PRODUCTS).where(_PRODUCTS.c.listed)
        return self._session.scalar(query) or 0

    def revision(self) -> int:
        """The newest revision of the catalog; 0 for one that was never written."""
        return self._changes.revision()

    def changes_since(self, revision: int, limit: int = 10_000) -> Sequence[CatalogChange]:
        return self._changes.since(revision, limit)

    def categories(self) -> list[CategoryCount]:
        """Category paths with the number of listed products right in them, by path."""
        query = (
            select(_PRODUCTS.c.category, func.count())
            .where(_PRODUCTS.c.listed, _PRODUCTS.c.category != "")
            .group_by(_PRODUCTS.c.category)
            .order_by(_PRODUCTS.c.category)
        )
        return [
            CategoryCount(split_category(path), number)
            for path, number in self._session.execute(query)
        ]

    def upsert(self, products: Iterable[Product], *, feed_id: str | None = None) -> UpsertCounts:
        """Add or replace by id; of equal ids the last wins. Same content changes nothing.

        A product belongs to the feed that brought it last, or to the owner's own hand. Facts of
        other sources stay where the owner still says nothing.
        """
        self._changes.lock()
        counts = UpsertCounts()
        rest = iter(products)
        while chunk := list(islice(rest, _BATCH)):
            counts += self._upsert_batch({one.id: readable(one) for one in chunk}, feed_id)
        return counts

    def _upsert_batch(self, products: dict[str, Product], feed_id: str | None) -> UpsertCounts:
        now = self._clock.now()
        known = {
            row.id: row
            for row in self._session.execute(
                select(
                    _PRODUCTS.c.id,
                    _PRODUCTS.c.content_hash,
                    unconverted("stock"),
                    _PRODUCTS.c.listed,
                    unconverted("price"),
                    _PRODUCTS.c.currency,
                    _PRODUCTS.c.feed_id,
                    _PRODUCTS.c.enriched.is_not(None).label("enriched"),
                ).where(_PRODUCTS.c.id.in_(list(products)))
            )
        }
        added: list[Columns] = []
        changed: list[Columns] = []
        restocked: list[Columns] = []
        repriced: list[Columns] = []
        moved: list[Columns] = []
        for product in products.values():
            columns = self._rows.columns(product, now, feed_id)
            row = known.get(product.id)
            if row is None:
                added.append(columns)
                repriced.append(columns)
                continue
            if row.price != columns["price"] or row.currency != columns["currency"]:
                repriced.append(columns)
            if row.content_hash != columns["content_hash"] or row.listed != columns["listed"]:
                changed.append(columns)
            elif row.stock != columns["stock"]:
                restocked.append(columns)
            elif row.feed_id != feed_id:
                moved.append(columns)
        written = added + changed + restocked
        enriched = {one.id for one in known.values() if one.enriched}
        if enriched:
            self._keep_enriched(written + moved, products, enriched)
        self._keep_categories({columns["category"] for columns in written})
        self._write(written + moved)
        self._keep_prices(repriced)
        self._changes.record((columns["id"] for columns in added), "added")
        self._changes.record((columns["id"] for columns in changed), "changed")
        self._changes.record((columns["id"] for columns in restocked), "stock")
        return UpsertCounts(len(added), len(changed) + len(restocked), len(products) - len(written))

    def _keep_enriched(
        self, rows: list[Columns], products: dict[str, Product], enriched: set[str]
    ) -> None:
        """Put what other sources knew back into rows about to be written."""
        wanted = [columns for columns in rows if columns["id"] in enriched]
        old = self.get_many((columns["id"] for columns in wanted), include_delisted=True)
        for columns in wanted:
            product = keep(products[columns["id"]], old[columns["id"]])
            own = {name: columns[name] for name in ("content_hash", "feed_id", "updated_at")}
            columns |= self._rows.columns(product, self._clock.now()) | own  # noqa: PLW2901

    def enrich(self, products: Iterable[Product]) -> int:
        """Write products with facts of other sources; what the owner said is not touched."""
        self._changes.lock()
        filled = {product.id: product for product in products}
        rows: list[Columns] = []
        query = select(_PRODUCTS.c.id, _PRODUCTS.c.content_hash, _PRODUCTS.c.feed_id)
        for chunk in _chunks(list(filled)):
            for row in self._session.execute(query.where(_PRODUCTS.c.id.in_(chunk))):
                own = {"content_hash": row.content_hash, "feed_id": row.feed_id}
                rows.append(self._rows.columns(filled[row.id], self._clock.now()) | own)
        self._write(rows)
        self._changes.record((columns["id"] for columns in rows), "changed")
        return len(rows)

    def _write(self, rows: list[Columns]) -> None:
        if rows:
            self._session.execute(self._rows.upsert, rows)

    def _insert_into(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        if self._session.get_bind().dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    def _keep_prices(self, rows: list[Columns]) -> None:
        if rows:
            ids = [columns["id"] for columns in rows]
            self._session.execute(_KEEP_PRICES, {"since": self._clock.now(), "ids": ids})

    def _keep_categories(self, paths: set[str]) -> None:
        missing: dict[str, str | None] = {}
        for path in sorted(paths - self._known_categories - {""}):
            parts = split_category(path)
            parent: str | None = None
            for depth in range(1, len(parts) + 1):
                current = join_category(parts[:depth])
                missing[current] = parent
                parent = current
        if not missing:
            return
        rows: list[Columns] = [
            {"path": path, "parent": parent, "attributes": {}} for path, parent in missing.items()
        ]
        self._session.execute(self._insert_into(_CATEGORIES).on_conflict_do_nothing(), rows)
        self._known_categories |= paths

    def delist(self, product_ids: Iterable[str]) -> int:
        """Stop selling; the rows stay, because orders and carts point at them."""
        self._changes.lock()
        gone = list(self.get_many(product_ids))
        for chunk in _chunks(gone):
            self._session.execute(
                update(_PRODUCTS)
                .where(_PRODUCTS.c.id.in_(chunk))
                .values(listed=False, updated_at=self._clock.now())
            )
        self._changes.record(gone, "delisted")
        return len(gone)

    def take_stock(self, product_id: str, quantity: Decimal) -> bool:
        """Take from stock if there is enough; True also when stock is not tracked."""
        return self._move_stock(product_id, -quantity)

    def put_back(self, product_id: str, quantity: Decimal) -> None:
        """Return what was taken."""
        self._move_stock(product_id, quantity)

    def _move_stock(self, product_id: str, difference: Decimal) -> bool:
        self._changes.lock()
        stock = _PRODUCTS.c.stock
        result = cast(
            "CursorResult[Any]",
            self._session.execute(
                update(_PRODUCTS)
                .where(_PRODUCTS.c.id == product_id, stock >= -difference, stock.is_not(None))
                .values(stock=stock + difference)
            ),
        )
        if result.rowcount:
            self._changes.record([product_id], "stock")
            return True
        untracked = select(_PRODUCTS.c.id).where(_PRODUCTS.c.id == product_id, stock.is_(None))
        return self._session.scalar(untracked) is not None

    def price_history(self, product_id: str) -> list[tuple[Any, Decimal]]:
        """(since, price), oldest first."""
        query = (
            select(PriceHistoryRow.since, PriceHistoryRow.price)
            .where(PriceHistoryRow.product_id == product_id)
            .order_by(PriceHistoryRow.since, PriceHistoryRow.id)
        )
        return [(since, price) for since, price in self._session.execute(query)]


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
