"""Tax on a quote (pure): rounded half up once per rate, on what is paid after discounts.

Per rate and not per line, as BR-CO-17 of EN 16931-1 asks of invoices and the Streamlined Sales and
Use Tax Agreement (section 324) allows sellers to choose; both round to the smallest unit, half up.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from knowledge.money import Money
from knowledge.pricing.models import QuoteLine, Total
from knowledge.profile import TaxTerms

_HUNDRED = Decimal(100)


def tax_total(
    lines: Sequence[QuoteLine], fees: Iterable[Money], terms: TaxTerms, currency: str
) -> Total | None:
    """The tax to add, or the part of the prices that is tax; None when there is none."""
    bases: dict[Decimal, Money] = {}
    for line in lines:
        rate = rate_of(line.product.category, terms)
        bases[rate] = bases.get(rate, Money.zero(currency)) + line.to_pay
    rate = terms.rate if terms.delivery_rate is None else terms.delivery_rate
    for fee in fees:
        bases[rate] = bases.get(rate, Money.zero(currency)) + fee
    tax = Money.total((_tax(base, rate, terms) for rate, base in bases.items()), currency)
    if not tax.amount:
        return None
    if terms.included:
        return Total("included_tax", f"Includes {terms.name}", tax)
    return Total("tax", terms.name, tax)


def rate_of(category: Sequence[str], terms: TaxTerms) -> Decimal:
    """In percent, by the longest path that fits."""
    path = tuple(part.lower() for part in category)
    fitting = [
        (len(prefix), rate)
        for prefix, rate in terms.categories
        if path[: len(prefix)] == tuple(part.lower() for part in prefix)
    ]
    return max(fitting)[1] if fitting else terms.rate


def _tax(base: Money, rate: Decimal, terms: TaxTerms) -> Money:
    whole = _HUNDRED + rate if terms.included else _HUNDRED
    return Money(base.amount * rate / whole, base.currency).rounded()
