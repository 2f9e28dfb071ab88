"""The gate: checks each sentence against what the conversation knows before it is shown."""

import logging
import re
from collections.abc import Iterator

from assistant.grounding.action_claims import wrong_actions
from assistant.grounding.amount_claims import wrong_amounts
from assistant.grounding.amount_supposed import steps_of
from assistant.grounding.amounts import find_amounts
from assistant.grounding.contacts import contacts_in
from assistant.grounding.diet_claims import wrong_diets
from assistant.grounding.diet_phrases import heading_of
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, find_mentions, products_of
from assistant.grounding.names import wrong_names
from assistant.grounding.number_claims import wrong_numbers
from assistant.grounding.offer_claims import wrong_offers
from assistant.grounding.score_claims import speaks_of_scores, wrong_scores
from assistant.grounding.stock_claims import wrong_stock

_log = logging.getLogger(__name__)
_IT = re.compile(r"\b(?:it|they|them|too|as well)\b", re.IGNORECASE)
_LINE = re.compile(r"[-•*|]|\d+[.)]\s")
_MOST_SPOKEN_OF = 8
_LEAST_QUOTED = 16
_STOPS = " \n"


class Gate:
    """Stateless but for the facts it is given, which grow while tools run.

    What the last sentence spoke of is kept with the facts, for the "it" of the next one.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def check(self, sentence: str) -> str | None:
        """Why the sentence may not be shown; None when it may."""
        try:
            return self._checked(sentence)
        except ArithmeticError:
            # A figure nobody can reckon with: what cannot be checked is not shown.
            _log.exception("a sentence could not be checked")
            return "it could not be checked"

    def _checked(self, sentence: str) -> str | None:
        facts = self._facts
        mentions = find_mentions(sentence, facts)
        why = None
        if not self._is_quoted(sentence):
            why = next(self._problems(sentence, mentions), None)
        if why is None and sentence.strip():
            self._remember(sentence, mentions)
        return why

    def _is_quoted(self, sentence: str) -> bool:
        """Whether one of our own texts of this turn says just that."""
        plain = " ".join(sentence.split())
        if len(plain) < _LEAST_QUOTED:
            return False
        for text in self._facts.quotes:
            start = text.find(plain)
            if start >= 0 and not text[start + len(plain) :][:1].strip(_STOPS):
                return not text[:start][-1:].strip(_STOPS)
        return False

    def _problems(self, sentence: str, mentions: list[Mention]) -> Iterator[str]:
        facts = self._facts
        for contact in contacts_in(sentence) - facts.contacts:
            yield f"{contact} is not from this shop's data"
        amounts = find_amounts(sentence)
        taken = [(one.start, one.start + len(one.text)) for one in amounts]
        kept: set[int] = set()
        yield from wrong_offers(sentence, mentions, facts, kept)
        amounts = tuple(one for one in amounts if one.start not in kept)
        yield from wrong_amounts(sentence, amounts, mentions, facts)
        yield from wrong_scores(sentence, mentions, facts)
        stock = wrong_stock(sentence, mentions, facts)
        if stock is not None:
            yield stock
        yield from wrong_diets(sentence, mentions, facts)
        yield from wrong_actions(sentence, mentions, facts)
        yield from wrong_numbers(sentence, mentions, taken, facts)
        yield from wrong_names(sentence, mentions, facts, priced=bool(amounts))

    def _remember(self, sentence: str, mentions: list[Mention]) -> None:
        facts = self._facts
        kind = len(mentions) == 1 and len(mentions[0].products) > 1
        heading = heading_of(sentence) if kind or not mentions else set()
        line = sentence.lstrip()
        ends = facts.heading and not line.startswith(("-", "•", "*", "|"))
        if (heading or ends) and not line[:1].isdigit():
            facts.heading = heading
            facts.kind_heading = kind
        facts.supposed = steps_of(sentence, mentions, facts)
        found = products_of(mentions)
        if found:
            goes_on = facts.running or _IT.search(sentence)
            facts.before_keys = facts.topic_keys if goes_on else []
            facts.topic_keys = list(dict.fromkeys(one.key for one in found))[:_MOST_SPOKEN_OF]
        _add_to_column(sentence, facts)
        facts.scored = speaks_of_scores(sentence)
        facts.running = sentence.rstrip(" *_\n").endswith(":")


def _add_to_column(sentence: str, facts: Facts) -> None:
    line = sentence.strip()
    if not line:
        return
    amounts = find_amounts(line)
    if not _LINE.match(line):
        facts.column = []
    elif amounts:
        facts.column = [*facts.column, abs(amounts[-1].value)]
