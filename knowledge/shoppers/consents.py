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
        return self._last(shopper_id) is True

    def withdrawn(self, shopper_id: str) -> bool:
        """Whether the shopper said no; who never was asked did not."""
        return self._last(shopper_id) is False

    def give(self, shopper_id: str, *, channel: str) -> None:
        """Note the consent once; a repeat adds nothing."""
        if not self.given(shopper_id):
            self._note(shopper_id, granted=True, channel=channel)

    def withdraw(self, shopper_id: str, *, channel: str) -> None:
        if not self.withdrawn(shopper_id):
            self._note(shopper_id, granted=False, channel=channel)

    def _last(self, shopper_id: str) -> bool | None:
        return self._session.scalar(
            select(ConsentRow.granted)
            .where(ConsentRow.shopper_id == shopper_id, ConsentRow.kind == self._kind)
            .order_by(ConsentRow.id.desc())
            .limit(1)
        )

    def _note(self, shopper_id: str, *, granted: bool, channel: str) -> None:
        self._session.execute(
            insert(ConsentRow).values(
                shopper_id=shopper_id,
                kind=self._kind,
                granted=granted,
                channel=channel,
                at=self._clock.now(),
            )
        )
