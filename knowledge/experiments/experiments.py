"""Experiments: which variant of a thing, such as the prompts, each shopper gets."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.db.rows.learning import AssignmentRow, ExperimentRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.experiments.models import Experiment, VariantResult
from knowledge.experiments.results import results
from knowledge.ids import new_id
from knowledge.ports import Clock

PROMPTS = "prompts"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MOST_WEIGHT = 1_000_000
_EXPERIMENTS = cast("Table", ExperimentRow.__table__)
_ASSIGNMENTS = cast("Table", AssignmentRow.__table__)
# What is tried now comes first, then what was decided last.
_DECIDES = (
    select(_EXPERIMENTS)
    .where(
        _EXPERIMENTS.c.about == bindparam("about"),
        or_(_EXPERIMENTS.c.active, _EXPERIMENTS.c.winner.is_not(None)),
    )
    .order_by(_EXPERIMENTS.c.active.desc(), _EXPERIMENTS.c.stopped_at.desc())
    .limit(1)
)
_ASSIGNED = select(_ASSIGNMENTS.c.variant).where(
    _ASSIGNMENTS.c.experiment_id == bindparam("experiment_id"),
    _ASSIGNMENTS.c.shopper_id == bindparam("shopper_id"),
)


class Experiments:
    """Experiments and who got which variant. At most one is active about one thing."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def create(self, name: str, variants: Mapping[str, int], *, about: str = PROMPTS) -> Experiment:
        """Start one. Raises ``InvalidInput``; ``Conflict`` when the name or the thing is taken."""
        _check(name, variants)
        for other in self.all():
            if other.name == name:
                raise Conflict(f"There has been an experiment {name!r} already.")
            if other.about == about and other.active:
                raise Conflict(f"The experiment {other.name!r} about {about} is still active.")
        row = {
            "id": new_id("exp"),
            "name": name,
            "about": about,
            "variants": [{"name": one, "weight": weight} for one, weight in variants.items()],
            "active": True,
            "winner": None,
            "created_at": self._clock.now(),
            "stopped_at": None,
        }
        self._session.execute(insert(_EXPERIMENTS).values(row))
        return self.get(name)

    def stop(self, name: str, *, winner: str | None = None) -> Experiment:
        """End one; its winner becomes everybody's variant. Without one, what was before comes back.

        Of the one that was stopped last the winner can be chosen anew. Raises ``NotFound``;
        ``InvalidInput`` for a winner that was not tried; ``Conflict`` for one of long ago.
        """
        experiment = self.get(name)
        if winner is not None and winner not in experiment.variants:
            tried = ", ".join(experiment.variants)
            raise InvalidInput(f"{name!r} did not try {winner!r}, but {tried}.")
        for later in self.all():
            if later.about == experiment.about and later.started_at > experiment.started_at:
                raise Conflict(f"Since {name!r} there has been {later.name!r}, which decides now.")
        self._session.execute(
            update(_EXPERIMENTS)
            .where(_EXPERIMENTS.c.id == experiment.id)
            .values(
                active=False, winner=winner, stopped_at=experiment.stopped_at or self._clock.now()
            )
        )
        return self.get(name)

    def get(self, name: str) -> Experiment:
        """Raises ``NotFound``."""
        row = self._session.execute(
            select(_EXPERIMENTS).where(_EXPERIMENTS.c.name == name)
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no experiment {name!r}.")
        return _experiment(row)

    def all(self) -> list[Experiment]:
        """The newest first."""
        newest_first = (_EXPERIMENTS.c.created_at.desc(), _EXPERIMENTS.c.id.desc())
        return [
            _experiment(row)
            for row in self._session.execute(select(_EXPERIMENTS).order_by(*newest_first))
        ]

    def variant_of(self, shopper_id: str, about: str = PROMPTS) -> str | None:
        """The variant a shopper gets now; None where nothing is tried and nothing was decided.

        The first answer of an active experiment is kept, so that it stays the same if the weights
        did not; it takes a unit of work that writes.
        """
        row = self._session.execute(_DECIDES, {"about": about}).one_or_none()
        if row is None:
            return None
        experiment = _experiment(row)
        if not experiment.active:
            return experiment.winner
        key = {"experiment_id": experiment.id, "shopper_id": shopper_id}
        assigned: str | None = self._session.scalar(_ASSIGNED, key)
        return assigned or self._assign(experiment, key)

    def shoppers(self, experiment: Experiment) -> dict[str, int]:
        """How many shoppers got each variant."""
        counted = self._session.execute(
            select(_ASSIGNMENTS.c.variant, func.count())
            .where(_ASSIGNMENTS.c.experiment_id == experiment.id)
            .group_by(_ASSIGNMENTS.c.variant)
        )
        found = {variant: int(count) for variant, count in counted}
        return {name: found.get(name, 0) for name in experiment.variants}

    def results(self, experiment: Experiment) -> list[VariantResult]:
        """What came of each variant, in the order they were named."""
        return results(self._session, experiment)

    def _assign(self, experiment: Experiment, key: dict[str, str]) -> str:
        variant = choose(experiment.id, key["shopper_id"], experiment.variants)
        sqlite_here = self._session.get_bind().dialect.name == "sqlite"
        # A rival turn of the same shopper chooses the same; the row is there either way.
        self._session.execute(
            (sqlite if sqlite_here else postgresql)
            .insert(_ASSIGNMENTS)
            .values(**key, variant=variant, at=self._clock.now())
            .on_conflict_do_nothing()
        )
        return variant


def choose(experiment_id: str, shopper_id: str, variants: Mapping[str, int]) -> str:
    """Always the same variant for the same shopper, and shares as the weights say."""
    digest = hashlib.sha256(f"{experiment_id}:{shopper_id}".encode()).digest()
    left = int.from_bytes(digest[:8]) * sum(variants.values()) >> 64
    for name, weight in variants.items():
        left -= weight
        if left < 0:
            return name
    raise AssertionError  # pragma: no cover - the hash is below the sum of the weights


def _check(name: str, variants: Mapping[str, int]) -> None:
    for one in (name, *variants):
        if not _NAME.fullmatch(one):
            raise InvalidInput(f"{one!r} is not a name: use small letters, digits, - and _.")
    if len(variants) < 2:  # noqa: PLR2004 - nothing can be compared with itself
        raise InvalidInput("An experiment needs two variants or more.")
    for one, weight in variants.items():
        if not 0 < weight <= _MOST_WEIGHT:
            raise InvalidInput(f"The weight of {one!r} must be from 1 to {_MOST_WEIGHT}.")


def _experiment(row: Row[Any]) -> Experiment:
    return Experiment(
        id=row.id,
        name=row.name,
        about=row.about,
        variants={str(one["name"]): int(one["weight"]) for one in row.variants},
        active=row.active,
        winner=row.winner,
        started_at=row.created_at,
        stopped_at=row.stopped_at,
    )
