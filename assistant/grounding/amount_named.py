"""What named things or a whole list come to, and what a total would be without or with them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice, product

from assistant.grounding.amount_roles import Role
from assistant.grounding.amount_said import Said
from assistant.grounding.amount_sums import count_before
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention
from assistant.grounding.numbers import COUNT, count
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import WORD, singular, words_of

_TOGETHER = re.compile(
    r"\b(?:together|total|in all|altogether|sum|combined|comes? (?:out )?(?:to|at)|came to|"
    r"makes?|"
    r"made|adds?|for (?:all|both|the (?:lot|two|three|four|five|six|pair|set))|"
    r"would be|would cost|cost you|set you back|you'd pay|you pay|you'd get|you get|"
    r"zusammen|insgesamt|machen|macht|"
    r"kosten|kommen auf|juntos|juntas|en total|suman|hacen|salen|por (?:los|las|todo)|"
    r"alone|make up|made up|one of each|each of them once|"
    r"buying all|taking all|get all|all)\b|\+|=",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:all|alle|both|beide[ns]?|ambos|ambas|these|those|the|die|los|las|todos los|todas las)"
    rf"\s(?:of (?:the|them|these|those)\s)?(?:the |these |those |los |las )?[*_]*"
    rf"(?P<count>{COUNT})\b(?!\s?(?:%|g\b|kg\b|ml\b|l\b|cm\b|am\b|pm\b|days?\b|hours?\b|"
    r"weeks?\b|people\b|of you\b|persons?\b))|"
    rf"\b(?P<bare>{COUNT})\s(?:products?|items?|things|lines?|ingredients|articles|produkte|"
    r"artikel|sachen|productos|artículos|cosas)\b",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"\b(?:all of (?:them|these|those|it)|everything|the (?:lot|whole (?:list|lot|thing|set))|"
    r"one of each|each of them|all together|all in all|alles|alle zusammen|todo|todos|todas|all)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:both|the (?:two|pair)|beide[ns]?|ambos|ambas|los dos|las dos|die (?:beiden|zwei))\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(r"\b(?:optional|opcional\w*|optionale[nrs]?|extras?)\b", re.IGNORECASE)
OMIT = (
    r"(?:leav(?:e|ing)(?= out|[^.;]{1,60}\bout\b)|skip(?:ping)?|drop(?:ping)?|remov(?:e|ing)|"
    r"tak(?:e|ing)(?= out| off| away|[^.;]{1,60}\b(?:out|off|away|back)\b)|without|omit(?:ting)?|"
    r"minus|do(?:ing)? without|cut(?:ting)?(?: out)?|forgo(?:ing)?|go(?:ing)? without|less|"
    r"already (?:have|got)|ha(?:ve|s)(?=[^.;]{1,60}\bat home\b)|"
    r"ohne|sin|except(?: for)?|put(?:ting)? back|lässt|weglassen|quitando|quitas|quito)"
)
_ADD = (
    r"(?:add(?:ing)?|with|plus|including|throw(?:ing)? in|put(?:ting)? in|includ(?:e|ing)|mit|con|"
    r"añadiendo|adding in|together with|along with)"
)
_CHANGED = re.compile(rf"\b(?:(?P<omit>{OMIT})|(?P<add>{_ADD}))\b", re.IGNORECASE)
# It would be so; what was done has changed the cart, whose total is known.
WOULD_BE = re.compile(
    r"\b(?:would|could|if|without|brings? (?:it|you|that|the)|gets? you|leaves? you|instead|wären?|"
    r"würden?|wärst|sería|quedaría|estarías|you're at|you are at|you're down|will|were to|makes|"
    r"plus|minus|with|ohne|sin|less)\b|['\u2019]d\b|^\W*(?:skip|leave|drop|remove|take|cut|add|"
    r"skipping|leaving|dropping|removing|taking|cutting|adding)\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:I|we)(?:['\u2019]ve| have)?(?: just)? (?:added|removed|took|taken|dropped|put|left|"
    r"swapped)\b|\bis now\b|\bnow (?:has|at|comes|holds)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"[\s*_]*(?:in total |in all |altogether )?(?:for|covers|buys|gets you|"
    r"you(?:['\u2019]ll|['\u2019]d)? get|"
    r"you have|für|por|buys you)\s"
    r"(?P<list>[^.;:$€£]{3,200})",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:^|[:.;]\s)[\s*_]*(?P<list>[^.;:$€£]{3,200}?)\s(?:for|at|comes? to|makes?|cost|costs|macht|"
    r"machen|für|por|kosten|suman)\s[^.;:$€£,]{0,24}$",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:another|one more|a (?:second|third|fourth)|an extra|noch ein\w*|otr[oa]|un[oa] más)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r",\s*(?:and\s|und\s|y\s)?|\s(?:and|und|y|&|plus)\s", re.IGNORECASE)
_A_LIST = 3
_MANY = 200


def named_for(role: Role, said: Said, facts: Facts) -> set[Decimal]:
    """Reckoned from exactly what the sentence names or clearly means."""
    if role in ("budget", "share", "fee"):
        return set()
    named = [*(_as_carted(one, facts) for one in said.mentions), *_by_kind(said, facts)]
    named.sort(key=lambda one: one.start)
    if role in ("left", "over"):
        return _beside_budget(said, named, facts)
    if role == "difference":
        return _differing(said, named, facts)
    found = _listed(said, named, facts) | _changed(said, named, facts)
    if _TOGETHER.search(said.sentence):
        found |= _of_shown(said, facts)
        before = [one for one in named if one.end <= said.amount.start]
        found |= _sums(before, said.sentence) | _sums(named, said.sentence)
    return found


def _as_carted(mention: Mention, facts: Facts) -> Mention:
    """The strawberries of a cart that has organic ones, where none else are in it."""
    carted = facts.list_of(facts.cart.lines)
    if not carted or any(one.key in facts.cart.lines for one in mention.products):
        return mention
    called = [one for one in carted if mention.words <= one.name_words]
    return Mention(mention.start, mention.end, called, mention.words) if called else mention


def _beside_budget(said: Said, named: Sequence[Mention], facts: Facts) -> set[Decimal]:
    """What would be left of a budget, or too much for it, with all or without some of it."""
    if not WOULD_BE.search(said.sentence):
        return set()
    would = _changed(said, named, facts) | _of_shown(said, facts)
    wholes = facts.budget.amounts | facts.limits
    return {abs(whole - one) for whole in wholes for one in would}


def _by_kind(said: Said, facts: Facts) -> list[Mention]:
    """Things of the cart or the list that are called by their kind: the bread, the cheese."""
    known = facts.list_of({**dict.fromkeys(facts.cart.lines), **dict.fromkeys(facts.last_list)})
    kinds: dict[str, list[ProductFacts]] = {}
    for one in known:
        for word in words_of(one.category.rpartition(">")[2]):
            kinds.setdefault(word, []).append(one)
    return [
        Mention(token.start(), token.end(), kinds[word], {word})
        for token in WORD.finditer(said.sentence)
        if len(kinds.get(word := singular(token[0].lower()), ())) == 1
        and not any(one.start <= token.start() < one.end for one in said.mentions)
    ]


def _differing(said: Said, named: Sequence[Mention], facts: Facts) -> set[Decimal]:
    """What leaving out or adding all that is named makes, and what all named swaps do."""
    found = _changed(said, named, facts) if _ANOTHER.search(said.sentence) else set[Decimal]()
    for match in _CHANGED.finditer(said.sentence):
        behind = [one for one in named if match.end() <= one.start]
        found |= _sums(behind, said.sentence, carted=facts.cart.lines)
    steps = [
        {abs(each) for one in mention.products for each in one.differences} for mention in named
    ]
    steps = [one for one in steps if one]
    if len(steps) > 1 and _TOGETHER.search(said.sentence):
        found |= {sum(one, Decimal(0)) for one in islice(product(*steps), _MANY)}
    return found


def _of_shown(said: Said, facts: Facts) -> set[Decimal]:
    """Of all of a list: "all five", "the two", "everything"."""
    lists: list[list[ProductFacts]] = []
    known = [facts.list_of(keys) for keys in [*facts.lists, list(facts.cart.lines)]]
    known += [facts.topic, facts.list_of(sorted(facts.optional))]
    for match in _ALL.finditer(said.sentence):
        number = count(match["count"] or match["bare"])
        lists += [one for one in known if len(one) == number]
    if _PAIR.search(said.sentence):
        lists += [one for one in known if len(one) == 2]  # noqa: PLR2004
        lists += [one.products for one in said.mentions if len(one.products) == 2]  # noqa: PLR2004
    if not lists and not said.mentions and _EVERYTHING.search(said.sentence):
        lists += [one for one in (facts.latest, facts.topic) if len(one) > 1]
    if _OPTIONAL.search(said.sentence) and facts.optional:
        lists.append(facts.list_of(facts.optional))
    found: set[Decimal] = set()
    for one in lists:
        if all(each.prices for each in one):
            found |= {sum((pick(each.prices) for each in one), Decimal(0)) for pick in (min, max)}
        if all(each.lines for each in one):
            found |= {sum((pick(each.lines) for each in one), Decimal(0)) for pick in (min, max)}
    return found


def _listed(said: Said, named: Sequence[Mention], facts: Facts) -> set[Decimal]:
    """Of "$23 for cheese, pesto and apples": those, or all of a cart or an order."""
    end = said.amount.start + len(said.amount.text)
    match = _LIST.match(said.sentence, end) or _LISTED.search(said.sentence, 0, said.amount.start)
    if match is None:
        return set()
    start, stop = match.span("list")
    listed = [one for one in named if start <= one.start < stop]
    if not listed:
        return set()
    found = _sums(listed, said.sentence)
    parts = len([one for one in _PARTS.split(match["list"]) if one.strip()])
    carted = set(facts.cart.lines) | set(facts.last_list)
    own = all(any(product_.key in carted for product_ in one.products) for one in listed)
    if parts >= _A_LIST and own and parts >= len(listed):
        found |= facts.cart.totals | facts.totals
    return found


def _changed(said: Said, named: Sequence[Mention], facts: Facts) -> set[Decimal]:
    """What a total would be with or without all that is named behind "skip" or "adding"."""
    sentence = said.sentence
    if not WOULD_BE.search(sentence) or DONE.search(sentence):
        return set()
    totals = facts.present_totals
    found: set[Decimal] = set()
    matches = list(_CHANGED.finditer(sentence))
    for place, match in enumerate(matches):
        sign = -1 if match["omit"] else 1
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(sentence)
        if match.start() < said.amount.start:
            stop = min(stop, said.amount.start)
        behind = [one for one in named if match.end() <= one.start < stop]
        parts = _sums(behind, sentence, least=1, carted=facts.cart.lines)
        if _OPTIONAL.search(sentence) and facts.optional and sign < 0:
            optional = facts.list_of(facts.optional)
            parts |= {sum((min(one.prices) for one in optional if one.prices), Decimal(0))}
        found |= {total + sign * part for total in totals for part in parts}
    if not named and _ANOTHER.search(sentence):
        one_more = facts.topic or facts.list_of(facts.cart.lines)
        prices = one_more[0].prices if len(one_more) == 1 else set()
        found |= {total + price for total in totals for price in prices}
    return found


def _sums(
    mentions: Sequence[Mention], sentence: str, *, least: int = 2, carted: Iterable[str] = ()
) -> set[Decimal]:
    """One figure of each, so many times as is said before it."""
    keys = set(carted)
    choices: list[set[Decimal]] = []
    for mention in mentions:
        times = count_before(mention, sentence)
        meant = [one for one in mention.products if one.key in keys] or mention.products
        prices = {price * times for one in meant for price in one.prices}
        lines = set[Decimal]() if times > 1 else {line for one in meant for line in one.lines}
        if prices | lines:
            choices.append(prices | lines)
    if len(choices) < least:
        return set()
    return {sum(one, Decimal(0)) for one in islice(product(*choices), _MANY)}
