"""The declarative base: constraint names, column shorthands, timestamps."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from knowledge.db.types import Amount, Json, UtcDateTime

Key = Annotated[str, mapped_column(String(64), primary_key=True)]


class Row(DeclarativeBase):
    """Base of every table row."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - the form SQLAlchemy reads
        Decimal: Amount(),
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }
