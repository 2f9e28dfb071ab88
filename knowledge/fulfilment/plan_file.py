"""Reads the owner's YAML file of zones, slots, pickup and tax, and says what is wrong in it."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from knowledge.errors import InvalidInput
from knowledge.fulfilment.models import Zone
from knowledge.fulfilment.postal_codes import check_pattern
from knowledge.profile import (
    DeliveryTerms,
    Fulfilment,
    PickupTerms,
    ShopProfile,
    SlotPlan,
    SlotRules,
    SlotWindow,
    TaxTerms,
)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_BYTES = 1_000_000
_MINUTES_OF_A_DAY = 24 * 60


def _text(value: object) -> object:
    """YAML reads 5.95 as a float and 94110 as a number; both are meant as they are written."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _days(value: object) -> object:
    """Read "mon-sat", "mon, wed" or "daily"."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() in {"daily", "every day"}:
        return list(range(7))
    found: list[int] = []
    for part in value.lower().split(","):
        ends = [_DAYS.index(day.strip()[:3]) if day.strip()[:3] in _DAYS else -1
                for day in part.split("-")]  # fmt: skip
        if -1 in ends or len(ends) > 2:  # noqa: PLR2004 - from, to
            message = f'{value!r} names no days; write "mon-sat", "mon, wed" or "daily"'
            raise ValueError(message)
        first, last = ends[0], ends[-1]
        found += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return sorted(set(found))


def _clock_time(value: object) -> object:
    """YAML 1.1 reads 08:00 as text, but 10:00 as 600 (base sixty); 24:00 ends a day."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MINUTES_OF_A_DAY:
        value = f"{value // 60:02}:{value % 60:02}"
    if isinstance(value, str) and value.strip() == "24:00":
        return time(0)
    if isinstance(value, str) and not re.fullmatch(r"\d{1,2}:\d{2}", value.strip()):
        message = 'write a time such as "08:00"'
        raise ValueError(message)
    return value.strip().zfill(5) if isinstance(value, str) else value


def _pattern(text: str) -> str:
    """Pydantic names the place of a ``ValueError`` only."""
    try:
        return check_pattern(text)
    except InvalidInput as error:
        raise ValueError(str(error)) from None


