"""Rows to learn from: recommendations, events, experiments, model versions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class RecommendationRow(Row):
    """A suggestion that was made, and what came of it."""

    __tablename__ = "recommendations"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(String(64))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text)
    confidence: Mapped[Decimal]
    outcome: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[datetime]


class EventRow(Row):
    """Something that happened, append-only; names are listed in docs/events.md."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_name_at", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64))
    shopper_id: Mapped[str | None] = mapped_column(String(64), index=True)
    channel: Mapped[str | None] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ExperimentRow(Row):
    """A choice between variants of one thing: ``about`` names it, such as prompts.

    ``variants`` is a list of ``{"name", "weight"}``. The ``winner`` of a stopped one is for all.
    """

    __tablename__ = "experiments"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    about: Mapped[str] = mapped_column(String(32), server_default="prompts")
    variants: Mapped[list[Any]]
    active: Mapped[bool]
    winner: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class AssignmentRow(Row):
    """Which variant a shopper got."""

    __tablename__ = "assignments"

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ModelVersionRow(Row):
    """A trained model file with its card."""

    __tablename__ = "model_versions"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(64), index=True)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    card: Mapped[dict[str, Any]]
    active: Mapped[bool]
    created_at: Mapped[datetime]
