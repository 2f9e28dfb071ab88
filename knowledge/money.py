"""Money: a decimal amount in one currency, never a float and never mixed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from knowledge.errors import InvalidInput

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}

# ISO 4217 minor units that are not two digits, for the currencies shops use most.
_MINOR_UNITS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3,
    "LYD": 3, "OMR": 3, "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0,
}  # fmt: skip


def minor_units(currency: str) -> int:
    """Digits after the decimal point that the currency is paid in (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount. Arithmetic with another currency raises ``InvalidInput``."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, text: str | int | Decimal, currency: str) -> "Money":
        """Read a decimal string such as "2.19". Raises ``InvalidInput`` if it is not one."""
        try:
            amount = Decimal(text)
        except (InvalidOperation, ValueError, TypeError) as error:
            raise InvalidInput(f"{text!r} is not an amount of money.") from error
        if not amount.is_finite():
            raise InvalidInput(f"{text!r} is not an amount of money.")
        return cls(amount, currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        result = cls.zero(currency)
        for amount in amounts:
            result += amount
        return result

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise InvalidInput(f"Cannot mix {self.currency} and {other.currency}.")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: "Money") -> bool:
        return other < self

    def __ge__(self, other: "Money") -> bool:
        return other <= self

    def rounded(self) -> "Money":
        """Rounded half up to what the currency is paid in."""
        step = Decimal(1).scaleb(-minor_units(self.currency))
        return Money(self.amount.quantize(step, rounding=ROUND_HALF_UP), self.currency)

    def __str__(self) -> str:
        """The decimal string of the wire formats, without the currency: "2.19"."""
        return f"{self.rounded().amount:f}"

    def display(self) -> str:
        """For people: "$2.19", "-$2.19", "2.19 CHF"."""
        size = Money(abs(self.amount), self.currency).rounded()
        sign = "-" if self.rounded().amount < 0 else ""
        symbol = _SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{size}" if symbol else f"{sign}{size} {self.currency}"
