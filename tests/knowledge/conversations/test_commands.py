import pytest

from knowledge.conversations.commands import Commands
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended
from tests.fixed_clock import FixedClock


def test_a_stored_change_is_found_by_turn_and_ordinal(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with units.write() as session:
        Commands(session, clock).store(
            "t1", 0, tool="add_to_cart", call_id="call-1", arguments={"a": 1}, result={"text": "ok"}
        )

    with units.read() as session:
        found = Commands(session, clock).find("t1", 0)
        assert Commands(session, clock).find("t1", 1) is None
        assert Commands(session, clock).find("t2", 0) is None

    assert found is not None
    assert (found.tool, found.arguments, found.result) == ("add_to_cart", {"a": 1}, {"text": "ok"})
    assert found.call_id == "call-1"


def test_the_changes_of_a_turn_come_in_the_order_they_were_made(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with units.write() as session:
        commands = Commands(session, clock)
        for ordinal in (1, 0, 2):
            commands.store("t1", ordinal, tool="undo", call_id=None, arguments={}, result={})

    with units.read() as session:
        assert [one.ordinal for one in Commands(session, clock).of_turn("t1")] == [0, 1, 2]


def test_the_database_refuses_the_same_change_twice(units: UnitsOfWork, clock: FixedClock) -> None:
    with units.write() as session:
        Commands(session, clock).store("t1", 0, tool="undo", call_id=None, arguments={}, result={})

    with pytest.raises(Contended), units.write() as session:
        Commands(session, clock).store("t1", 0, tool="undo", call_id=None, arguments={}, result={})
