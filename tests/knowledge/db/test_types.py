from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, literal, select
from sqlalchemy.exc import StatementError

from knowledge.db.types import Amount, UtcDateTime
from knowledge.db.unit_of_work import UnitsOfWork

KYIV = timezone(timedelta(hours=2))


@pytest.fixture(scope="module")
def memory() -> Engine:
    return create_engine("sqlite://")


@given(st.decimals(min_value="-99999999", max_value="99999999", places=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_amounts_come_back_exactly(memory: Engine, amount: Decimal) -> None:
    with memory.connect() as connection:
        back = connection.scalar(select(literal(amount, Amount())))

    assert back == amount
    assert "E" not in str(back)


@pytest.mark.parametrize("amount", ["0", "0.1", "420", "1234567.8901"])
def test_amounts_are_exact_on_every_database(units: UnitsOfWork, amount: str) -> None:
    with units.read() as session:
        back = session.scalar(select(literal(Decimal(amount), Amount())))

    assert str(back) == amount


def test_moments_come_back_in_utc(units: UnitsOfWork) -> None:
    moment = datetime(2026, 7, 1, 12, 30, tzinfo=KYIV)
    with units.read() as session:
        back = session.scalar(select(literal(moment, UtcDateTime())))

    assert back == moment
    assert back.tzinfo is UTC


@pytest.mark.parametrize("value", [datetime(2026, 1, 1)])  # noqa: DTZ001 - the mistake in question
def test_a_moment_without_zone_is_refused(units: UnitsOfWork, value: Any) -> None:
    with units.read() as session, pytest.raises(StatementError, match="without a time zone"):
        session.scalar(select(literal(value, UtcDateTime())))
