"""What shoppers agreed to; the last word of each kind counts."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.people import ConsentRow
from knowledge.ports import Clock


class Consents:
    """Consents by shopper, one kind each."""

    def __init__(self, session: Session, clock: Clock, kind: str) -> None:
        self._session = session
        self._clock = clock
        self._kind = kind

    def given(self, shopper_id: str) -> bool:
        granted = self._session.scalar(
            select(ConsentRow.granted)
            .where(ConsentRow.shopper_id == shopper_id, ConsentRow.kind == self._kind)
            .order_by(ConsentRow.id.desc())
            .limit(1)
        )
        return bool(granted)

    def give(self, shopper_id: str, *, channel: str) -> None:
        """Note the consent once; a repeat adds nothing."""
        if self.given(shopper_id):
            return
        self._session.execute(
            insert(ConsentRow).values(
                shopper_id=shopper_id,
                kind=self._kind,
                granted=True,
                channel=channel,
                at=self._clock.now(),
            )
        )
