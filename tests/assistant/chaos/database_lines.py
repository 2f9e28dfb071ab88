"""Databases that fail where a test says: SQLite's driver raises, PostgreSQL's line is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import OperationalError

from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.request_relay import Lost, RequestRelay


class Line(Protocol):
    """What counts the requests to a database from ``expect`` on, and loses one of them."""

    @property
    def requests(self) -> int: ...

    def expect(self, lost: Lost | None) -> None: ...


class FailingDriver:
    """Statements and commits of one SQLite engine; nothing of one that fails has happened."""

    def __init__(self, says: str) -> None:
        self._says = says
        self._lost: Lost | None = None
        self.requests = 0

    def expect(self, lost: Lost | None) -> None:
        self.requests = 0
        self._lost = lost

    @contextmanager
    def on(self, engine: Engine) -> Iterator[None]:
        event.listen(engine, "do_execute", self._execute)
        event.listen(engine, "commit", self._commit)
        yield
        event.remove(engine, "do_execute", self._execute)
        event.remove(engine, "commit", self._commit)

    def _execute(self, cursor: object, statement: str, parameters: object, context: object) -> None:
        del cursor, statement, parameters, context
        if self._fails():
            raise sqlite3.OperationalError(self._says)

    def _commit(self, connection: Connection) -> None:
        del connection
        if self._fails():
            raise OperationalError("COMMIT", None, sqlite3.OperationalError(self._says))

    def _fails(self) -> bool:
        number, self.requests = self.requests, self.requests + 1
        lost = self._lost
        return lost is not None and (
            number == lost.request or (lost.for_good and number > lost.request)
        )


def through_relay(exchange: Exchange, url: str) -> tuple[RequestRelay, str]:
    """A relay to the PostgreSQL whose socket the URL names, and the URL that goes through it."""
    target = make_url(url)
    folder = target.query["host"]
    relay = RequestRelay(exchange, f"{folder}/.s.PGSQL.{target.port or 5432}")
    through = target.set(host="127.0.0.1", port=relay.port, query={"sslmode": "disable"})
    return relay, through.render_as_string(hide_password=False)
