"""Takes out of a message for how many it is, what it may cost and what must not be in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.offline.acts import Limits
from assistant.offline.language import Language
from assistant.offline.limits import longest
from assistant.offline.pieces import Piece
from assistant.offline.quantities import count_of

_MOST_SERVINGS = 100
_LONGEST_NAME = 3
_PAIR = Decimal(2)
PRONOUN = "PRON"
_CHEAP = frozenset({"cheaper", "price", "unit_price"})


@dataclass
class Constraints:
    """``rest`` is what is left: words, and tags in capitals. ``said`` tells that any was found."""

    servings: int | None = None
    budget: Decimal | None = None
    diets: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    cheap: bool = False
    counted: bool = False
    """Whether numbers are left that count other things."""
    rest: list[str] = field(default_factory=list)

    @property
    def said(self) -> bool:
        return bool(self.servings or self.budget or self.diets or self.exclude or self.cheap)

    @property
    def text(self) -> str:
        return " ".join(word for word in self.rest if word != ",")

    @property
    def limits(self) -> Limits:
        return Limits(diets=tuple(dict.fromkeys(self.diets)), exclude=tuple(self.exclude))


def read_constraints(
    pieces: Sequence[Piece], language: Language, *, after_plan: bool = False
) -> Constraints:
    """``after_plan``: it may change the plan before it, as in "drop the onions"."""
    return _Taker(pieces, language, after_plan=after_plan).take()


class _Taker:
    def __init__(self, pieces: Sequence[Piece], language: Language, *, after_plan: bool) -> None:
        self.pieces = pieces
        self.language = language
        self._after_plan = after_plan
        self.found = Constraints()
        leads = set(language.phrases("exclusions"))
        self._exclusions = leads | (language.phrases("follow_exclusions") if after_plan else set())
        self._people = language.phrases("people")

    def take(self) -> Constraints:
        at = 0
        while at < len(self.pieces):
            at = self._step(at)
        self._loosen()
        self.found.exclude = list(dict.fromkeys(self.found.exclude))
        return self.found

    def _step(self, at: int) -> int:
        for read in (self._excluded, self._allergic):
            end = read(at)
            if end is not None:
                return end
        if self.pieces[at].tag in {"NUM", "BOTH"}:
            said = self.found.rest[-1:]
            amount = count_of(self.pieces[at])
            if said and said[0] in self.language.set_of("money_leads") and amount is not None:
                self._money(amount)  # "budget 80"
                return at + 1
            return self._number(at)
        self._piece(self.pieces[at])
        return at + 1

    def _piece(self, piece: Piece) -> None:
        found = self.found
        match piece.tag:
            case None:
                found.rest.append("," if piece.is_punctuation else " ".join(piece.words))
            case "LIMIT" if piece.value.max_price is not None:
                self._money(piece.value.max_price)
            case "MONEY":
                self._money(Decimal(piece.value))
            case "DIET" | "EXCL":
                found.diets += piece.value.diets
                found.exclude += piece.value.exclude
            case "PERIOD":
                pass
            case "GOAL" | "SORT" if piece.value in _CHEAP:
                found.cheap = True
            case "BRAND":
                found.rest += piece.words
            case tag:
                found.rest.append(tag)

    def _words(self, at: int) -> list[str]:
        """The plain words from here on, until something else stands there."""
        words: list[str] = []
        for piece in self.pieces[at:]:
            if piece.tag is not None or piece.is_punctuation:
                break
            words += piece.words
        return words

    def _number(self, at: int) -> int:
        """As in "for six", "6 people", "party of 12"; other numbers count other things."""
        piece, before = self.pieces[at], self.found.rest[-1:] or [""]
        count = _PAIR if piece.tag == "BOTH" else count_of(piece)
        after = self._words(at + 1)
        people = longest(after, 0, self._people)
        closed = not after or after[0] in self.language.set_of("exclusion_ends")
        led = self._leads(before[0]) and closed
        whole = count is not None and count == int(count) and 0 < count <= _MOST_SERVINGS
        both = piece.tag == "BOTH" and before[0] != "for"
        if people and self.found.servings:
            return at + 1 + people  # "one guest is allergic to nuts"
        if not whole or not (people or led) or both:
            self.found.counted = self.found.counted or piece.tag == "NUM"
            self.found.rest.append(piece.tag or "")
            return at + 1
        self.found.servings = int(count or 1)
        self._pop(self.language.set_of("servings_leads"))
        return at + 1 + people

    def _leads(self, word: str) -> bool:
        """As in "for six", "a party of six"; after a plan also "change it to six"."""
        if word in self.language.set_of("servings_leads"):
            return True
        if word == "of":
            grouped = self.language.set_of("groups_of_people")
            return self.found.rest[-2:-1] != [] and self.found.rest[-2] in grouped
        return self._after_plan and word in {"to", PRONOUN, "make", "servings"}

    def _money(self, amount: Decimal) -> None:
        self.found.budget = amount
        self._pop(self.language.set_of("budget_leads"))

    def _pop(self, loose: frozenset[str]) -> None:
        while self.found.rest and self.found.rest[-1] in loose:
            self.found.rest.pop()

    def _excluded(self, at: int) -> int | None:
        """As in "no onions or garlic", "without the olives"."""
        words = self._words(at)
        length = longest(words, 0, self._exclusions)
        if not length or len(words) <= length:
            return None
        ends = self.language.set_of("exclusion_ends")
        place, named = at + length, list[str]()
        names: list[str] = []
        while place < len(self.pieces):
            piece = self.pieces[place]
            word = piece.words[0]
            if piece.tag is not None or word in ".!?;":
                break
            joins = word in {",", "and", "or", "nor"}
            if joins:
                names += [" ".join(named)] if named else []
                named = []
                if not self._goes_on(place + 1):
                    break
            elif word in ends or len(named) == _LONGEST_NAME:
                break
            elif not (word in {"the", "any", "a", "no"} and not named):
                named += piece.words
            place += 1
        names += [" ".join(named)] if named else []
        if not names or names[0] in self.language.set_of("not_dishes"):
            return None
        for name in names:
            known = self.language.table("allergens").get(tuple(name.split()))
            self.found.exclude += known or [name]
        return place

    def _goes_on(self, at: int) -> bool:
        """Whether the list of what must not be in it goes on behind a comma or an "and"."""
        words = self._words(at)
        return bool(words) and words[0] not in self.language.set_of("exclusion_ends")

    def _allergic(self, at: int) -> int | None:
        """As in "a nut allergy", "allergic to nuts and eggs"."""
        words, table = self._words(at), self.language.table("allergens")
        lead = longest(words, 0, self.language.phrases("allergic_leads"))
        place, found = lead, list[str]()
        while length := longest(words, place, table):
            found += table[tuple(words[place : place + length])]
            place += length
            if words[place : place + 1] in (["and"], ["or"]) and longest(words, place + 1, table):
                place += 1
        if not found:
            return None
        closed = words[place : place + 1] and words[place] in self.language.set_of("allergy_words")
        if not lead and not closed:
            return None
        self.found.exclude += found
        self._pop(self.language.set_of("loose_ends"))
        return at + place + bool(closed)

    def _loosen(self) -> None:
        """Takes away what only joined the parts that were taken out."""
        self.found.rest = [word for word in self.found.rest if word != "please"]
        loose = self.language.set_of("loose_ends") | {",", "."}
        if self.found.said:
            self._pop(loose)
        rest = self.found.rest
        if rest[-2:] in (["for", "PRON"], ["for", "me"], ["for", "us"]):
            del rest[-2:]
        if rest[-2:] == ["for", "one"]:
            self.found.servings = 1
            del rest[-2:]
        while rest and rest[-1] in {",", "."}:
            rest.pop()
        while rest and rest[0] in {",", "."}:
            rest.pop(0)
