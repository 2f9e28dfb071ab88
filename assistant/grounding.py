"""The gate: checks each sentence against what the conversation knows before it is shown."""

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.amounts import Amount, find_amounts
from assistant.facts import Facts, ProductFacts, words_of
from assistant.names import find_names, is_known
from assistant.stock_claims import wrong_stock

_CARBON = re.compile(
    r"(?P<number>[-\u2212]?\d+(?:[.,]\d+)?)\s*(?:kg|kilos?|kilograms?)\s*(?:of\s+)?(?:CO\s?2|CO₂|carbon)",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"(?:nutri-?\s?score|eco-?\s?(?:grade|score)|(?:health|climate|green)?\s*(?:grade|graded|rated))"
    r"\s*(?:of|is|are|:|an?|the)*\s*[\"“*_]*(?P<grade>[A-E])(?![\w'\u2019])(?!\s+[a-z]+ed\b)",
    re.IGNORECASE,
)
_ABOUT_ALL = re.compile(
    r"\b(?:cart|basket|total|together|altogether|budget|left|spent|order|delivery|in all|sum)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s)>\]\"'*]+", re.IGNORECASE)
_CENT = Decimal("0.005")
_HEDGED_SHARE = Decimal("0.05")
_HEDGED_LEAST = Decimal("0.5")


class Gate:
    """Stateless but for the facts it is given, which grow while tools run."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def check(self, sentence: str) -> str | None:
        """Why the sentence may not be shown; None when it may."""
        return next(self._problems(sentence), None)

    def _problems(self, sentence: str) -> Iterator[str]:
        meant = self._mentioned(sentence)
        amounts = find_amounts(sentence)
        yield from self._wrong_links(sentence)
        for amount in amounts:
            if not self._amount_holds(amount, meant, sentence):
                yield f"no tool result gives the amount {amount.text.strip()} here"
        yield from self._wrong_scores(sentence, meant)
        stock = wrong_stock(sentence, meant, self._facts)
        if stock is not None:
            yield stock
        for name in find_names(sentence, single=bool(amounts) and not meant):
            if not is_known(name, self._facts):
                yield f"nothing called {name.text!r} has been shown in this conversation"

    def _wrong_links(self, sentence: str) -> Iterator[str]:
        known = {link.rstrip(".,;:!?") for link in self._facts.links}
        for link in _LINK.findall(sentence):
            if link.rstrip(".,;:!?") not in known:
                yield f"the link {link} is not from this shop's data"

    def _wrong_scores(self, sentence: str, meant: list[ProductFacts]) -> Iterator[str]:
        products = meant or self._facts.products.values()
        known = self._facts.carbon.union(*(one.carbon for one in products))
        for match in _CARBON.finditer(sentence):
            number = Decimal(match["number"].replace(",", ".").replace("\u2212", "-"))
            if not any(_rounds_to(fact, number) for fact in known):
                yield f"no tool result gives {match[0]}"
        for match in _GRADE.finditer(sentence):
            if not self._grade_holds(match, meant):
                yield f"no tool result gives the grade {match['grade']} here"

    def _mentioned(self, sentence: str) -> list[ProductFacts]:
        """The products a sentence names; those named most fully when several share words."""
        said = set(words_of(sentence))
        full = [one for one in self._facts.products.values() if one.words and one.words <= said]
        return [one for one in full if not any(one.words < other.words for other in full)]

    def _grade_holds(self, said: re.Match[str], meant: list[ProductFacts]) -> bool:
        own = set[tuple[str, str]]().union(*(one.grades for one in meant))
        which = said[0].lower()
        kinds = {"nutri", "eco", "either"}
        if "nutri" in which:
            kinds.remove("eco")
        elif "eco" in which:
            kinds.remove("nutri")
        letter = said["grade"].upper()
        return any(
            kind in kinds and grade == letter for kind, grade in own or self._facts.all_grades
        )

    def _amount_holds(self, amount: Amount, meant: list[ProductFacts], sentence: str) -> bool:
        """A named product must have this price itself; else anything in the conversation may."""
        own = set[Decimal]().union(*(one.amounts for one in meant or self._facts.products.values()))
        size = abs(amount.value)
        if any(abs(abs(fact) - size) < _CENT for fact in own | self._facts.amounts):
            return True
        about_all = not meant or _ABOUT_ALL.search(sentence) is not None
        if amount.bound is not None:
            # "Under 5 dollars" holds when something is a little below; a limit of thin air is not.
            side = 1 if amount.bound == "upper" else -1
            near = own | self._facts.amounts if _ABOUT_ALL.search(sentence) else own
            return any(0 <= side * (size - abs(fact)) <= 1 for fact in near)
        if amount.hedged:
            margin = max(_HEDGED_LEAST, size * _HEDGED_SHARE)
            near = own | self._facts.amounts if about_all else own
            return any(abs(abs(fact) - size) <= margin for fact in near)
        return False


def _rounds_to(fact: Decimal, said: Decimal) -> bool:
    """True when the fact, rounded to as many digits as were said, is what was said."""
    exponent = said.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    step = Decimal(1).scaleb(-places)
    return abs(abs(fact) - abs(said)) <= step / 2
