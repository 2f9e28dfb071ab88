"""Reads what a sentence says was done, and whether a tool of this turn did it."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of
from assistant.grounding.numbers import COUNT, count, numbers_in
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import words_of

_I = (
    r"(?:\b(?:I|we)(?:['\u2019]ve| have| just|['\u2019]ve just| have just| also|['\u2019]ve also|"
    r" already)?\s+"
    r"|\b(?:has|have|was|were|been|is|are)\s(?:now\s|just\s|been\s|already\s|successfully\s)*"
    r"|^[\W_]*(?:done|great|sure|ok|okay|alright|perfect)?\W*)"
)
_KINDS = {
    "added": r"(?:added\b|(?:put|popped|thrown|threw|dropped|placed|tossed)\b"
    r"(?=[^.!?]{0,120}\b(?:in|into|to) (?:your|the) (?:cart|basket)\b|[^.!?]{1,60}\bin\b\W*$))",
    "removed": r"(?:removed|deleted|taken out|took out|took [^.!?]{1,40}? out)\b",
    "swapped": r"(?:swapped|replaced|exchanged|switched)\b",
    "changed": r"(?:changed|updated|increased|reduced|doubled|halved)\b"
    r"(?=[^.!?]{0,40}\b(?:to|from|quantity|cart)\b)",
    "order": r"(?:placed|submitted|completed|finalised|finalized|confirmed|ordered|sent off)\b"
    r"(?=[^.!?]{0,30}\border\b)",
}
_DONE = {name: re.compile(_I + words, re.IGNORECASE) for name, words in _KINDS.items()}
_ORDER_IS = re.compile(
    r"\border\b[^.!?;]{0,40}?\b(?:has been|is|was|went|been)\s+(?:now |just |already |"
    r"successfully )*"
    r"(?P<state>placed|confirmed|submitted|through|on its way|shipped|delivered|cancell?ed|paid|"
    r"refunded|"
    r"out for delivery|ready|packed|dispatched)\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:(?:I|we)(?:['\u2019]ve| have)? (?:charged|refunded|billed|emailed|texted|paid)"
    r"|(?:card|account) (?:has been|was) charged|payment (?:went through|was successful|"
    r"is complete|has been)"
    r"|(?:I|we)(?:['\u2019]ve| have)? cancell?ed)\b",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"\b(?:I|we)(?:['\u2019]ve| have)? (?:set|changed|raised|lowered|updated|"
    r"increased) (?:up )?(?:you |a |your |the )?"
    r"(?:\w+ )?budget|\bbudget (?:is now|has been (?:set|changed|raised|lowered)|was (?:set|"
    r"changed))",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:already|earlier|before|last time|previously|yesterday|if|once|when|can|could|would|"
    r"shall|should|"
    r"want|will|let me|may|not|n['\u2019]t|nothing|cannot|unless|until|to be)\b|['\u2019]ll\b|\?|"
    r"n['\u2019]t\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not|nothing|no|never|yet to|until|before|once|when|if|would|will|can|could|shall|"
    r"should|nicht|noch|to be|to go|ready to)\b"
    r"|n['\u2019]t\b|['\u2019]ll\b|\?",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b[A-Z]{3,}\d{1,4}\b|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
_QUANTITY = re.compile(
    rf"(?<![\w.,#$€£-])(?P<count>{COUNT})\s?(?:x\s|\u00d7\s)?\s*(?:more\s|extra\s|of\s|packs?\s|"
    rf"bags?\s|bottles?\s|"
    r"cartons?\s|jars?\s|cans?\s|loaves\s|tubs?\s|pots?\s|units?\s|boxes\s|bars?\s|the\s|your\s|"
    r"our\s|those\s|these\s)*[*_\"“]*$",
    re.IGNORECASE,
)
_IN_CART = re.compile(
    r"\b(?:in (?:your|the) (?:cart|basket|order)|to (?:your|the) (?:cart|basket)|added|put|"
    r"cart (?:has|holds|"
    r"contains|now has)|you (?:now )?have|im warenkorb|en (?:tu|el) carrito|basket (?:has|"
    r"holds))\b|^\W*\d+\s?[x\u00d7]",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"n['\u2019]t\b|\b(?:not|asked|wanted|unable|cannot|instead of|if|would|shall|should|want me|"
    r"shopping list)\b|\?",
    re.IGNORECASE,
)
_CART = re.compile(r"\b(?:cart|basket)\b", re.IGNORECASE)
_PENDING = frozenset(("placed", "confirmed", "submitted", "through"))
_OF_THEM = re.compile(
    rf"\b(?:added|put(?: in)?)\s+(?P<count>{COUNT})\b(?:\s+(?:of )?(?:them|those|these|more|"
    rf"in)\b|\W*$|[.,!])",
    re.IGNORECASE,
)


def wrong_actions(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Why claims do not hold; nothing when all do or there are none."""
    yield from _wrong_changes(sentence, mentions, facts)
    yield from _wrong_orders(sentence, facts)
    if _BUDGET.search(sentence) and not _EARLIER.search(sentence) and not _budget_is_known(facts):
        yield "no tool of this turn set a budget"
    yield from _wrong_quantities(sentence, mentions, facts)
    for code in _CODE.findall(sentence):
        if code not in facts.coupons and not _known_code(words_of(code), facts):
            yield f"no tool result gives {code}"


