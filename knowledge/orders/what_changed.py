"""Says how an offer differs from the one a shopper was shown (pure)."""

from typing import Any

from knowledge.money import Money
from knowledge.orders.wording import short_title

_NAMED = 3


def what_changed(old: dict[str, Any], new: dict[str, Any]) -> str:
    """In one sentence; shortages are told by the new offer itself."""
    currency: str = new["currency"]
    before = {line["product"]: line for line in old["lines"]}
    after = {line["product"]: line for line in new["lines"]}
    short = {product for product, _ in new["short"]}
    said = []
    for product, line in after.items():
        title = short_title(line["title"])
        was = before.get(product)
        if was is None:
            said.append(f"{title} is new in the cart")
            continue
        if was["unit_price"] != line["unit_price"]:
            said.append(
                f"{title} now costs {_money(line['unit_price'], currency)} "
                f"instead of {_money(was['unit_price'], currency)}"
            )
        if was["quantity"] != line["quantity"] and product not in short:
            said.append(f"{title} is now {line['quantity']} instead of {was['quantity']}")
    said += [
        f"{short_title(line['title'])} is no longer in the cart"
        for product, line in before.items()
        if product not in after and product not in short
    ]
    if not said and not short:
        old_total, new_total = _total(old), _total(new)
        said = _way(old, new, currency) or ["the cart was changed in between"]
        if old_total != new_total:
            now, then = _money(new_total, currency), _money(old_total, currency)
            said = _way(old, new, currency) or [f"the total is {now} instead of {then}"]
    more = [f"{len(said) - _NAMED} more changes"] if len(said) > _NAMED else []
    what = "; ".join([*said[:_NAMED], *more])
    return f"Not ordered yet: {what}." if what else "Not ordered yet."


def _way(old: dict[str, Any], new: dict[str, Any], currency: str) -> list[str]:
    """What changed of the way to the shopper."""
    said = []
    if old.get("address") != new.get("address"):
        said.append("the address was changed")
    for kind, name in (("delivery", "delivery"), ("fee", "the time slot")):
        then, now = (_of_kind(shown, kind) for shown in (old, new))
        if then != now:
            said.append(
                f"{name} now costs {_money(now, currency)} instead of {_money(then, currency)}"
            )
    return said


def _of_kind(shown: dict[str, Any], kind: str) -> str:
    return next((one["amount"] for one in shown["totals"] if one["kind"] == kind), "0")


def _money(amount: str, currency: str) -> str:
    return Money.parse(amount, currency).display()


def _total(shown: dict[str, Any]) -> str:
    total: str = next(one["amount"] for one in shown["totals"] if one["kind"] == "total")
    return total
