"""What follows from the other amounts of the same sentence: their sum, difference or multiple."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from assistant.grounding.amount_roles import Role
from assistant.grounding.amount_said import Said
from assistant.grounding.amount_sums import counts_in
from assistant.grounding.facts import Facts

_SUM = re.compile(
    r"\b(?:together|both|total|plus|in all|altogether|sum|combined|makes|comes? to|for (?:all|the "
    r"(?:two|three|four|lot|pair))|zusammen|macht|insgesamt|en total|suman|juntos|with|and|adds? "
    r"up|so)\b|\+|=",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:each|apiece|a piece|both|per|times|je|jeweils|cada|for (?:the )?(?:two|three|four|five|"
    r"six|pair)|pro)\b|\b(?:a|an|the)\s(?:pack|bag|bottle|can|jar|kilo|kg|lit(?:re|er)|piece|box|"
    r"carton|tub|pot|bar|loaf|roll|bunch)\b|[x\u00d7]",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:gap|difference|apart|between|more|less|cheaper|dearer|pricier|sav\w+|than|versus|vs|"
    r"instead|down|up|off|extra|from|leav\w+|left|remain\w*|spare|minus|below|under|over|above|"
    r"unterschied|teurer|billiger|günstiger|mehr|weniger|statt|más|menos|diferencia|ahorr\w+|"
    r"quedan?|sobran?|so)\b|[-\u2212\u2013]",
    re.IGNORECASE,
)
_SUM_OF_COLUMN = re.compile(
    r"\b(?:together|sum|in all|altogether|saved|savings|saving|zusammen|summe|insgesamt|gesamt|"
    r"juntos|suma|ahorro)\b",
    re.IGNORECASE,
)
_CENT = Decimal("0.005")


def stated_for(role: Role, said: Said, others: Sequence[Decimal]) -> set[Decimal]:
    """``others``: the amounts of the sentence that hold by themselves, in their order."""
    if not others:
        return set()
    sentence, found = said.sentence, set[Decimal]()
    said_apart = role in ("difference", "left", "over") and _APART.search(sentence)
    if said_apart or (role in ("price", "total") and _APART.search(said.near)):
        found |= {abs(one - other) for one, other in combinations(others, 2)}
    if role in ("total", "price", "difference"):
        near = said.near
        if len(others) > 1 and _SUM.search(near):
            found |= {sum(others, Decimal(0))} | {one + other for one, other in pairwise(others)}
        if _TIMES.search(sentence):
            found |= {one * number for one in others for number in counts_in(sentence)}
    return {one for one in found if one > _CENT}


def of_column(said: Said, facts: Facts) -> set[Decimal]:
    """What the lines before come to: "Together" at the end of a table."""
    if len(facts.column) < 2 or said.mentions or not _SUM_OF_COLUMN.search(said.before):  # noqa: PLR2004
        return set()
    return {sum(facts.column, Decimal(0))}
