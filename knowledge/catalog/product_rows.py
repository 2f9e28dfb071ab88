"""Maps products to the columns of their table and back."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, cast

import orjson
from sqlalchemy import RowMapping

from knowledge.catalog.models import Nutrition, NutritionClass, Product, SellBy
from knowledge.catalog.record import join_category, split_category
from knowledge.money import Money

_NUTRIENTS = tuple(field.name for field in fields(Nutrition))
_NOT_CONTENT = frozenset({"stock", "listed", "updated_at", "content_hash", "carbon_source"})
Columns = dict[str, Any]


def to_columns(product: Product, now: datetime) -> Columns:
    """The row of a product. ``content_hash`` covers everything but stock and times."""
    columns: Columns = {
        "id": product.id,
        "gtin": product.gtin,
        "group_id": product.group_id,
        "options": dict(product.options),
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
        "allergens": _listed(product.allergens),
        "traces": _listed(product.traces),
        "diets": list(product.diets),
        "nutrition": _nutrition_columns(product.nutrition),
        "nutrition_class": product.nutrition_class,
        "labels": list(product.labels),
        "origin": product.origin,
        "packaging": list(product.packaging),
        "carbon_kg_per_kg": product.carbon_kg_per_kg,
        "carbon_source": None,
        "age_limit": product.age_limit,
        "season": product.season,
        "attributes": dict(product.attributes),
        "listed": product.listed,
        "updated_at": product.updated_at or now,
    }
    columns["content_hash"] = _content_hash(columns)
    return columns


def to_product(row: RowMapping) -> Product:
    return Product(
        id=row["id"],
        title=row["title"],
        price=Money(row["price"], row["currency"]),
        gtin=row["gtin"],
        group_id=row["group_id"],
        options=row["options"],
        brand=row["brand"],
        category=split_category(row["category"]),
        description=row["description"],
        size=row["size"],
        sell_by=cast("SellBy", row["sell_by"]),
        unit=row["unit"],
        step=row["step"],
        min_quantity=row["min_quantity"],
        max_quantity=row["max_quantity"],
        stock=row["stock"],
        rating=row["rating"],
        ratings_count=row["ratings_count"],
        image_url=row["image_url"],
        url=row["url"],
        ingredients=row["ingredients"],
        allergens=_tuple(row["allergens"]),
        traces=_tuple(row["traces"]),
        diets=tuple(row["diets"]),
        nutrition=_to_nutrition(row["nutrition"]),
        nutrition_class=cast("NutritionClass | None", row["nutrition_class"]),
        labels=tuple(row["labels"]),
        origin=row["origin"],
        packaging=tuple(row["packaging"]),
        carbon_kg_per_kg=row["carbon_kg_per_kg"],
        age_limit=row["age_limit"],
        season=row["season"],
        attributes=row["attributes"],
        updated_at=row["updated_at"],
        listed=row["listed"],
    )


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _nutrition_columns(nutrition: Nutrition | None) -> dict[str, str | None] | None:
    if nutrition is None:
        return None
    values = ((name, getattr(nutrition, name)) for name in _NUTRIENTS)
    return {name: None if value is None else str(value) for name, value in values}


def _to_nutrition(stored: Mapping[str, str | None] | None) -> Nutrition | None:
    if stored is None:
        return None
    return Nutrition(
        **{name: Decimal(value) for name, value in stored.items() if value is not None}
    )


def _plain(value: object) -> str:
    # 2.10 and 2.1 are the same price: the database does not keep trailing zeros either.
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError


def _content_hash(columns: Columns) -> str:
    content = {name: value for name, value in columns.items() if name not in _NOT_CONTENT}
    options: Literal[2] = orjson.OPT_SORT_KEYS  # type: ignore[assignment]
    return hashlib.sha256(orjson.dumps(content, default=_plain, option=options)).hexdigest()
