"""What an amount may be by reckoning: sums, differences, shares and what would be."""

import re
from decimal import Decimal

from assistant.grounding.amount_known import IF, OF_CART, OF_CODE, SAME, SAME_PRICE
from assistant.grounding.amount_roles import A_PIECE, Role
from assistant.grounding.amount_said import Said
from assistant.grounding.amount_sums import combined, differences, multiples
from assistant.grounding.facts import Facts
from assistant.grounding.product_facts import ProductFacts

_AT = re.compile(
    r"(?<!\bbe )(?<!you're )(?<!you\u2019re )(?<!\bare )\b(?:at|costs?)\W*$", re.IGNORECASE
)

_DOUBLE = re.compile(r"\b(?:doubl\w+|twice|two times|doppelt\w*|el doble)\b", re.IGNORECASE)

_LIMIT = re.compile(
    r"\b(?:limits?|budgets?|presupuesto|límite|your \$|dein\w* \$|tus \$)", re.IGNORECASE
)

_EACH_ONE = re.compile(
    r"\b(?:each|every|one|a single) (?:one|bag|pack|piece|of them)\b", re.IGNORECASE
)

_CONTRAST = re.compile(
    r"\b(?:small\w*|big\w*|large\w*|single\w*|packs?|tubs?|other|first|second|kilo|cheapest|"
    r"dearest|pots?|ones)\b",
    re.IGNORECASE,
)

# "The two packs are $8.58 together": those of the cart.
_SO_MANY = re.compile(
    r"\b(?:the|both|your|all) (?:\w+ )?(?:packs?|bags?|bottles?|cartons?|jars?|tubs?|"
    r"pots?|cans?)\b",
    re.IGNORECASE,
)

_STEP = re.compile(
    r"\b(?:add\w*|with|without|leav\w+|skip\w*|drop\w*|remov\w+|tak\w+|took|put\w*|swap\w*|switch\w*|"
    r"another|second|third|more|less|minus|plus|instead|keep\w*|"
    r"extra|too|as well|go|going|chang\w+|"
    r"brings?|down|if|out|only|choos\w+|replac\w+|cut\w*)\b",
    re.IGNORECASE,
)

_ON_ORDER = re.compile(
    r"[\s*_]*(?:on|off|with|for) (?:this|your|the) (?:order|cart|basket|shop|purchase)\b",
    re.IGNORECASE,
)

_SWAPPED = re.compile(
    r"\b(?:swap\w*|switch\w*|instead|replac\w+|chang\w+|with|go(?:ing)? for|choos\w+|pick\w*|"
    r"tausch\w*|statt|cambi\w+|offer|deal|discount)\b",
    re.IGNORECASE,
)

_DISCOUNTED = re.compile(
    r"\b(?:before|after|discount|code|coupon|including|without)\b",
    re.IGNORECASE,
)

_CLAUSE_END = re.compile(r"[,;:.!?](?!\d)|\s[\u2013\u2014-]\s")

_IN_ALL = re.compile(r"\b(?:total|cart|basket|in all|altogether)\b", re.IGNORECASE)

_FEW = 6

_A_LIST = 3
"""Things said in one breath that a total may be of."""

_HEADS = (2, 3, 4, 5, 6, 8, 10)


def computed_for(role: Role, said: Said, facts: Facts) -> set[Decimal]:
    """What may be worked out from what tools gave: sums, differences, shares, what would be."""
    totals = facts.cart.totals | facts.totals
    if role == "left":
        wholes = {(whole, total) for whole in facts.limits for total in totals}
        spent = totals | facts.budget.spent
        wholes |= {(whole, total) for whole in facts.budget.amounts for total in spent}
        return {whole - total for whole, total in wholes}
    if role == "over":
        return {total - whole for whole in facts.budget.amounts for total in totals}
    if role == "share":
        return {total / one for total in totals for one in _people(facts) if one}
    if role == "budget" or (role == "difference" and _is_of_code(said)):
        return set()
    about = _about(said, facts)
    if role == "difference":
        return _apart(said, about, totals, facts)
    return _summed(role, said, about, facts)


