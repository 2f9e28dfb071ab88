"""The SQLAlchemy engine for a database URL, set up the same way everywhere."""

import sqlite3
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_SECONDS = 15
WRITE_OPTION = "smartcart_write"


def normalise_url(url: str) -> str:
    """``postgresql://`` means psycopg 3 to SQLAlchemy 2.1; we ship psycopg2."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg2://" + url.removeprefix(scheme)
    return url


def open_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Make an engine. SQLite gets WAL, a busy timeout, foreign keys and IMMEDIATE writes."""
    target = make_url(normalise_url(url))
    if target.get_backend_name() != "sqlite":
        return create_engine(
            target,
            pool_size=pool_size,
            max_overflow=20,
            pool_pre_ping=True,
            json_serializer=_dump_json,
            json_deserializer=orjson.loads,
        )
    engine = create_engine(
        target,
        pool_size=pool_size,
        max_overflow=20,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _end_sqlite)
    return engine


def _dump_json(value: object) -> str:
    # Four times as fast as the standard library; imports are bound by it.
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    del record
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor: Any = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can fail with SQLITE_BUSY at the write,
    # with no way to wait; taking the write lock at the start waits its turn instead.
    writes = connection.get_execution_options().get(WRITE_OPTION, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _end_sqlite(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    # A commit that failed leaves its transaction open, with the lock that every writer needs;
    # SQLAlchemy takes it for ended and would keep the connection like that.
    del record
    if connection is not None and connection.in_transaction:
        connection.rollback()
