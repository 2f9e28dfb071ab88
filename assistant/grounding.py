"""The gate: checks each sentence against what the conversation knows before it is shown."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.amounts import Amount, currencies_of, find_amounts
from assistant.facts import Facts
from assistant.mentions import Mention, find_mentions, products_of, spoken_of
from assistant.names import find_names, is_known
from assistant.offer_claims import wrong_offers
from assistant.score_claims import wrong_scores
from assistant.stock_claims import wrong_stock

_ABOUT_ALL = re.compile(
    r"\b(?:cart|basket|total|together|altogether|budget|left|spent|order|delivery|pickup|in all|"
    r"sum|limit|minimum|fee|deposit|tax)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|budget|spent|leav(?:es|ing)|left (?:for|this|of|in)|remaining)\b", re.IGNORECASE
)
_BUDGET_IS = re.compile(
    r"\bbudget(?: (?:of|is|at|to|now|set|for|this|the|week|month|trip))*\W*$", re.IGNORECASE
)
_TOTAL_IS = re.compile(
    r"\b(?:total|cart|basket|order)(?: (?:is|now|comes|to|at|of))*\W*$", re.IGNORECASE
)
_OF_IT = re.compile(r"\bof (?:the|your)?\W*$", re.IGNORECASE)
_IS_LEFT = re.compile(r"[\s*_]*(?:(?:is|are|still) )*(?:left|remain(?:s|ing))\b", re.IGNORECASE)
_YOURS = re.compile(r"\byour\W*$", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:all|everything|each|every|both)\b", re.IGNORECASE)
_FOR = re.compile(
    r"\W*(?:each|apiece)?\s*(?:for|on)\s+(?:(?:the|a|an|one|two|three|four|our|\d+)\s+)*[*_]*"
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
        mentions = find_mentions(sentence, self._facts)
        yield from self._wrong_links(sentence)
        amounts = find_amounts(sentence)
        kept: set[int] = set()
        yield from wrong_offers(sentence, mentions, self._facts, kept)
        amounts = [one for one in amounts if one.start not in kept]
        yield from self._wrong_amounts(sentence, amounts, mentions)
        yield from wrong_scores(sentence, mentions, self._facts)
        stock = wrong_stock(sentence, mentions, self._facts)
        if stock is not None:
            yield stock
        for name in find_names(sentence, single=bool(amounts) and not mentions):
            if not is_known(name, self._facts):
                yield f"nothing called {name.text!r} has been shown in this conversation"

    def _wrong_links(self, sentence: str) -> Iterator[str]:
        known = {link.rstrip(".,;:!?") for link in self._facts.links}
        for link in _LINK.findall(sentence):
            if link.rstrip(".,;:!?") not in known:
                yield f"the link {link} is not from this shop's data"

    def _wrong_amounts(
        self, sentence: str, amounts: Sequence[Amount], mentions: Sequence[Mention]
    ) -> Iterator[str]:
        spans = [(one.start, one.start + len(one.text)) for one in amounts]
        groups = spoken_of(mentions, spans, sentence)
        for amount, (start, end), group in zip(amounts, spans, groups, strict=True):
            if self._other_currency(amount):
                yield f"{amount.text.strip()} is not in this shop's currency"
            before = sentence[:start]
            holds = self._amount_holds(amount, group, sentence, before)
            after = [one for one in mentions if one.start >= end]
            if not holds and after and _FOR.fullmatch(sentence, end, after[0].start):
                # "$1.99 for the one, $2.79 for the other"
                holds = self._amount_holds(amount, after[:1], sentence, before)
            if not holds:
                yield f"no tool result gives the amount {amount.text.strip()} here"

    def _other_currency(self, amount: Amount) -> bool:
        possible = currencies_of(amount.text)
        ours = self._facts.currencies
        return bool(possible and ours and not possible & ours) and not any(
            value == amount.value and possible & said for value, said in self._facts.said
        )

    def _amount_holds(
        self, amount: Amount, meant: Sequence[Mention], sentence: str, before: str
    ) -> bool:
        """A named product must have this price itself; else anything in the conversation may."""
        facts, size = self._facts, abs(amount.value)
        about_all = _ABOUT_ALL.search(sentence) is not None or _YOURS.search(before) is not None
        products = products_of(meant) or list(facts.products.values())
        own = set[Decimal]().union(*(one.amounts for one in products))
        general = facts.general | facts.sums
        if not meant and _TOTAL.search(sentence):
            own = set()
        known = own if meant and not about_all else own | general
        if facts.budgets and _BUDGET_IS.search(before):
            known = general = facts.budgets | {value for value, _ in facts.said}
        elif facts.left and not meant and _IS_LEFT.match(sentence, len(before) + len(amount.text)):
            known = general = facts.left
            if _OF_IT.search(before):
                known = general = facts.budgets
        elif not meant and _TOTAL_IS.search(before):
            known = general = facts.general
        if any(abs(abs(fact) - size) < _CENT for fact in known):
            return True
        if amount.bound is not None:
            return self._bound_holds(amount, sentence, meant, known)
        if amount.hedged:
            margin = max(_HEDGED_LEAST, size * _HEDGED_SHARE)
            near = general if about_all and not meant else known
            return any(abs(abs(fact) - size) <= margin for fact in near)
        return False

    def _bound_holds(
        self, amount: Amount, sentence: str, meant: Sequence[Mention], known: set[Decimal]
    ) -> bool:
        """Whether something is a little below "under 5 dollars"; a limit of thin air is none."""
        size, upper = abs(amount.value), amount.bound == "upper"
        if meant and size in self._facts.general:
            return any(abs(fact) <= size if upper else abs(fact) >= size for fact in known)
        if not meant and _EVERY.search(sentence) and self._facts.latest:
            shown = [self._facts.products[key] for key in self._facts.latest]
            if upper:
                return all(min(map(abs, one.amounts), default=size) <= size for one in shown)
            return all(max(map(abs, one.amounts), default=size) >= size for one in shown)
        side = 1 if upper else -1
        return any(0 <= side * (size - abs(fact)) <= 1 for fact in known)