def _apart(
    said: Said, about: list[ProductFacts], totals: set[Decimal], facts: Facts
) -> set[Decimal]:
    """How far prices, totals and limits are from each other."""
    saved = {abs(one - other) for one in totals for other in totals}
    if not said.meant and _ON_ORDER.match(said.after):
        return saved
    saved |= differences(about, said.mentions, said.sentence, facts)
    if _LIMIT.search(said.sentence):
        limits = facts.limits | facts.budget.amounts
        saved |= {abs(limit - total) for limit in limits for total in totals}
    return saved | combined(said.mentions, facts.topic, said.sentence)


def _is_of_code(said: Said) -> bool:
    """What a code takes off only the cart tells."""
    return not said.meant and OF_CODE.search(said.before) is not None


def _about(said: Said, facts: Facts) -> list[ProductFacts]:
    about = said.all_meant or facts.topic
    if not about and facts.cart.known and _SO_MANY.search(said.sentence):
        return facts.list_of(facts.cart.lines)
    if not about and _CONTRAST.search(said.sentence):
        return facts.latest[:_FEW] + facts.list_of(facts.cart.lines)
    return about


def _people(facts: Facts) -> set[int]:
    """Among how many a total may be shared: servings, or a number that was spoken of."""
    return facts.servings | {one for one in _HEADS if Decimal(one) in facts.numbers}


def _summed(role: Role, said: Said, about: list[ProductFacts], facts: Facts) -> set[Decimal]:
    """Of prices, totals and fees."""
    totals = facts.cart.totals | facts.totals
    if OF_CART.search(said.before) and role == "total":
        about = [] if not IF.search(said.sentence) else about
        if not about:
            parts = facts.cart.parts | facts.fees if _DISCOUNTED.search(said.sentence) else set()
            return {total - part for total in totals for part in parts}
    if _EACH_ONE.search(said.near):
        about = [*said.meant, *about]
        return {price / pieces for one in about for pieces, price in one.offers if pieces}
    if SAME.search(said.after) or A_PIECE.match(said.after) or SAME_PRICE.search(said.before):
        return {price / pieces for one in about for pieces, price in one.offers if pieces}
    found = multiples(said.meant or about, said.near)
    if _IN_ALL.search(said.sentence):
        found |= _lines_called(said, facts)
    if _DOUBLE.search(said.sentence):
        found |= {2 * total for total in totals}
    if role in ("total", "price"):
        found |= _together(said, facts)
    return found | _changed(role, said, about, facts)


def _lines_called(said: Said, facts: Facts) -> set[Decimal]:
    """What carted things come to: "strawberries" may be the organic ones that are in the cart."""
    return {
        line
        for one in said.mentions
        for known in facts.naming.get(min(one.words), ())
        if one.words <= known.name_words
        for line in known.lines
    }


def _together(said: Said, facts: Facts) -> set[Decimal]:
    found = facts.cart.totals | facts.totals if len(said.groups) >= _A_LIST else set[Decimal]()
    if len(said.mentions) > 1 or not said.meant:
        found |= combined(said.mentions, facts.topic if not said.mentions else [], said.sentence)
    return found


def _is_supposed(said: Said) -> bool:
    """Whether it is said of what would be, not only what comes after it in the sentence."""
    end = said.amount.start + len(said.amount.text)
    clause = _CLAUSE_END.search(said.sentence, end)
    until = clause.start() if clause else len(said.sentence)
    return bool(IF.search(said.sentence, 0, until) and _STEP.search(said.sentence))


def _changed(role: Role, said: Said, about: list[ProductFacts], facts: Facts) -> set[Decimal]:
    """Totals if something were added or left out, with or without a discount or a fee."""
    parts = set[Decimal]()
    swapped = _SWAPPED.search(said.sentence) is not None
    if _is_supposed(said) and role != "fee" and not (said.meant and _AT.search(said.before)):
        for one in about:
            steps = one.differences if swapped else set[Decimal]()
            parts |= {abs(amount) for amount in one.prices | one.lines | steps}
    if _DISCOUNTED.search(said.sentence):
        parts |= facts.cart.parts | facts.fees
    totals = facts.present_totals
    return {total + sign * part for total in totals for part in parts for sign in (-1, 1)}
