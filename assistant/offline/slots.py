"""Fills the slots of an act from the clause that asked for it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.offline.acts import Act, Item, Limits, Reference
from assistant.offline.clauses import Clause
from assistant.offline.items import ItemReader
from assistant.offline.language import Language
from assistant.offline.limits import longest
from assistant.offline.pieces import Amount, Piece, words_of
from assistant.offline.quantities import count_of
from assistant.offline.slot_values import (
    budget_rule_slots,
    budget_slots,
    checkout_slots,
    orders_slots,
    which_slots,
)

_GOAL_OF_SORT = {
    "price": "cheaper",
    "unit_price": "cheaper",
    "sustainability": "greener",
    "health": "healthier",
}
_KIND_OF_GOAL = {"cheaper": "budget", "greener": "sustainability", "healthier": "health"}
Match = re.Match[str]


class SlotReader:
    """Builds acts of one language for one catalog."""

    def __init__(self, language: Language, items: ItemReader) -> None:
        self.language = language
        self.items = items
        self._builders: dict[str, Callable[[Act, Clause, Match], Act]] = {
            "add": self._add,
            "search": self._search,
            "more": self._more,
            "set_quantity": self._set_quantity,
            "replace": self._replace,
            "compare": self._compare,
            "budget_set": budget_slots,
            "budget_rule": budget_rule_slots,
            "swaps": self._swaps,
            "recommend": self._recommend,
            "diet_check": self._diet_check,
            "prefs": self._prefs,
            "prefs_forget": self._prefs,
            "orders": orders_slots,
            "reorder": orders_slots,
            "checkout": checkout_slots,
            "which": which_slots,
            "take_swaps": self._take_swaps,
            "view": self._view,
        }

    def build(self, kind: str, clause: Clause, match: Match) -> Act:
        act = Act(kind, text=clause.text, marks=clause.marks)
        builder = self._builders.get(kind, self._about)
        return builder(act, clause, match)

    def pieces(self, clause: Clause, match: Match, *names: str) -> list[Piece]:
        """The pieces of the first of these groups that took part."""
        for name in names:
            if match.re.groupindex.get(name) is not None:
                found = clause.group(match, name)
                if found:
                    return found
        return []

    def _about(self, act: Act, clause: Clause, match: Match) -> Act:
        pieces = self.pieces(clause, match, "what", "what2", "what3", "ask")
        items = self.items.several(pieces)
        counts = [piece for piece in clause.pieces if piece.tag == "NUM"]
        if act.kind == "remove" and not items and counts:
            it = Reference("pronoun")
            items = (Item(reference=it, quantity=count_of(counts[0])),)
        fewer = act.kind == "remove" and match.string.startswith("NUM")
        if fewer and items and items[0].quantity is None and counts:
            items = (replace(items[0], quantity=count_of(counts[0])), *items[1:])
        asked = "ask" in match.re.groupindex and match["ask"]
        return replace(act, items=items, choice="search" if asked else None)

    def _add(self, act: Act, clause: Clause, match: Match) -> Act:
        wanted = self.pieces(clause, match, "wanted")
        pieces = wanted or self.pieces(clause, match, "what")
        items = self.items.several(pieces)
        counts = [piece for piece in pieces if piece.tag in {"NUM", "AMT"}]
        if not items and counts:  # "add six", of what was just shown
            items = (replace(self.items.one(counts), reference=Reference("pronoun")),)
        # "I want to buy coffee" is the beginning of a choice, "buy coffee" is an order.
        only_wished = "soft" in match.re.groupindex and "wish" in clause.marks
        soft = bool(wanted) or "soft" in match.re.groupindex
        if not (wanted or only_wished) or self._means_add(items, clause):
            return replace(act, items=items, choice="soft" if soft else None)
        return self._searching(act, pieces)

    def _means_add(self, items: Sequence[Item], clause: Clause) -> bool:
        """Whether "I want ..." puts it into the cart, and does not only look for it."""
        if {"also", "lines"} & clause.marks or " CART" in clause.full:
            return True
        priced = any(item.limits.max_price or item.limits.sort for item in items)
        counted = any(item.quantity or item.amount or item.reference for item in items)
        definite = self._definite(clause)
        return counted or (definite and not priced) or (len(items) > 1 and not priced)

    def _definite(self, clause: Clause) -> bool:
        """As in "I want the sourdough" means that one; "I want to buy a loaf" means to have one."""
        words = [piece.words[0] for piece in clause.pieces[:5] if piece.tag is None]
        bought = {"buy", "order", "purchase", "have", "get"} & set(words)
        return "the" in words or bool(bought and {"a", "an", "one"} & set(words))

    def _search(self, act: Act, clause: Clause, match: Match) -> Act:
        pieces = self.pieces(clause, match, "what") + self.pieces(clause, match, "rest")
        return self._searching(act, pieces)

    def _searching(self, act: Act, pieces: Sequence[Piece]) -> Act:
        items = self.items.several(pieces)
        named = [item for item in items if item.words]
        if len(named) > 1 and not all(
            self.items.shop_words.names_product(one.words) for one in named
        ):
            items = (self.items.one(pieces),)
        if len(items) > 1:
            last = items[-1].limits
            shared = Limits(max_price=last.max_price, min_price=last.min_price, sort=last.sort)
            items = tuple(replace(one, limits=shared.joined(one.limits)) for one in items)
        fresh = set(act.text.split()) & self.language.set_of("fresh_words")
        named = [item for item in items if item.words or item.reference]
        kind = "search" if named or fresh else "refine"
        return replace(act, kind=kind, items=items)

    def _more(self, act: Act, clause: Clause, match: Match) -> Act:
        count = match["count"] or match["count2"] or match["count3"]
        pieces = self.pieces(clause, match, "count", "count2", "count3") if count else []
        number = count_of(pieces[0]) if pieces else Decimal(1)
        items = self.items.several(self.pieces(clause, match, "what", "what2"))
        return replace(act, items=items, count=number)

    def _set_quantity(self, act: Act, clause: Clause, match: Match) -> Act:
        about = self.pieces(clause, match, "what")
        items = self.items.several(about)
        if "double" in match.re.groupindex:
            return replace(act, items=items, choice=match["double"])
        counts = self.pieces(clause, match, "count")
        piece = counts[0] if counts else None
        if piece is not None and isinstance(piece.value, Amount):
            amount = (Decimal(piece.value.value), piece.value.unit)
            return replace(act, items=items or (Item(),), count=amount[0], choice=amount[1])
        return replace(act, items=items, count=count_of(piece) if piece else None)

    def _replace(self, act: Act, clause: Clause, match: Match) -> Act:
        what = self.items.one(self.pieces(clause, match, "what"))
        other = self.items.one(self.pieces(clause, match, "other"))
        return act.with_items(what, other)

    def _take_swaps(self, act: Act, clause: Clause, match: Match) -> Act:
        pieces = self.pieces(clause, match, "what")
        items = tuple(item for item in self.items.several(pieces) if item.reference)
        every = {"all", "both", "every"} & set(words_of(pieces))
        return replace(act, items=items, choice="all" if every else None)

    def _compare(self, act: Act, clause: Clause, match: Match) -> Act:
        either = self.language.set_of("either")
        joined: list[Piece] = []
        other = self.pieces(clause, match, "other")
        for piece in [
            *self.pieces(clause, match, "what"),
            *([Piece((",",))] if other else []),
            *other,
        ]:
            splits = piece.tag is None and piece.words[0] in either
            joined.append(Piece((",",)) if splits else _as_reference(piece))
        return replace(act, items=self.items.several(joined))

    def _goal(self, clause: Clause, match: Match) -> str | None:
        for name in ("cheaper", "greener", "healthier"):
            if match.groupdict().get(name):
                return name
        for piece in clause.pieces:
            if piece.tag == "GOAL":
                return str(piece.value)
        for piece in clause.pieces:
            if piece.tag in {"SORT", "ECO"}:
                return _GOAL_OF_SORT.get(piece.value)
            plain = self.language.shopping["plain_goals"].get(piece.words[0])
            if plain and piece.tag is None:
                return str(plain)
        return None

    def _swaps(self, act: Act, clause: Clause, match: Match) -> Act:
        items = self.items.several(self.pieces(clause, match, "what"))
        return replace(act, items=items, choice=self._goal(clause, match))

    def _recommend(self, act: Act, clause: Clause, match: Match) -> Act:
        found = {name for name, value in match.groupdict().items() if value}
        items = self.items.several(self.pieces(clause, match, "what"))
        ways = ("goes_with", "similar", "popular", "budget", "deals")
        kinds = [name for name in ways if name in found]
        kind: str | None = kinds[0] if kinds else None
        if kind is None:
            goal = self._goal(clause, match)
            kind = _KIND_OF_GOAL.get(goal or "", "for_you")
        return replace(act, items=items, choice=kind)

    def _view(self, act: Act, clause: Clause, match: Match) -> Act:
        return replace(act, items=self.items.several(self.pieces(clause, match, "has")))

    def _terms(self, pieces: Sequence[Piece]) -> Limits:
        """Diets and allergens that are named, also without "free" or "without"."""
        limits = Limits()
        words: list[str] = []
        for piece in pieces:
            if isinstance(piece.value, Limits):
                limits = limits.joined(replace(piece.value, brands=()))
            elif piece.tag is None:
                words.extend(piece.words)
        table = self.language.table("allergens")
        at = 0
        while at < len(words):
            length = longest(words, at, table)
            if length:
                limits = limits.joined(Limits(exclude=tuple(table[tuple(words[at : at + length])])))
            at += length or 1
        return limits

    def _diet_check(self, act: Act, clause: Clause, match: Match) -> Act:
        about = self.pieces(clause, match, "what")
        inside = {id(piece) for piece in about}
        outside = [piece for piece in clause.pieces if id(piece) not in inside]
        terms = self._terms(outside)
        whole = any(piece.tag in {"CART", "EVERY"} for piece in clause.pieces) or not about
        items = () if whole else self.items.several(about)
        if not terms:
            terms = self._terms(clause.pieces) if whole else terms
        return replace(act, items=items, terms=terms.diets, allergens=terms.exclude)

    def _prefs(self, act: Act, clause: Clause, match: Match) -> Act:
        found = match.groupdict()
        pieces = self.pieces(clause, match, "what")
        if found.get("green"):
            return replace(act, choice="high")
        brands = tuple(
            brand for piece in pieces if piece.tag == "BRAND" for brand in piece.value.brands
        )
        words = tuple(word for word in words_of(pieces) if word.isalpha())
        if found.get("dislike"):
            item = self.items.one(pieces)
            return replace(act, text=item.name or " ".join(words), choice="dislike")
        terms = self._terms(pieces)
        eaten = self.language.table("diets_of_words")
        diets = list(terms.diets)
        for at in range(len(words)):
            length = longest(words, at, eaten)
            if length and "allergic" not in words and "allergy" not in words:
                diets += eaten[tuple(words[at : at + length])]
        refused = match.string.split(" ")[1:2] if match.string else []
        act = replace(
            act,
            terms=tuple(dict.fromkeys(diets)),
            allergens=terms.exclude,
            limits=Limits(brands=brands if found.get("like") else ()),
        )
        nothing = not diets and not terms.exclude and not brands
        if act.kind == "prefs" and nothing and refused:
            return replace(act, text=" ".join(self.items.one(pieces).words), choice="dislike")
        return act


def _as_reference(piece: Piece) -> Piece:
    """As in "Compare 1 and 3": numbers of the list."""
    count = count_of(piece) if piece.tag == "NUM" else None
    if count is None or count != int(count):
        return piece
    return Piece(piece.words, "REF", Reference("number", (int(count),)))
