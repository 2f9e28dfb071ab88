"""Keeps the promotions of the shop: takes them in, lists, changes and ends them."""

import logging
from collections.abc import Iterable

from pydantic import ValidationError
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from knowledge.db.rows.shop import PromotionRow
from knowledge.errors import Conflict, NotFound
from knowledge.ports import Clock
from knowledge.pricing.promotion_file import PromotionRecord

_FIELDS = tuple(PromotionRecord.model_fields)
logger = logging.getLogger(__name__)


class Promotions:
    """Never commits: the unit of work does. Old promotions stay, since orders name them."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def load(self, records: Iterable[PromotionRecord]) -> int:
        """Save each; those that are not named stay as they are. Returns how many were saved."""
        return len([self.save(record) for record in records])

    def list(self) -> list[PromotionRecord]:
        """All, also those not in force, by id. A row that cannot be read is left out and logged."""
        found = []
        for row in self._session.scalars(select(PromotionRow).order_by(PromotionRow.id)):
            try:
                found.append(_record(row))
            except ValidationError:
                logger.warning("promotion %s cannot be read", row.id)
        return found

    def any(self) -> bool:
        """Whether there ever was one."""
        return bool(self._session.scalar(select(exists().where(PromotionRow.id.is_not(None)))))

    def save(self, record: PromotionRecord) -> PromotionRecord:
        """Add it, or change the one with its id. Raises ``Conflict`` for a coupon in use."""
        if record.coupon is not None:
            other = self._session.scalar(
                select(PromotionRow.id).where(
                    PromotionRow.coupon == record.coupon, PromotionRow.id != record.id
                )
            )
            if other is not None:
                message = f"The coupon {record.coupon} already belongs to the promotion {other!r}."
                raise Conflict(message)
        self._session.merge(PromotionRow(**record.model_dump()))
        self._session.flush()
        return record

    def end(self, promotion_id: str) -> PromotionRecord:
        """Put it out of force at once. Raises ``NotFound``."""
        row = self._session.get(PromotionRow, promotion_id)
        if row is None:
            raise NotFound(f"There is no promotion {promotion_id!r}.")
        row.active = False
        now = self._clock.now()
        if (row.ends_at is None or row.ends_at > now) and (
            row.starts_at is None or row.starts_at < now
        ):
            row.ends_at = now
        self._session.flush()
        return _record(row)


def _record(row: PromotionRow) -> PromotionRecord:
    return PromotionRecord.model_validate({name: getattr(row, name) for name in _FIELDS})
