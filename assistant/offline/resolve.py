"""Finds what was meant among the things shown and the lines of the cart."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from assistant.offline.acts import Item, Reference
from assistant.offline.choose import FITS, Chooser, Named, named
from assistant.offline.memory import Memory
from assistant.state import ShownInState, TurnState
from knowledge.search.text import CLOSED_CLASS, stem, terms
from knowledge.search.text import words as spoken
from tools.blocks import CartLineView

_T = TypeVar("_T")
_CLOSE = 0.15
_PART = 0.5
_PLAIN = frozenset(
    ["normal", "regular", "plain", "standard", "usual", "ordinary", "classic", "original", "basic"]
)


@dataclass(frozen=True, slots=True)
class Target:
    """A product somebody pointed at, with its cart line when it is in the cart."""

    product: str
    title: str
    line: str | None = None
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``several``: more than one thing fits and only one was meant."""

    targets: tuple[Target, ...] = ()
    several: bool = False

    @property
    def one(self) -> Target | None:
        return (
            self.targets[0]
            if len(self.targets) == 1 or (not self.several and self.targets)
            else None
        )


class Resolver:
    """Knows what is in front of the shopper at the start of the turn."""

    def __init__(
        self,
        state: TurnState,
        memory: Memory,
        chooser: Chooser,
        brand_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self.state = state
        self.memory = memory
        self.chooser = chooser
        self._brand_of = brand_of

    def shown(self, reference: Reference) -> list[ShownInState]:  # noqa: PLR0911 - a case each
        """The shown products a reference means; empty when it means none of them."""
        entries = self.state.shown
        match reference.kind:
            case "number":
                return self._numbered(reference)
            case "all":
                return list(entries)
            case "superlative":
                return self._superlative(reference)
            case "described":
                return self._described(reference)
            case "other":
                return [one for one in entries if one.id not in self.memory.focus][:1]
            case "pronoun":
                focused = [one for one in entries if one.id in self.memory.focus]
                if focused:
                    return focused if reference.plural else focused[-1:]
                if reference.plural or len(entries) == 1:
                    return list(entries)
                return []

    def _numbered(self, reference: Reference) -> list[ShownInState]:
        entries = self.state.shown
        found: list[ShownInState] = []
        for number in reference.numbers:
            if number < 0:
                found += [entries[number]] if -number <= len(entries) else []
            else:
                found += [one for one in entries if one.n == number]
        return found

    def _superlative(self, reference: Reference) -> list[ShownInState]:
        def value(one: ShownInState) -> Decimal | None:
            text = getattr(one, reference.field or "", None)
            try:
                return Decimal(str(text).split("/")[0]) if text is not None else None
            except InvalidOperation:
                return None

        rated = [(number, one) for one in self._searched() if (number := value(one)) is not None]
        if not rated:
            return []
        best = min if reference.low else max
        return [best(rated, key=lambda pair: pair[0])[1]]

    def _searched(self) -> Sequence[ShownInState]:
        """Of what was shown, what has all that was looked for, when anything has."""
        query = str((self.memory.search or {}).get("query") or "")
        full = [one for one in self.state.shown if query and self._says(query, one)]
        return full or self.state.shown

    def _says(self, query: str, one: ShownInState) -> bool:
        known = {stem(word) for word in spoken(f"{one.title} {one.brand or ''}")}
        wanted = [word for word in spoken(query) if word not in CLOSED_CLASS]
        return all(self.chooser.like(stem(word)) & known for word in wanted)

    def _described(self, reference: Reference) -> list[ShownInState]:
        words = [*reference.words, *(diet.replace("_", " ") for diet in reference.diets)]
        found = [one for one in self.state.shown if self._has(words, _names(one))]
        if not found and set(words) <= _PLAIN and self.state.shown:
            found = [min(self.state.shown, key=lambda one: len(_names(one).title))]
        return found if reference.plural else found[:1]

    def _has(self, words: Iterable[str], one: Named) -> bool:
        known = {*one.title, *one.brand, *one.shelf}
        return all(self.chooser.like(term) & known for word in words for term in terms(word))

    def lines(self, item: Item) -> Found:  # noqa: PLR0911 - a case each
        """The cart lines an item means."""
        lines = self.state.cart.lines
        reference = item.reference
        if item.words:
            return self._lines_by_words(item)
        if reference is None:
            return Found(tuple(map(_of_line, lines)), several=len(lines) > 1)
        if reference.kind == "all":
            return Found(tuple(map(_of_line, lines)))
        if reference.kind == "described":
            words = (*reference.words, *(diet.replace("_", " ") for diet in reference.diets))
            fitting = [one for one in lines if self._has(words, self._line_names(one))]
            if fitting:
                return Found(tuple(map(_of_line, fitting if reference.plural else fitting[:1])))
        if reference.kind == "pronoun" and self.memory.focus:
            focused = [one for one in lines if one.product in self.memory.focus]
            if focused:
                return Found(tuple(map(_of_line, focused if reference.plural else focused[-1:])))
        ids = [one.id for one in self.shown(reference)]
        in_cart = [one for one in lines if one.product in ids]
        if in_cart:
            return Found(tuple(map(_of_line, in_cart)))
        return self._lines_by_place(reference)

    def _lines_by_place(self, reference: Reference) -> Found:
        """What is said of no list that was shown may be said of the cart itself."""
        lines = self.state.cart.lines
        if reference.kind == "number":
            chosen = [
                lines[number - 1 if number > 0 else number]
                for number in reference.numbers
                if 0 < abs(number) <= len(lines)
            ]
            return Found(tuple(map(_of_line, chosen)))
        if reference.kind == "superlative" and reference.field == "price" and lines:
            best = min if reference.low else max
            chosen_line = best(lines, key=lambda one: Decimal(one.unit_price))
            return Found((_of_line(chosen_line),))
        if reference.kind == "pronoun":
            last = lines[-1:] if len(lines) == 1 else []
            return Found(tuple(map(_of_line, last)))
        return Found()

    def _lines_by_words(self, item: Item) -> Found:
        lines = self.state.cart.lines
        return self._best(item, lines, self._line_names, _of_line)

    def product(self, item: Item) -> Found:
        """What a question is about: something shown or in the cart."""
        if item.reference is not None and not item.words:
            shown = self.shown(item.reference)
            if shown:
                return Found(tuple(self._target(one) for one in shown))
            focused = self._focused(item.reference)
            return Found(focused) if focused else self.lines(item)
        in_cart = self._lines_by_words(item)
        if in_cart.targets:
            return in_cart
        return self._best(item, self.state.shown, _names, self._target)

    def _focused(self, reference: Reference) -> tuple[Target, ...]:
        """As in "It" may be something that is neither shown nor in the cart any more."""
        if reference.kind != "pronoun":
            return ()
        ids = self.memory.focus if reference.plural else self.memory.focus[-1:]
        lines = {line.product: line for line in self.state.cart.lines}
        return tuple(_of_line(lines[one]) if one in lines else Target(one, "") for one in ids)

    def _line_names(self, line: CartLineView) -> Named:
        return named(line.title, self._brand_of(line.title), line.category)

    def _best(
        self,
        item: Item,
        things: Sequence[_T],
        names: Callable[[_T], Named],
        target: Callable[[_T], Target],
    ) -> Found:
        """The things that fit the words best; several when they fit alike."""
        judged = [(self._fit(item, names(one)), one) for one in things]
        best = max((score for score, _ in judged), default=0.0)
        if best < _PART:
            # "The macarons" are the macaron box, when nothing else is called so.
            alone = [one for one in things if self._has(item.words, names(one))]
            return Found(tuple(map(target, alone)) if len(alone) == 1 and item.words else ())
        near = [one for score, one in judged if score >= max(best - _CLOSE, _PART)]
        plural = item.words[-1:] != () and item.words[-1].endswith("s")
        exact = [one for score, one in judged if score == best]
        chosen = near if best < FITS or len(exact) > 1 else exact
        return Found(tuple(target(one) for one in chosen), several=len(chosen) > 1 and not plural)

    def _fit(self, item: Item, one: Named) -> float:
        score = self.chooser.fit(item.words, one)
        said = [diet.replace("_", " ") for diet in item.limits.diets]
        said += [*item.limits.brands]
        if score and said and self._has(said, one):
            score += 0.1
        return score

    def _target(self, one: ShownInState) -> Target:
        line = next((line for line in self.state.cart.lines if line.product == one.id), None)
        if line is not None:
            return _of_line(line)
        return Target(one.id, one.title)


def _of_line(line: CartLineView) -> Target:
    return Target(line.product, line.title, line.id, line.quantity)


def _names(one: ShownInState) -> Named:
    return named(one.title, one.brand, one.category)
