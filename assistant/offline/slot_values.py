"""Fills slots that name no product: money, periods, order numbers, ways of delivery."""

import re
from dataclasses import replace
from decimal import Decimal

from assistant.offline.acts import Act, Limits
from assistant.offline.clauses import Clause
from assistant.offline.pieces import words_of
from assistant.offline.quantities import count_of

_ORDER_NUMBER = re.compile(r"^#?[a-z]*[-_]?\d[\w-]{1,40}$")
Match = re.Match[str]


def budget_slots(act: Act, clause: Clause, match: Match) -> Act:
    del match
    money: Decimal | None = None
    period: str | None = None
    for piece in clause.pieces:
        if piece.tag == "LIMIT" and money is None:
            money = piece.value.max_price or piece.value.min_price
        elif piece.tag == "MONEY":
            money = Decimal(piece.value)
        elif piece.tag == "NUM" and money is None:
            money = count_of(piece)
        elif piece.tag == "PERIOD":
            period = piece.value
    return replace(act, money=money, period=period)


def budget_rule_slots(act: Act, clause: Clause, match: Match) -> Act:
    del clause
    rule = next((name for name, value in match.groupdict().items() if value), None)
    return replace(act, choice=rule)


def which_slots(act: Act, clause: Clause, match: Match) -> Act:
    del match
    choice: str | None = None
    limits = Limits()
    for piece in clause.pieces:
        if piece.tag in {"SORT", "ECO"}:
            choice = piece.value
        elif piece.tag == "GOAL":
            choice = {"cheaper": "price", "greener": "sustainability"}.get(piece.value, "health")
        elif piece.tag == "REF" and piece.value.kind == "superlative":
            choice = piece.value.field
        elif piece.tag in {"DIET", "EXCL"}:
            limits = limits.joined(piece.value)
    return replace(act, choice=choice, limits=limits)


def checkout_slots(act: Act, clause: Clause, match: Match) -> Act:
    del match
    words = set(words_of(clause.pieces))
    deliver = any(word.startswith("deliver") for word in words) or "ship" in words
    pickup = bool(words & {"pickup", "pick", "collection", "collect"})
    return replace(act, choice="delivery" if deliver else "pickup" if pickup else None)


def orders_slots(act: Act, clause: Clause, match: Match) -> Act:
    del match
    for word in words_of(clause.pieces):
        if _ORDER_NUMBER.match(word):
            return replace(act, terms=(word.lstrip("#"),))
    return act
