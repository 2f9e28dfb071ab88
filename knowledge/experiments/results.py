"""What came of an experiment: turns, stopped answers, cost and orders of each variant."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, FromClause, Select, Table, and_, case, func, select
from sqlalchemy.orm import Session

from knowledge.db.rows.learning import AssignmentRow
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.talk import ConversationRow, ModelCallRow, TurnRow
from knowledge.experiments.models import Experiment, VariantResult
from knowledge.experiments.statistics import difference_interval, share_interval

ENOUGH_SHOPPERS = 100
_ASSIGNMENTS = cast("Table", AssignmentRow.__table__)
_ORDERS = cast("Table", OrderRow.__table__)
_TALKS = cast("Table", ConversationRow.__table__)
_TURNS = cast("Table", TurnRow.__table__)
_CALLS = cast("Table", ModelCallRow.__table__)
_MICROS = 1_000_000
_WELL = ("answered", "decided", "cancelled")


def results(session: Session, experiment: Experiment) -> list[VariantResult]:
    """Each shopper counts for the variant they got, from then until the experiment was stopped."""
    found: dict[str, dict[str, Any]] = {name: {} for name in experiment.variants}
    for query in (_shoppers, _turns, _calls, _orders):
        for row in session.execute(query(experiment)).mappings():
            values = dict(row)
            found.setdefault(values.pop("variant"), {}).update(values)
    return [_result(name, values) for name, values in found.items()]


def verdict(measured: Sequence[VariantResult]) -> str:
    """In plain words what may be concluded about orders; the first variant is the measure."""
    first, *others = measured
    said = []
    for other in others:
        apart = difference_interval((first.buyers, first.shoppers), (other.buyers, other.shoppers))
        between = f"between {apart.low * 100:+.1f} and {apart.high * 100:+.1f} points"
        if apart.holds(0):
            sense = "so there may be no difference"
        else:
            sense = "so it is hardly chance that it sold " + ("more" if apart.low > 0 else "less")
        said.append(
            f"Of shoppers with {other.variant!r} the share that ordered is, with 95 % confidence,"
            f" {between} from that with {first.variant!r}, {sense}."
        )
    if min(one.shoppers for one in measured) < ENOUGH_SHOPPERS:
        said.append(
            f"A variant has fewer than {ENOUGH_SHOPPERS} shoppers: that is too few to decide by."
        )
    said.append(
        "Looking often and stopping at the first good figure finds differences that are none:"
        " decide beforehand how long to wait."
    )
    return " ".join(said)


def buyers_share(result: VariantResult) -> str:
    """The share of shoppers who ordered, with what it may as well be."""
    if result.shoppers == 0:
        return "unknown"
    interval = share_interval(result.buyers, result.shoppers)
    share = result.buyers / result.shoppers
    return f"{share:.1%} ({interval.low:.1%} to {interval.high:.1%})"


def _shoppers(experiment: Experiment) -> Select[Any]:
    return _by_variant(experiment, _ASSIGNMENTS, func.count().label("shoppers"))


def _turns(experiment: Experiment) -> Select[Any]:
    finished_well = _TURNS.c.outcome.in_(_WELL)
    return _by_variant(
        experiment,
        _turns_of_shoppers(experiment),
        func.count().label("turns"),
        func.sum(case((finished_well, 0), else_=1)).label("failed"),
    )


def _calls(experiment: Experiment) -> Select[Any]:
    rewritten = case((_CALLS.c.purpose == "repair", _TURNS.c.id))
    unpriced = case((_CALLS.c.cost_micros.is_(None), 1), else_=0)
    return _by_variant(
        experiment,
        _turns_of_shoppers(experiment).join(_CALLS, _CALLS.c.turn_id == _TURNS.c.id),
        func.count(func.distinct(rewritten)).label("rewritten"),
        func.sum(_CALLS.c.cost_micros).label("micros"),
        func.sum(unpriced).label("unpriced"),
    )


def _orders(experiment: Experiment) -> Select[Any]:
    theirs = _ORDERS.c.shopper_id == _ASSIGNMENTS.c.shopper_id
    return _by_variant(
        experiment,
        _ASSIGNMENTS.join(_ORDERS, and_(theirs, *_while(experiment, _ORDERS.c.placed_at))),
        func.count().label("orders"),
        func.count(func.distinct(_ORDERS.c.shopper_id)).label("buyers"),
    )


def _turns_of_shoppers(experiment: Experiment) -> FromClause:
    theirs = _TALKS.c.shopper_id == _ASSIGNMENTS.c.shopper_id
    during = _while(experiment, _TURNS.c.finished_at)
    return _ASSIGNMENTS.join(_TALKS, theirs).join(
        _TURNS, and_(_TURNS.c.conversation_id == _TALKS.c.id, *during)
    )


def _while(experiment: Experiment, moment: Column[Any]) -> Iterator[ColumnElement[bool]]:
    yield moment >= _ASSIGNMENTS.c.at
    if experiment.stopped_at is not None:
        yield moment < experiment.stopped_at


def _by_variant(
    experiment: Experiment, joined: FromClause, *measures: ColumnElement[Any]
) -> Select[Any]:
    return (
        select(_ASSIGNMENTS.c.variant, *measures)
        .select_from(joined)
        .where(_ASSIGNMENTS.c.experiment_id == experiment.id)
        .group_by(_ASSIGNMENTS.c.variant)
    )


def _result(name: str, values: dict[str, Any]) -> VariantResult:
    micros = values.pop("micros", None) or 0
    return VariantResult(variant=name, cost=Decimal(micros) / _MICROS, **values)
