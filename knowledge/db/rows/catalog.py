"""Rows of the catalog: products, their history, vectors and the revision feed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class ProductRow(Row):
    """One product. ``nutrition`` holds decimal strings; NULL is unknown, [] is none.

    ``feed_id`` names the feed that brought it; ``enriched`` maps each fact that did not come from
    the owner to its source.
    """

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_listed_category", "listed", "category"),)

    id: Mapped[Key]
    gtin: Mapped[str | None] = mapped_column(String(32), index=True)
    group_id: Mapped[str | None] = mapped_column(String(64), index=True)
    options: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(Text)
    brand: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    size: Mapped[str | None] = mapped_column(String(64))
    sell_by: Mapped[str] = mapped_column(String(8))
    unit: Mapped[str | None] = mapped_column(String(16))
    step: Mapped[Decimal]
    min_quantity: Mapped[Decimal | None]
    max_quantity: Mapped[Decimal | None]
    stock: Mapped[Decimal | None]
    rating: Mapped[Decimal | None]
    ratings_count: Mapped[int | None]
    image_url: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    ingredients: Mapped[str | None] = mapped_column(Text)
    allergens: Mapped[list[Any] | None]
    traces: Mapped[list[Any] | None]
    diets: Mapped[list[Any]]
    nutrition: Mapped[dict[str, Any] | None]
    nutrition_class: Mapped[str | None] = mapped_column(String(16))
    labels: Mapped[list[Any]]
    origin: Mapped[str | None] = mapped_column(Text)
    packaging: Mapped[list[Any]]
    carbon_kg_per_kg: Mapped[Decimal | None]
    carbon_source: Mapped[str | None] = mapped_column(Text)
    age_limit: Mapped[int | None]
    season: Mapped[str | None] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]]
    listed: Mapped[bool]
    feed_id: Mapped[str | None] = mapped_column(String(64), index=True)
    enriched: Mapped[dict[str, Any] | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class PriceHistoryRow(Row):
    """What a product cost, from when on."""

    __tablename__ = "price_history"
    __table_args__ = (Index("ix_price_history_product", "product_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    since: Mapped[datetime]


class CategoryRow(Row):
    """A category path such as "Dairy > Milk", with what the owner says about it."""

    __tablename__ = "categories"

    path: Mapped[str] = mapped_column(String(255), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("categories.path"))
    attributes: Mapped[dict[str, Any]]


class SynonymRow(Row):
    """Words an owner wants treated alike in search."""

    __tablename__ = "synonyms"

    word: Mapped[str] = mapped_column(String(64), primary_key=True)
    means: Mapped[str] = mapped_column(String(64), primary_key=True)


class VectorRow(Row):
    """A product's vector, float32 little-endian; Chroma is rebuilt from these."""

    __tablename__ = "product_vectors"

    product_id: Mapped[str] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), primary_key=True
    )
    embedder: Mapped[str] = mapped_column(String(128), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class EmbedderRow(Row):
    """A fitted embedder that has to be kept with the catalog it was fitted on."""

    __tablename__ = "embedders"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    dimension: Mapped[int]
    model: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class CatalogChangeRow(Row):
    """The feed every process follows: a growing revision per changed product."""

    __tablename__ = "catalog_changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - the form SQLAlchemy reads

    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    product_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class ImportRunRow(Row):
    """One run of an import with its counts and row errors.

    ``fingerprint`` tells whether a file is the one an interrupted run was reading, ``position``
    how many of its rows are staged. ``status``: staging, done, failed.
    """

    __tablename__ = "import_runs"

    id: Mapped[Key]
    source: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
    errors: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(String(16), server_default="done")
    feed_id: Mapped[str | None] = mapped_column(String(64))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(server_default="0")


class ImportStageRow(Row):
    """A good row of an import that is not applied yet."""

    __tablename__ = "import_stage"

    run_id: Mapped[str] = mapped_column(
        ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(String(64))
    product: Mapped[dict[str, Any]]


class FeedRow(Row):
    """A product feed that is pulled from a URL now and then."""

    __tablename__ = "feeds"

    id: Mapped[Key]
    url: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(24))
    mapping: Mapped[dict[str, Any] | None]
    full: Mapped[bool]
    every_minutes: Mapped[int]
    active: Mapped[bool]
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    last_pulled_at: Mapped[datetime | None]
    last_status: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class EnrichmentRow(Row):
    """What another source knows of a barcode; ``data`` NULL when it knows nothing."""

    __tablename__ = "enrichments"

    gtin: Mapped[str] = mapped_column(String(32), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    data: Mapped[dict[str, Any] | None]
    fetched_at: Mapped[datetime]
    expires_at: Mapped[datetime]
