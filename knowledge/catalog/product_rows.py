"""Maps products to the columns of their table and back, as one kind of database keeps them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast

import orjson
from sqlalchemy import JSON, ColumnElement, Dialect, Table, bindparam, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import UserDefinedType

from knowledge.catalog.models import Nutrition, Product
from knowledge.catalog.record import join_category, split_category
from knowledge.db.rows.catalog import ProductRow
from knowledge.db.types import Amount, UtcDateTime
from knowledge.money import Money

PRODUCTS = cast("Table", ProductRow.__table__)
Columns = dict[str, Any]

_NUTRIENTS = tuple(field.name for field in fields(Nutrition))
_nutrients = attrgetter(*_NUTRIENTS)
_NOT_CONTENT = frozenset(
    {
        "stock", "listed", "updated_at", "content_hash", "carbon_source", "feed_id", "enriched",
    }
)  # fmt: skip
_CONTENT = tuple(column.name for column in PRODUCTS.columns if column.name not in _NOT_CONTENT)
_READ = (
    "id", "title", "price", "currency", "gtin", "group_id", "options", "brand", "category",
    "description", "size", "sell_by", "unit", "step", "min_quantity", "max_quantity", "stock",
    "rating", "ratings_count", "image_url", "url", "ingredients", "allergens", "traces", "diets",
    "nutrition", "nutrition_class", "labels", "origin", "packaging", "carbon_kg_per_kg",
    "age_limit", "season", "attributes", "updated_at", "listed", "enriched",
)  # fmt: skip
# These pass the database layer as the driver has them: converting them one value at a time, in
# Python, took most of the time of an import and of a start.
_RAW = frozenset(
    column.name for column in PRODUCTS.columns if isinstance(column.type, Amount | JSON)
)


class Unconverted(UserDefinedType[Any]):
    """A value as the driver takes and gives it."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        raise NotImplementedError  # no column is of this type


