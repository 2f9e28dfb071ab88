"""What a total would be: each thing named with what the sentence would do with it."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice, product

from assistant.grounding.amount_named import DONE, OMIT, WOULD_BE
from assistant.grounding.amount_roles import Role
from assistant.grounding.amount_said import Said
from assistant.grounding.amount_sums import count_before
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention
from assistant.grounding.numbers import COUNT, count
from assistant.grounding.product_facts import ProductFacts

_STEPS = {
    "place": r"in place of|instead of|rather than|statt|anstelle von|en (?:vez|lugar) de",
    # "97 % less than beef" leaves nothing out.
    "omit": OMIT.replace("|less|", "|"),
    "double": r"doubl(?:e|ing)|twice the|verdopp\w+|duplic\w+|el doble de",
    "only": rf"(?:just|only|nur|s[oó]lo)(?= {COUNT}\b)",
    "more": rf"{COUNT} (?:more|extra|additional|más|weitere)|another|an extra|noch {COUNT}|"
    r"otr[oa]s?",
    "swap": r"swap\w*|switch\w*|replac\w+|exchang\w+|trad(?:e|ing)|tausch\w*|ersetz\w*|cambi\w+",
    "to": r"for|with|to|gegen|durch|por",
    "add": r"add(?:ing)?|throw(?:ing)? in|tak(?:e|ing)|plus|choos\w+|nimmst|nehmen|añad\w+|tomas",
}
_STEP = re.compile(
    "|".join(rf"\b(?P<{name}>{words})\b" for name, words in _STEPS.items()), re.IGNORECASE
)
_CHANGES = re.compile(
    rf"\b(?:{'|'.join(_STEPS[one] for one in _STEPS if one != 'to')})\b", re.IGNORECASE
)
_INSTEAD = re.compile(
    rf"[\s*_]*(?:instead of|rather than|statt|en vez de) (?:the |your )?{COUNT}\b(?!\s\w)",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    rf"\b(?P<count>{COUNT}) (?:pack|bag|bottle|jar|can|tub|piece|loaf|carton|box)?s?\s?(?:of )",
    re.IGNORECASE,
)
_MORE = re.compile(rf"\b(?P<count>{COUNT}) (?:more|extra|additional|más|weitere)", re.IGNORECASE)
_PRONOUN = re.compile(
    rf"\b(?:{OMIT}|doubl\w+)\s(?P<which>it|them|that|those|both|these|sie|ihn|es|ellos|ellas)\b|"
    r"\b(?:sin|ohne) (?P<other>sie|ihn|es|ellos|ellas|ella|él)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\W*(?:that|this|it|you|then|so|with that|your|das|damit|dann|eso|así|quedar\w+|which)\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?<!\bbe )(?<!['\u2019]re )(?<!\bare )(?<!['\u2019]d be )\b(?:at|costs?)\W*$", re.IGNORECASE
)
_MANY = 200
_MOST = 6


def supposed_for(role: Role, said: Said, facts: Facts) -> set[Decimal]:
    """What the steps of the sentence come to, and totals after them."""
    if role in ("budget", "share", "fee") or (said.meant and _AT.search(said.before)):
        return set()
    steps = steps_of(said.sentence, said.mentions, facts)
    if facts.supposed and not steps and _GOES_ON.match(said.sentence):
        steps = facts.supposed if WOULD_BE.search(said.sentence) else steps
    if role == "difference":
        return {abs(one) for one in steps}
    totals = {total + one for total in facts.present_totals for one in steps if total + one > 0}
    if role in ("left", "over"):
        wholes = facts.budget.amounts | facts.limits | facts.thresholds
        return {abs(whole - total) for whole in wholes for total in totals}
    more = _MORE.search(said.sentence)
    return totals | ({one for one in steps if one > 0} if more else set())


def steps_of(sentence: str, mentions: Sequence[Mention], facts: Facts) -> set[Decimal]:
    """By how much a total would change, for each thing that the names may mean."""
    if not WOULD_BE.search(sentence) or DONE.search(sentence):
        return set()
    if not (_CHANGES.search(sentence) or _INSTEAD.search(sentence)):
        return set()
    if not mentions:
        return _of_pronoun(sentence, facts)
    choices: list[set[Decimal]] = []
    last, end = "", 0
    before: Mention | None = None
    for mention in mentions[:_MOST]:
        found = [(one.lastgroup or "") for one in _STEP.finditer(sentence, end, mention.start)]
        step = _step(found, last)
        if step in ("place", "swapped") and before is not None:
            old, new = (mention, before) if step == "place" else (before, mention)
            choices[-1] = _swapped(old, new, facts)
        else:
            choices.append(_changes(step, mention, sentence, facts))
        instead = _INSTEAD.match(sentence, mention.end)
        last, end, before = step, instead.end() if instead else mention.end, mention
    choices = [one for one in choices if one]
    if not choices:
        return set()
    return {sum(one, Decimal(0)) for one in islice(product(*choices), _MANY)} - {Decimal(0)}


def _step(found: Sequence[str], last: str) -> str:
    """What is done with the next thing; with those said in one breath the same as before."""
    telling = [one for one in found if one != "to"]
    if last == "swap" and not telling and "to" in found:
        return "swapped"
    return telling[-1] if telling else last


def _changes(step: str, mention: Mention, sentence: str, facts: Facts) -> set[Decimal]:
    times = count_before(mention, sentence)
    counted = _ONE_OF_THEM.search(sentence, max(0, mention.start - 24), mention.start)
    found: set[Decimal] = set()
    instead = _INSTEAD.match(sentence, mention.end)
    for one in _meant(mention.products, facts):
        held = facts.cart.lines.get(one.key)
        for price in one.prices:
            if held is not None and (instead or (step == "only" and times < held)):
                found.add(price * (times - held))
            elif step == "omit" and counted:
                found.add(-price * count(counted["count"]))
            elif step == "more" or (step == "add" and held is None):
                found.add(price * times)
        if step in ("omit", "double") and not counted:
            sign = -1 if step == "omit" else 1
            found |= {sign * line for line in one.lines or one.prices}
        if step == "add":
            old = facts.list_of(key for key in facts.swaps.get(one.key, ()))
            found |= _between(old, [one], facts)
        if step == "omit" and counted and held == count(counted["count"]):
            found |= {-line for line in one.lines}
    return found


def _swapped(old: Mention, new: Mention, facts: Facts) -> set[Decimal]:
    return _between(_meant(old.products, facts), new.products, facts)


def _between(
    old: Sequence[ProductFacts], new: Sequence[ProductFacts], facts: Facts
) -> set[Decimal]:
    """How much so many of the new ones cost more than what is in the cart."""
    return {
        (price - was) * facts.cart.lines.get(one.key, Decimal(1))
        for one in old
        for was in one.prices
        for other in new
        if other.key != one.key
        for price in other.prices
    }


def _of_pronoun(sentence: str, facts: Facts) -> set[Decimal]:
    """Of "without them", "leave it out": what the sentence before spoke of."""
    match = _PRONOUN.search(sentence)
    topic = _meant(facts.topic, facts)
    if match is None or not topic:
        return set()
    sign = 1 if match[0].lower().startswith("doubl") else -1
    each = [one.lines or one.prices for one in topic]
    if not all(each):
        return set()
    word = (match["which"] or match["other"]).lower()
    if word in ("it", "that", "ihn", "es", "ella", "él") or len(each) == 1:
        return {sign * line for line in each[0]} if len(each) == 1 else set()
    return {sign * sum(one, Decimal(0)) for one in islice(product(*each), _MANY)}


def _meant(products: Sequence[ProductFacts], facts: Facts) -> list[ProductFacts]:
    """Those in the cart or on the list, where there are any."""
    known = {*facts.cart.lines, *facts.last_list}
    return [one for one in products if one.key in known] or list(products)
