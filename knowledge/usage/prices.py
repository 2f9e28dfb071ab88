"""What models cost: prices per million tokens, and the cost of a call (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

_SAME_VENDOR = {"openai-responses": "openai", "gemini": "google"}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens, which is also millionths of a dollar per token."""

    input: Decimal
    output: Decimal = Decimal(0)
    cached: Decimal | None = None
    """What input costs that the vendor still had; None: as any other input."""
    until: date | None = None
    """The last day of this price, by UTC; ``then`` follows it."""
    then: "Price | None" = None

    def on(self, day: date) -> "Price":
        if self.until is None or self.then is None or day <= self.until:
            return self
        return self.then.on(day)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by ``provider:model``. A model that is not in the list has no known cost."""

    known: Mapping[str, Price] = field(default_factory=dict)

    def of(self, provider: str, model: str) -> Price | None:
        """A dated name (``gpt-5-mini-2025-08-07``) costs what the longest known start of it does.

        Only a date, a version or ``latest`` may follow: ``gpt-5-mini`` is no ``gpt-5``.
        """
        name = f"{_SAME_VENDOR.get(provider, provider)}:{model}"
        exact = self.known.get(name)
        if exact is not None:
            return exact
        starts = [one for one in self.known if name.startswith(f"{one}-") and _dated(name, one)]
        if starts:
            return self.known[max(starts, key=len)]
        return self.known.get(f"{provider}:*")

    def cost_micros(
        self,
        provider: str,
        model: str,
        *,
        input_tokens: int,
        cached_tokens: int = 0,
        output_tokens: int = 0,
        at: datetime | None = None,
    ) -> int | None:
        """Millionths of a US dollar, rounded; None when the price is not known."""
        found = self.of(provider, model)
        if found is None:
            return None
        price = found if at is None else found.on(at.astimezone(UTC).date())
        cached = min(cached_tokens, input_tokens)
        cost = (
            (input_tokens - cached) * price.input
            + cached * (price.input if price.cached is None else price.cached)
            + output_tokens * price.output
        )
        return int(cost.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _dated(name: str, start: str) -> bool:
    rest = name[len(start) + 1 :]
    return rest.replace("-", "").isdigit() or rest in ("latest", "preview")
