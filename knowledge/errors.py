"""The root of all errors and the kinds that edges translate to statuses and words."""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What went wrong, said without knowing HTTP, a channel or a model."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    UNAVAILABLE = "unavailable"
    LIMITED = "limited"
    EXPIRED = "expired"


class SmartCartError(Exception):
    """An expected failure. ``str(error)`` is safe to show to a shopper or a model."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID


class InvalidInput(SmartCartError):
    kind = ErrorKind.INVALID


class NotFound(SmartCartError):
    kind = ErrorKind.NOT_FOUND


class Conflict(SmartCartError):
    kind = ErrorKind.CONFLICT


class Contended(Conflict):
    """Somebody else's change came first; the same thing done again from the start may work."""

    def __init__(self, message: str = "Something else was changed at the same moment.") -> None:
        super().__init__(message)


class Forbidden(SmartCartError):
    kind = ErrorKind.FORBIDDEN


class Unauthenticated(SmartCartError):
    kind = ErrorKind.UNAUTHENTICATED


class Unavailable(SmartCartError):
    kind = ErrorKind.UNAVAILABLE


class Limited(SmartCartError):
    kind = ErrorKind.LIMITED


class Expired(SmartCartError):
    kind = ErrorKind.EXPIRED


class ProductNotFound(NotFound):
    def __init__(self, reference: str) -> None:
        super().__init__(f"There is no product {reference!r} in this shop.")
        self.reference = reference


class TurnExpired(Expired):
    """Raised by a unit of work that was asked to commit after its turn was over."""
