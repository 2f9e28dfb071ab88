"""Keeps what was used of vendors' models, and sums it up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, and_, case, func, insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.learning import EventRow
from knowledge.db.rows.talk import ModelCallRow
from knowledge.events.events import EventName, record_event
from knowledge.ports import Clock
from knowledge.profile import ShopProfile
from knowledge.usage.days import day_start, days_between
from knowledge.usage.models import Grouping, ModelUse, Spent, Totals

_CALLS = cast("Table", ModelCallRow.__table__)
_COLUMNS = tuple(ModelUse.__dataclass_fields__)
_ADD = insert(_CALLS)
_TOKENS = _CALLS.c.input_tokens + _CALLS.c.output_tokens
_SUMS = (
    func.count(_CALLS.c.turn_id.distinct()).label("turns"),
    func.count().label("calls"),
    func.sum(case((_CALLS.c.outcome == "ok", 0), else_=1)).label("failed"),
    func.sum(_CALLS.c.input_tokens).label("input_tokens"),
    func.sum(_CALLS.c.cached_tokens).label("cached_tokens"),
    func.sum(_CALLS.c.output_tokens).label("output_tokens"),
    func.coalesce(func.sum(_CALLS.c.cost_micros), 0).label("cost_micros"),
    (func.count() - func.count(_CALLS.c.cost_micros)).label("unpriced"),
    func.avg(_CALLS.c.latency_ms).label("latency_ms"),
    func.avg(_CALLS.c.first_token_ms).label("first_token_ms"),
)
_GROUPS: dict[str, ColumnElement[Any]] = {
    "model": _CALLS.c.provider + ":" + _CALLS.c.model,
    "purpose": _CALLS.c.purpose,
    "channel": func.coalesce(_CALLS.c.channel, "none"),
}


def write_uses(session: Session, uses: Sequence[ModelUse]) -> None:
    if uses:
        session.execute(_ADD, [{name: getattr(use, name) for name in _COLUMNS} for use in uses])


class ModelCalls:
    """Calls of models, also those that failed. What an offline answer takes is not among them."""

    def __init__(self, session: Session, clock: Clock, profile: ShopProfile) -> None:
        self._session = session
        self._clock = clock
        self._profile = profile

    def add_many(self, uses: Sequence[ModelUse]) -> None:
        write_uses(self._session, uses)

    def of_turn(self, turn_id: str) -> list[ModelUse]:
        """In the order they were made."""
        rows = self._session.execute(
            select(_CALLS).where(_CALLS.c.turn_id == turn_id).order_by(_CALLS.c.id)
        )
        return [ModelUse(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]

    def totals(self, since: datetime, until: datetime, by: Grouping) -> list[Totals]:
        """Sums of a span: days in their order, anything else by what it cost."""
        if by == "day":
            spans = days_between(since, until, self._profile)
            days = [(day, self._sums(start, end, None)) for day, start, end in spans]
            return [_to_totals(row, day.isoformat()) for day, rows in days for row in rows]
        rows = self._sums(since, until, _GROUPS[by])
        found = [_to_totals(row, row.name) for row in rows]
        return sorted(found, key=lambda one: (-one.cost_micros, -one.calls, one.name))

    def total(self, since: datetime, until: datetime) -> Totals | None:
        """Everything of a span; None when nothing was called."""
        rows = self._sums(since, until, None)
        return _to_totals(rows[0], "all") if rows else None

    def top_shoppers(self, since: datetime, until: datetime, *, limit: int = 20) -> list[Totals]:
        """Whose turns cost most. They are named by their ids alone."""
        name = _CALLS.c.shopper_id
        statement = (
            select(name.label("name"), *_SUMS)
            .where(_CALLS.c.at >= since, _CALLS.c.at < until, name.is_not(None))
            .group_by(name)
            .order_by(func.coalesce(func.sum(_CALLS.c.cost_micros), 0).desc())
            .order_by(func.sum(_TOKENS).desc(), name)
            .limit(limit)
        )
        return [_to_totals(row, row.name) for row in self._session.execute(statement)]

    def of_shopper_since(self, shopper_id: str, since: datetime) -> Spent:
        return self.spent(since, shopper_id=shopper_id, shop=False)

    def spent(self, since: datetime, *, shopper_id: str | None, shop: bool) -> Spent:
        """What counts against limits, in one statement of which only the named parts are summed."""
        parts: list[Any] = []
        if shop:
            cost = select(func.coalesce(func.sum(_CALLS.c.cost_micros), 0))
            parts.append(cost.where(_CALLS.c.at >= since).scalar_subquery().label("cost_micros"))
        if shopper_id is not None:
            theirs = and_(_CALLS.c.shopper_id == shopper_id, _CALLS.c.at >= since)
            turns = select(func.count(_CALLS.c.turn_id.distinct())).where(theirs)
            tokens = select(func.coalesce(func.sum(_TOKENS), 0)).where(theirs)
            parts.append(turns.scalar_subquery().label("shopper_turns"))
            parts.append(tokens.scalar_subquery().label("shopper_tokens"))
        if not parts:
            return Spent()
        found = self._session.execute(select(*parts)).one()
        return Spent(**{name: int(value) for name, value in found._asdict().items()})

    def limit_announced(self, day: date) -> bool:
        """Whether it was noted that the shop's limit of a day is reached."""
        found = select(EventRow.id).where(
            EventRow.name == EventName.DAILY_COST_REACHED.value,
            EventRow.at >= day_start(day, self._profile),
        )
        return self._session.scalar(found.limit(1)) is not None

    def announce_limit(self, cost_micros: int, limit_micros: int) -> None:
        record_event(
            self._session,
            self._clock,
            EventName.DAILY_COST_REACHED,
            shopper_id=None,
            cost_micros=cost_micros,
            limit_micros=limit_micros,
        )

    def forget_shopper(self, shopper_id: str) -> None:
        """What was used stays counted; by whom is not known any more."""
        self._session.execute(
            update(_CALLS).where(_CALLS.c.shopper_id == shopper_id).values(shopper_id=None)
        )

    def _sums(
        self, since: datetime, until: datetime, group: ColumnElement[Any] | None
    ) -> Sequence[Row[Any]]:
        columns = _SUMS if group is None else (group.label("name"), *_SUMS)
        statement = select(*columns).where(_CALLS.c.at >= since, _CALLS.c.at < until)
        if group is not None:
            statement = statement.group_by(group)
        return self._session.execute(statement.having(func.count() > 0)).all()


def _to_totals(row: Row[Any], name: str) -> Totals:
    first = row.first_token_ms
    return Totals(
        name=name,
        turns=int(row.turns),
        calls=int(row.calls),
        failed=int(row.failed),
        input_tokens=int(row.input_tokens),
        cached_tokens=int(row.cached_tokens),
        output_tokens=int(row.output_tokens),
        cost_micros=int(row.cost_micros),
        unpriced=int(row.unpriced),
        latency_ms=round(row.latency_ms),
        first_token_ms=None if first is None else round(first),
    )