def _known_code(parts: Sequence[str], facts: Facts) -> bool:
    words = facts.words | facts.own_words
    return set(parts) <= words or any(set(parts) <= one for one in facts.names)


def _budget_is_known(facts: Facts) -> bool:
    return ("budget", "") in facts.done


def _wrong_changes(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    kinds = {kind for kind, _ in facts.done}
    for name in ("added", "removed", "swapped", "changed"):
        match = _DONE[name].search(sentence)
        if match is None or _EARLIER.search(sentence[: match.start()] + match[0]):
            continue
        if name == "removed" and not mentions and not _CART.search(sentence):
            continue
        if re.search(
            r"\bin season\b|\bsugar\b|\bbudget\b|\bsweeten|\bcoupon\b|\blist\b|\bnot added\b",
            sentence,
            re.IGNORECASE,
        ):
            continue
        right = {
            "added": {"added", "restored", "swapped", "changed"},
            "removed": {"removed", "swapped", "changed"},
            "swapped": {"swapped"},
            "changed": {"changed", "added", "removed", "swapped", "substitution"},
        }[name]
        if not kinds & right:
            yield f"no tool of this turn {name} anything"
        elif name == "added" and mentions and not _any_changed(mentions, facts, right):
            yield f"no tool of this turn {name} {mentions[0].products[0].title}"


def _any_changed(mentions: Sequence[Mention], facts: Facts, kinds: set[str]) -> bool:
    changed = {
        id(facts.products[key])
        for kind, key in facts.done
        if kind in kinds and key in facts.products
    }
    return any(id(one) in changed for mention in mentions for one in mention.products)


def _wrong_orders(sentence: str, facts: Facts) -> Iterator[str]:
    if _DONE["order"].search(sentence) and not _NOT_YET.search(sentence) and not facts.orders:
        yield "no order was placed"
    match = _ORDER_IS.search(sentence)
    if match is not None and not _NOT_YET.search(sentence):
        state = match["state"].lower().replace("canceled", "cancelled")
        known = {one.replace("canceled", "cancelled").replace("_", " ") for one in facts.orders}
        if not known or (
            state not in _PENDING and state not in known and not _quoted(state, facts)
        ):
            yield f"no tool result says that the order is {state}"
    if _PAID.search(sentence) and not _NOT_YET.search(sentence):
        yield "nothing of this was done by a tool"


def _quoted(state: str, facts: Facts) -> bool:
    return set(state.split()) <= facts.own_words


def _wrong_quantities(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    if not _IN_CART.search(sentence) or _REFUSED.search(sentence):
        return
    whole = _OF_THEM.search(sentence)
    about = facts.topic + products_of(mentions)
    if whole and about and not _EARLIER.search(sentence):  # noqa: SIM102 - two questions
        if not _has(about, Decimal(count(whole["count"])), facts):
            yield f"no tool result says {whole['count']} of it"
    for mention in mentions:
        found = _QUANTITY.search(sentence, 0, mention.start)
        if found is None or found["count"].lower() in {
            "a",
            "an",
            "ein",
            "eine",
            "einen",
            "un",
            "una",
            "one",
        }:
            continue
        number = Decimal(count(found["count"]))
        if not _has(mention.products, number, facts):
            yield f"no tool result says {found['count']} of {mention.products[0].title}"


def _has(products: Sequence[ProductFacts], number: Decimal, facts: Facts) -> bool:
    known = set[Decimal]().union(*(one.quantities for one in products))
    carted = {facts.cart.lines.get(key) for key, one in facts.products.items() if one in products}
    known |= {one for one in carted if one is not None}
    stock = set[Decimal]().union(*(one.stock for one in products), facts.counts)
    sized = any(number in numbers_in(f"{one.title} {one.size}") for one in products)
    return not known or number in known | stock or sized or number <= 0
