"""Changes made in a turn, kept so that a repeat is answered instead of done again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.db.rows.talk import CommandRow
from knowledge.errors import Contended
from knowledge.ports import Clock


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """One change of a turn. ``call_id`` is the model's own id of the call, when it had one."""

    turn_id: str
    ordinal: int
    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    call_id: str | None = None


class Commands:
    """The changes of turns, by (turn, ordinal)."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def find(self, turn_id: str, ordinal: int) -> StoredCommand | None:
        row = self._session.get(CommandRow, (turn_id, ordinal))
        return None if row is None else _to_command(row)

    def store(
        self,
        turn_id: str,
        ordinal: int,
        *,
        tool: str,
        call_id: str | None,
        arguments: dict[str, Any],
        result: dict[str, Any],
    ) -> None:
        """Keep a change within the transaction that makes it; the key refuses a second one.

        Raises ``Contended`` when the same change is being made elsewhere at this moment; done
        again it finds the result stored.
        """
        self._session.add(
            CommandRow(
                turn_id=turn_id,
                ordinal=ordinal,
                tool=tool,
                call_id=call_id,
                arguments=arguments,
                result=result,
                at=self._clock.now(),
            )
        )
        try:
            self._session.flush()
        except IntegrityError as error:
            raise Contended from error

    def of_turn(self, turn_id: str) -> list[StoredCommand]:
        """All changes of a turn, in the order they were made."""
        rows = self._session.scalars(
            select(CommandRow).where(CommandRow.turn_id == turn_id).order_by(CommandRow.ordinal)
        )
        return [_to_command(row) for row in rows]


def _to_command(row: CommandRow) -> StoredCommand:
    return StoredCommand(
        turn_id=row.turn_id,
        ordinal=row.ordinal,
        tool=row.tool,
        arguments=row.arguments,
        result=row.result,
        call_id=row.call_id,
    )
