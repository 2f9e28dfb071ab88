"""Addresses, zones, slots and contacts as the shop knows them."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from knowledge.fulfilment.postal_codes import covers, spoken_code
from knowledge.money import Money
from knowledge.profile import DeliveryTerms, Fulfilment

_NUMBERS = re.compile(r"\b\d+[A-Za-z]?(?:[-/]\d+[A-Za-z]?)?\b")
_SHORT = 56


@dataclass(frozen=True, slots=True)
class PlainAddress:
    """Where to deliver. ``country`` as in ISO 3166-1: two letters."""

    lines: tuple[str, ...]
    postal_code: str
    city: str
    country: str
    region: str | None = None
    phone: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Address:
    """A place that a shopper keeps under a name such as "home"."""

    id: str
    name: str
    place: PlainAddress
    used_at: datetime | None = None

    @property
    def short(self) -> str:
        """For texts that others may read: "home (Elm Street, 62704 Springfield)", no numbers."""
        street = " ".join(_NUMBERS.sub("", self.place.lines[0]).split()).strip(" ,.-")
        town = f"{spoken_code(self.place.postal_code)} {self.place.city}"
        where = f"{street}, {town}" if street else town
        text = where if self.name.lower() == street.lower() else f"{self.name} ({where})"
        return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Zone:
    """Where the shop delivers, by patterns of postal codes, and on which terms."""

    id: str
    name: str
    postal_codes: tuple[str, ...]
    terms: DeliveryTerms

    def covers(self, postal_code: str) -> bool:
        return any(covers(pattern, postal_code) for pattern in self.postal_codes)


@dataclass(frozen=True, slots=True)
class Slot:
    """A window in which an order is handed over. No zone is every zone."""

    id: str
    fulfilment: Fulfilment
    starts_at: datetime
    ends_at: datetime
    capacity: int
    fee: Money
    zone_id: str | None = None
    taken: int = 0

    @property
    def left(self) -> int:
        return max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class Contact:
    """How the shop reaches a shopper about an order. ``channel`` is one they wrote from."""

    phone: str | None = None
    email: str | None = None
    channel: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.channel)

    @property
    def masked(self) -> str:
        """Enough to recognise one's own: "..89", "a..@example.com"."""
        known = []
        if self.phone:
            known.append(f"..{self.phone[-2:]}")
        if self.email:
            name, _, domain = self.email.partition("@")
            known.append(f"{name[:1]}..@{domain}")
        if self.channel and not known:
            known.append(self.channel)
        return ", ".join(known)

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> "Contact":
        stored = stored or {}
        return cls(stored.get("phone"), stored.get("email"), stored.get("channel"))
