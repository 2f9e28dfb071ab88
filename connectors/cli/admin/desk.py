"""The owner's desk: units of work on the shop's database, without its search and assistant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer

from connectors.cli.console import settings_of
from connectors.opening import open_units
from connectors.settings import Settings
from knowledge.clock import SystemClock
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended, InvalidInput
from knowledge.work import Work

T = TypeVar("T")
_ATTEMPTS = 5
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Note = Annotated[str | None, typer.Option(help="Why; kept with it.")]


@dataclass(frozen=True, slots=True)
class Desk:
    """Made by ``open_desk``."""

    settings: Settings
    units: UnitsOfWork

    @contextmanager
    def read(self) -> Iterator[Work]:
        with self.units.read() as session:
            yield Work(session, self.settings.profile, SystemClock())

    def change(self, use_case: Callable[[Work], T]) -> T:
        """Do it in one transaction; again from the start when a shopper came first."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._try(use_case)
            except Contended:
                continue
        return self._try(use_case)

    def _try(self, use_case: Callable[[Work], T]) -> T:
        with self.units.write() as session:
            return use_case(Work(session, self.settings.profile, SystemClock()))

    def local_time(self, moment: datetime) -> str:
        """By the shop's clock: "2026-11-23 09:00"."""
        return f"{moment.astimezone(self.settings.profile.timezone):%Y-%m-%d %H:%M}"

    def read_moment(self, text: str) -> datetime:
        """Read "2026-11-23" or "2026-11-23T09:00", by the shop's clock unless it says a zone."""
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise InvalidInput(f"{text!r} is not a date such as 2026-11-23.") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.settings.profile.timezone)
        return moment.astimezone(UTC)


@contextmanager
def open_desk(context: typer.Context) -> Iterator[Desk]:
    settings = settings_of(context)
    with open_units(settings) as units:
        yield Desk(settings, units)