class ProductRows:
    """Reads and writes product rows on one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        amount = Amount()
        # The same few prices, steps and stock levels stand in thousands of rows.
        self._to_amount: Callable[[Any], Decimal | None] = lru_cache(maxsize=16_384)(
            lambda raw: amount.process_result_value(raw, dialect)
        )
        self._from_amount: Callable[[Decimal | None], Any] = lru_cache(maxsize=16_384)(
            lambda value: amount.process_bind_param(value, dialect)
        )
        self.moment: Callable[[datetime], Any] = lru_cache(maxsize=1024)(
            UtcDateTime().dialect_impl(dialect).bind_processor(dialect) or (lambda moment: moment)
        )
        """A moment as the driver takes it."""
        self._amounts = tuple(
            column.name for column in PRODUCTS.columns if isinstance(column.type, Amount)
        )
        self.upsert = _upsert(dialect)
        """Insert rows made by ``columns``, replacing those of the same id."""

    def product(self, row: Sequence[Any]) -> Product:
        (
            product_id, title, price, currency, gtin, group_id, options, brand, category,
            description, size, sell_by, unit, step, min_quantity, max_quantity, stock, rating,
            ratings_count, image_url, url, ingredients, allergens, traces, diets, nutrition,
            nutrition_class, labels, origin, packaging, carbon_kg_per_kg, age_limit, season,
            attributes, updated_at, listed, enriched,
        ) = row  # fmt: skip
        amount = self._to_amount
        return Product(
            product_id,
            title,
            Money(amount(price), currency),  # type: ignore[arg-type]  # the column is NOT NULL
            gtin,
            group_id,
            _mapping(options),
            brand,
            split_category(category),
            description,
            size,
            sell_by,
            unit,
            amount(step),  # type: ignore[arg-type]
            amount(min_quantity),
            amount(max_quantity),
            amount(stock),
            amount(rating),
            ratings_count,
            image_url,
            url,
            ingredients,
            None if allergens is None else _names(allergens),
            None if traces is None else _names(traces),
            _names(diets),
            None if nutrition is None else _to_nutrition(_mapping(nutrition)),
            nutrition_class,
            _names(labels),
            origin,
            _names(packaging),
            amount(carbon_kg_per_kg),
            age_limit,
            season,
            _mapping(attributes),
            updated_at,
            listed,
            {} if enriched is None else _mapping(enriched),
        )

    def columns(self, product: Product, now: datetime, feed_id: str | None = None) -> Columns:
        """The row of a product. ``content_hash`` covers what its owner says but stock and times."""
        found: Columns = {
            "id": product.id,
            "gtin": product.gtin,
            "group_id": product.group_id,
            "options": _json(product.options),
            "title": product.title,
            "brand": product.brand,
            "category": join_category(product.category),
            "description": product.description,
            "price": product.price.amount,
            "currency": product.price.currency,
            "size": product.size,
            "sell_by": product.sell_by,
            "unit": product.unit,
            "step": product.step,
            "min_quantity": product.min_quantity,
            "max_quantity": product.max_quantity,
            "stock": product.stock,
            "rating": product.rating,
            "ratings_count": product.ratings_count,
            "image_url": product.image_url,
            "url": product.url,
            "ingredients": product.ingredients,
            "allergens": _json_list(product.allergens),
            "traces": _json_list(product.traces),
            "diets": _json_list(product.diets),
            "nutrition": _nutrition(product.nutrition),
            "nutrition_class": product.nutrition_class,
            "labels": _json_list(product.labels),
            "origin": product.origin,
            "packaging": _json_list(product.packaging),
            "carbon_kg_per_kg": product.carbon_kg_per_kg,
            "carbon_source": None,
            "age_limit": product.age_limit,
            "season": product.season,
            "attributes": _json(product.attributes),
            "listed": product.listed,
            "feed_id": feed_id,
            "enriched": _json(product.enriched) if product.enriched else None,
            "updated_at": self.moment(product.updated_at or now),
        }
        for name in self._amounts:
            found[name] = self._from_amount(found[name])
        found["content_hash"] = _content_hash(found)
        return found


@lru_cache(maxsize=8)
def product_rows(dialect: Dialect) -> ProductRows:
    return ProductRows(dialect)


def unconverted(name: str) -> ColumnElement[Any]:
    """Selects a column as the driver has it."""
    return type_coerce(PRODUCTS.c[name], Unconverted()).label(name)


QUERY = select(*(unconverted(name) if name in _RAW else PRODUCTS.c[name] for name in _READ))
"""Selects what ``ProductRows.product`` reads."""


def _upsert(dialect: Dialect) -> postgresql.Insert | sqlite.Insert:
    insert: postgresql.Insert | sqlite.Insert = sqlite.insert(PRODUCTS)
    if dialect.name == "postgresql":
        insert = postgresql.insert(PRODUCTS)
    names = [column.name for column in PRODUCTS.columns]
    raw = _RAW | {"updated_at"}
    given = {name: bindparam(name, type_=Unconverted() if name in raw else None) for name in names}
    replaced = {name: insert.excluded[name] for name in names if name != "id"}
    return insert.values(given).on_conflict_do_update(index_elements=[PRODUCTS.c.id], set_=replaced)


def _mapping(stored: object) -> Mapping[str, Any]:
    """SQLite keeps JSON as text; the driver of PostgreSQL has read it already."""
    if isinstance(stored, str):
        return {} if stored == "{}" else cast("Mapping[str, Any]", orjson.loads(stored))
    return cast("Mapping[str, Any]", stored)


def _names(stored: str | list[str]) -> tuple[str, ...]:
    return _read_names(stored) if isinstance(stored, str) else tuple(stored)


@lru_cache(maxsize=4096)
def _read_names(stored: str) -> tuple[str, ...]:
    return tuple(orjson.loads(stored))


def _to_nutrition(stored: Mapping[str, str | None]) -> Nutrition:
    values = (stored.get(name) for name in _NUTRIENTS)
    return Nutrition(*[None if value is None else Decimal(value) for value in values])


def _json(value: Mapping[str, str]) -> str:
    return orjson.dumps(dict(value)).decode() if value else "{}"


@lru_cache(maxsize=4096)
def _json_list(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else orjson.dumps(values).decode()


def _nutrition(nutrition: Nutrition | None) -> str | None:
    if nutrition is None:
        return None
    return orjson.dumps(
        dict(zip(_NUTRIENTS, _nutrients(nutrition), strict=True)), default=str
    ).decode()


def _plain(value: object) -> str:
    # 2.10 and 2.1 are the same price: the database does not keep trailing zeros either.
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError


def _content_hash(columns: Columns) -> str:
    content = [columns[name] for name in _CONTENT]
    return hashlib.sha256(orjson.dumps(content, default=_plain)).hexdigest()
