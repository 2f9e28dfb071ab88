"""Changes made in a turn, kept so that a repeat is answered instead of done again."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.db.rows.talk import CommandRow
from knowledge.errors import Contended
from knowledge.ports import Clock

_COMMANDS = cast("Table", CommandRow.__table__)
_OF_TURN = (
    select(_COMMANDS)
    .where(_COMMANDS.c.turn_id == bindparam("turn_id"))
    .order_by(_COMMANDS.c.ordinal)
)
_ONE = _OF_TURN.where(_COMMANDS.c.ordinal == bindparam("ordinal"))
_STORE = insert(_COMMANDS)


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
        row = self._session.execute(_ONE, {"turn_id": turn_id, "ordinal": ordinal}).one_or_none()
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
        try:
            self._session.execute(
                _STORE,
                {
                    "turn_id": turn_id,
                    "ordinal": ordinal,
                    "tool": tool,
                    "call_id": call_id,
                    "arguments": arguments,
                    "result": result,
                    "at": self._clock.now(),
                },
            )
        except IntegrityError as error:
            raise Contended from error

    def of_turn(self, turn_id: str) -> list[StoredCommand]:
        """All changes of a turn, in the order they were made."""
        rows = self._session.execute(_OF_TURN, {"turn_id": turn_id})
        return [_to_command(row) for row in rows]


def _to_command(row: Row[Any]) -> StoredCommand:
    return StoredCommand(
        turn_id=row.turn_id,
        ordinal=row.ordinal,
        tool=row.tool,
        arguments=row.arguments,
        result=row.result,
        call_id=row.call_id,
    )
