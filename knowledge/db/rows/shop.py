"""Rows an owner writes: policies, recipes, promotions, and the job queue."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class PolicyRow(Row):
    """One section of a policy, the passage answers are quoted from."""

    __tablename__ = "policies"

    id: Mapped[Key]
    policy: Mapped[str] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    updated_at: Mapped[datetime]


class RecipeRow(Row):
    """A dish, or an occasion such as a party, with ingredients and amounts."""

    __tablename__ = "recipes"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(Text)
    servings: Mapped[int]
    minutes: Mapped[int | None]
    diets: Mapped[list[Any]]
    ingredients: Mapped[list[Any]]
    steps: Mapped[list[Any]]
    source: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16), server_default="recipe")
    tags: Mapped[list[Any]] = mapped_column(server_default="[]")
    aliases: Mapped[list[Any]] = mapped_column(server_default="[]")


class PromotionRow(Row):
    """A rule that changes what is paid; ``coupon`` makes it apply only when entered."""

    __tablename__ = "promotions"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    coupon: Mapped[str | None] = mapped_column(String(32), unique=True)
    rule: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    active: Mapped[bool]


class JobRow(Row):
    """Work to do in the background; a lease says who is at it. At most one job per ``key``."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_status_due", "status", "due_at"),
        Index("ix_jobs_key", "key", unique=True),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    key: Mapped[str | None] = mapped_column(String(128))
