"""Writes the mails about an order, as text and as simple HTML (pure)."""

from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from knowledge.carts.quantities import counted
from knowledge.fulfilment.when import day_label
from knowledge.money import Money
from knowledge.orders.announcing import MailKind
from knowledge.orders.documents import read_moment
from knowledge.profile import ShopProfile

_SUBJECTS: dict[MailKind, str] = {
    "placed": "Your order {number} at {shop}",
    "ready": "Your order {number} is ready for pickup",
    "out_for_delivery": "Your order {number} is on its way",
    "cancelled": "Your order {number} is cancelled",
    "refunded": "A refund for your order {number}",
}
_LEADS: dict[MailKind, str] = {
    "placed": "Thank you. We have your order {number} and will pick it for you.",
    "ready": "Your order {number} is picked and waits for you.",
    "out_for_delivery": "Your order {number} has left us and is on its way to you.",
    "cancelled": "Your order {number} is cancelled. Nothing of it will be handed over.",
    "refunded": "We paid back {refund} for what you returned from order {number}.",
}
_SUBSTITUTIONS = {
    "similar": "when it has run out, something similar",
    "none": "when it has run out, nothing instead",
}


@dataclass(frozen=True, slots=True)
class OrderMail:
    subject: str
    text: str
    html: str


def write_mail(
    kind: MailKind,
    document: dict[str, Any],
    profile: ShopProfile,
    *,
    address: str | None = None,
    detail: str = "",
) -> OrderMail:
    """One mail about the order of an ``order_document``.

    ``address`` is where the shop is on the web; ``detail`` names the return that was refunded.
    """
    words = {
        "number": document["number"],
        "shop": profile.name,
        "refund": _refund(document, detail),
    }
    lead = _LEADS[kind].format(**words)
    notes = [*_when_and_where(document), *_what_next(kind, document, address)]
    contact = f"Questions? Answer this mail, or ask us {f'at {address}' if address else 'by chat'}."
    rows = [_row(line, document["currency"]) for line in document["lines"]]
    totals = [
        (one["title"], _display(one["amount"], document["currency"])) for one in document["totals"]
    ]
    due = [one["kind"] for one in document["totals"]].index("total")
    day = day_label(read_moment(document["placed_at"]), profile)
    placed = f"Order {document['number']} of {day}"
    return OrderMail(
        subject=_SUBJECTS[kind].format(**words),
        text=_as_text([lead, *notes], placed, rows, totals, [contact, profile.name]),
        html=_as_html([lead, *notes], placed, rows, totals, [contact, profile.name], due=due),
    )


def _refund(document: dict[str, Any], return_id: str) -> str:
    for one in document["returns"]:
        if one["id"] == return_id and one["refund"] is not None:
            return _display(one["refund"], document["currency"])
    return ""


def _display(amount: str, currency: str) -> str:
    return Money.parse(amount, currency).display()


def _row(line: dict[str, Any], currency: str) -> tuple[str, str]:
    rule = _SUBSTITUTIONS.get(line["substitution"])
    title = " ".join(line["title"].split())
    goods = counted(Decimal(line["quantity"]), line["unit"], title)
    return f"{goods}{f' ({rule})' if rule else ''}", _display(line["total"], currency)


def _when_and_where(document: dict[str, Any]) -> list[str]:
    if document["status"] == "cancelled":
        return []
    label = (document["slot"] or {}).get("label")
    when = f" {label}" if label else ""
    said = []
    if document["fulfilment"] == "pickup":
        pickup = document["pickup"] or {}
        place = f" at {pickup['place']}" if pickup else ""
        hours = f" ({pickup['hours']})" if pickup.get("hours") else ""
        said.append(f"Pickup{place}{hours}{f': {when.strip()}' if when else ''}.")
    else:
        place = _place(document["address"])
        said.append(f"Delivery{f' to {place}' if place else ''}{f':{when}' if when else ''}.")
    limits = [line["age_limit"] for line in document["lines"] if line["age_limit"]]
    if limits:
        said.append(
            f"Some of it is only for people of {max(limits)} and older: "
            "please have proof of your age at hand."
        )
    return said


def _place(address: dict[str, Any] | None) -> str:
    if address is None:
        return ""
    town = f"{address['postal_code']} {address['city']}".strip()
    return ", ".join([*address["lines"], town])


def _what_next(kind: MailKind, document: dict[str, Any], address: str | None) -> list[str]:
    if kind != "placed":
        return []
    where = f" at {address}" if address else ""
    number = document["number"]
    how = f'write "change order {number}" or "cancel order {number}" to our assistant'
    return [f"Until we begin to pick it you can change or cancel it{where}: {how}."]


def _as_text(
    notes: list[str],
    title: str,
    rows: list[tuple[str, str]],
    totals: list[tuple[str, str]],
    closing: list[str],
) -> str:
    wide = max(len(amount) for _, amount in [*rows, *totals])
    lines = [f"{amount:>{wide}}  {what}" for what, amount in rows]
    sums = [f"{amount:>{wide}}  {what}" for what, amount in totals]
    rule = "-" * (wide + 2)
    parts = ["\n\n".join(notes), "\n".join([title, "", *lines, rule, *sums]), "\n\n".join(closing)]
    return "\n\n".join(parts) + "\n"


def _as_html(
    notes: list[str],
    title: str,
    rows: list[tuple[str, str]],
    totals: list[tuple[str, str]],
    closing: list[str],
    *,
    due: int,
) -> str:
    cell = "padding:4px 12px 4px 0;vertical-align:top"
    money = f"{cell};text-align:right;white-space:nowrap"

    def row(what: str, amount: str, *, bold: bool = False) -> str:
        weight = ";font-weight:600" if bold else ""
        return (
            f'<tr><td style="{cell}{weight}">{escape(what)}</td>'
            f'<td style="{money}{weight}">{escape(amount)}</td></tr>'
        )

    table = [row(what, amount) for what, amount in rows]
    table += [row(what, amount, bold=number == due) for number, (what, amount) in enumerate(totals)]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
            '<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em">',
            *(f"<p>{escape(note)}</p>" for note in notes),
            f'<h1 style="font-size:1.1em">{escape(title)}</h1>',
            '<table style="border-collapse:collapse">',
            *table,
            "</table>",
            *(f"<p>{escape(one)}</p>" for one in closing),
            "</body></html>",
            "",
        ]
    )
