"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

_SCALE = 4
_FACTOR = Decimal(10) ** _SCALE

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Amount(TypeDecorator[Decimal]):
    """An exact decimal with four places: NUMERIC on PostgreSQL, a scaled integer on SQLite.

    SQLite has no decimal type; its NUMERIC affinity stores floats. An integer keeps equality,
    order and sums exact there.
    """

    impl = Numeric(16, _SCALE)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(16, _SCALE))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value)
        return int((exact * _FACTOR).to_integral_value()) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value) / _FACTOR if dialect.name == "sqlite" else Decimal(value)
        # normalize() alone would write 420 as 4.2E+2
        whole = exact == exact.to_integral_value()
        return exact.quantize(Decimal(1)) if whole else exact.normalize()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; aware in Python everywhere, naive UTC in SQLite's columns."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