_Money = Annotated[Decimal, BeforeValidator(_text), Field(ge=0, lt=100_000, decimal_places=4)]
_Percent = Annotated[Decimal, BeforeValidator(_text), Field(ge=0, le=100)]
_Hours = Annotated[Decimal, BeforeValidator(_text), Field(ge=0, le=24 * 14)]
_Time = Annotated[time, BeforeValidator(_clock_time)]
_Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,23}$")]
_Name = Annotated[str, Field(min_length=1, max_length=80)]
_Pattern = Annotated[str, BeforeValidator(_text), AfterValidator(_pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Terms(_Part):
    fee: _Money
    minimum: _Money = Decimal(0)
    free_from: _Money | None = None

    @property
    def terms(self) -> DeliveryTerms:
        return DeliveryTerms(self.fee, self.minimum, self.free_from)


class _Zone(_Terms):
    id: _Id
    name: _Name
    postal_codes: Annotated[list[_Pattern], Field(min_length=1, max_length=5000)]


class _Pickup(_Part):
    place: Annotated[str, Field(min_length=1, max_length=160)]
    hours: Annotated[str, Field(max_length=160)] = ""
    ready_in_hours: _Hours | None = None


class _Window(_Part):
    days: Annotated[list[int], BeforeValidator(_days)]
    starts: Annotated[_Time, Field(alias="from")]
    ends: Annotated[_Time, Field(alias="to")]
    hours: Annotated[Decimal, BeforeValidator(_text), Field(gt=0, le=24)] | None = None
    """How long each slot is; left out, the whole window is one."""
    capacity: Annotated[int, Field(ge=1, le=100_000)]
    fee: _Money = Decimal(0)
    zones: list[_Id] | None = None


class _Slots(_Part):
    cut_off_hours: _Hours = Decimal(2)
    same_day_until: _Time | None = None
    windows: Annotated[list[_Window], Field(min_length=1, max_length=200)]

    @property
    def rules(self) -> SlotRules:
        return SlotRules(timedelta(hours=float(self.cut_off_hours)), self.same_day_until)


class _Tax(_Part):
    name: Annotated[str, Field(min_length=1, max_length=30)] = "Tax"
    included: bool
    rate: _Percent
    categories: dict[str, _Percent] = {}
    delivery_rate: _Percent | None = None


class _File(_Part):
    pickup: _Pickup | None = None
    delivery: _Terms | Literal[False] | None = None
    zones: Annotated[list[_Zone], Field(max_length=500)] = []
    delivery_slots: _Slots | None = None
    pickup_slots: _Slots | None = None
    days_ahead: Annotated[int, Field(ge=1, le=28)] = 7
    closed: Annotated[list[date], Field(max_length=400)] = []
    tax: _Tax | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        ids = [zone.id for zone in self.zones]
        if len(set(ids)) != len(ids):
            message = "two zones have the same id"
            raise ValueError(message)
        for slots in (self.delivery_slots, self.pickup_slots):
            for window in slots.windows if slots else ():
                unknown = set(window.zones or ()) - set(ids)
                if unknown:
                    message = f"a window names the zone {min(unknown)!r}, which there is not"
                    raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class FulfilmentPlan:
    """What the owner's file says."""

    zones: tuple[Zone, ...] = ()
    delivery: DeliveryTerms | Literal[False] | None = None
    """Where there are no zones: everywhere on these terms, not at all, or as before (None)."""
    pickup: PickupTerms | None = None
    slots: SlotPlan | None = None
    tax: TaxTerms | None = None

    def applied_to(self, profile: ShopProfile) -> ShopProfile:
        """The shop as this plan makes it."""
        delivery = profile.delivery if self.delivery is None else (self.delivery or None)
        return replace(
            profile, delivery=delivery, pickup=self.pickup, slots=self.slots, tax=self.tax
        )


def read_plan(path: Path) -> FulfilmentPlan:
    """Raises ``InvalidInput`` that names the place in the file and what is wrong there."""
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode("utf-8-sig")
        data: Any = yaml.safe_load(text)
        read = _File.model_validate(data if data is not None else {})
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.name} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{path.name} is no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'file'}: "
            f"{one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False, include_input=False)[:5]
        )
        raise InvalidInput(f"{path.name} cannot be used. {said}.") from error
    return FulfilmentPlan(
        zones=tuple(
            Zone(one.id, one.name, tuple(one.postal_codes), one.terms) for one in read.zones
        ),
        delivery=read.delivery.terms if isinstance(read.delivery, _Terms) else read.delivery,
        pickup=_pickup(read.pickup),
        slots=_slots(read),
        tax=_tax(read.tax),
    )


def _pickup(read: _Pickup | None) -> PickupTerms | None:
    if read is None:
        return None
    ready = read.ready_in_hours
    return PickupTerms(
        read.place, read.hours, None if ready is None else timedelta(hours=float(ready))
    )


def _slots(read: _File) -> SlotPlan | None:
    windows = [
        *_windows("delivery", read.delivery_slots),
        *_windows("pickup", read.pickup_slots),
    ]
    if not windows:
        return None
    return SlotPlan(
        windows=tuple(windows),
        delivery=read.delivery_slots.rules if read.delivery_slots else SlotRules(),
        pickup=read.pickup_slots.rules if read.pickup_slots else SlotRules(),
        days_ahead=read.days_ahead,
        closed=frozenset(read.closed),
    )


def _windows(fulfilment: Fulfilment, read: _Slots | None) -> list[SlotWindow]:
    return [
        SlotWindow(fulfilment, tuple(one.days), starts, ends, one.capacity, one.fee, zone)
        for one in (read.windows if read else ())
        for starts, ends in _pieces(one)
        for zone in (one.zones or (None,))
    ]


def _pieces(window: _Window) -> list[tuple[time, time]]:
    """Cut a window into slots; what is left over at its end is none."""
    start = datetime.combine(date.min, window.starts)
    end = datetime.combine(date.min, window.ends)
    if end <= start:
        end += timedelta(days=1)
    if window.hours is None:
        return [(window.starts, window.ends)]
    step = timedelta(hours=float(window.hours))
    pieces = []
    while start + step <= end:
        pieces.append((start.time(), (start + step).time()))
        start += step
    return pieces


def _tax(read: _Tax | None) -> TaxTerms | None:
    if read is None:
        return None
    return TaxTerms(
        rate=read.rate,
        included=read.included,
        name=read.name,
        categories=tuple(
            (tuple(part.strip() for part in path.split(">")), rate)
            for path, rate in read.categories.items()
        ),
        delivery_rate=read.delivery_rate,
    )
