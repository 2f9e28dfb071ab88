"""Reads what a sentence claims of diets and allergens; what nobody knows is never safe."""

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.content_claims import wrong_contents
from assistant.grounding.diet_phrases import (
    CLAUSE,
    NOT,
    DietClaim,
    diet_claims,
    is_claimed,
    masked,
    part_of_name,
)
from assistant.grounding.diet_subjects import (
    STRICT,
    listed_before,
    lists_meant,
    may_suit,
    narrowed,
    spoken_of_claim,
    suits,
)
from assistant.grounding.diet_words import any_term
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of
from assistant.grounding.numbers import COUNT
from assistant.grounding.product_facts import ProductFacts

# The shopper's need, not a claim: "with a nut allergy, avoid", "no good for celiacs".
_UNSAFE = re.compile(
    r"\b(?:unsafe|unsuitable|not (?:safe|suitable|right|good|for|ok)|no good|avoid|skip|leave|"
    r"careful|"
    r"risk|danger|isn['\u2019]t|aren['\u2019]t|not |nothing|nichts|contains|contain|"
    r"off the table|problem|"
    r"can't|cannot|don't|won't|wouldn't|unknown|better not|so not|no es|no )",
    re.IGNORECASE,
)

_SAFE = re.compile(
    r"\b(?:(?:perfectly |totally |completely |absolutely |also |all |both )?safe(?:st)?|suit(?:s|"
    r"able|ed)?|"
    r"allergy[- ]friendly|(?:can|may) (?:safely )?(?:eat|have|enjoy)|sicher|unbedenklich|seguro|"
    r"apto|"
    r"(?:fine|ok(?:ay)?|good|great|right|ideal|perfect) (?:choice )?for|work(?:s)? for)\b",
    re.IGNORECASE,
)

_ALL = re.compile(
    r"\b(?:all|each|every(?:thing)?|both|any)\b(?! of (?:it|this))(?: (?:of )?(?:them|these|"
    r"those|the))?"
    r"(?: (?P<count>two|three|four|five|six|seven|eight|nine|ten|\d+))?",
    re.IGNORECASE,
)

_PERSON = re.compile(r"allerg|celia|coelia|cel[ií]ac|intoler|zöli", re.IGNORECASE)

_WITHOUT_THE = re.compile(r"\bwithout (?:the|your|that|those) (?:\w+ )?$", re.IGNORECASE)

_ENDED = re.compile(r"[.!?;]\s")

# "Breakfast without eggs" is nobody's claim.
_MEAL = re.compile(
    r"(?<!this )(?<!your )(?<!the )\b(?:breakfast|lunch|dinner|brunch|supper|meal|weekend|life|day|"
    r"party|christmas|easter|morning|cooking|living|baking|eating|going)s? without(?: any)? $",
    re.IGNORECASE,
)

_KIND_HEADING = re.compile(r"[\s*_#]*(?:(?:our|the|all) )?(?:[\w-]+\s){1,3}[\w-]+[*_]*:[\s*_]*")

_OTHERS = re.compile(
    r"\bthe (?:others?|rest|remaining|other (?:ones|two|three|four))\b", re.IGNORECASE
)

# "I found 2 choices of yogurt without milk", "One product fits gluten free pizza".
_COUNTED = re.compile(
    rf"\b(?:found|have|are|here are)\s+(?:only |just )?{COUNT}\s|^\W*{COUNT}\s(?:products?|"
    rf"things?|choices?)\s+(?:fits?|are|is)\b",
    re.IGNORECASE,
)


def wrong_diets(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Why claims do not hold; nothing when all do or there are none."""
    yield from _wrong_heading(mentions, facts)
    claims: list[DietClaim] = []
    plain = masked(sentence, mentions)
    if any_term().search(sentence):
        claims = [
            one
            for one in diet_claims(sentence)
            if not part_of_name(one, mentions) and not _is_left_out(one, sentence, mentions)
        ]
    for claim in claims:
        needed = _is_need(claim, plain) or _heads_a_kind(claim, plain, mentions)
        if is_claimed(claim, plain) and not needed:
            why = _why_wrong(claim, plain, mentions, facts)
            if why is not None:
                yield why
    yield from wrong_contents(sentence, mentions, facts)
    yield from _wrongly_safe(sentence, mentions, facts, claims)


def _why_wrong(
    claim: DietClaim, sentence: str, mentions: Sequence[Mention], facts: Facts
) -> str | None:
    words = sentence[claim.start : claim.end]
    everything = _ALL.search(sentence)
    listed = listed_before(everything.start(), mentions, sentence) if everything else []
    if listed:
        return _why_wrong_of(listed, claim, sentence, mentions, facts)
    if everything is not None and _universal(everything, claim, sentence):
        groups = _groups_of(everything, claim, mentions, facts)
        held = any(group and all(suits(one, claim.name) for one in group) for group in groups)
        if held or groups or facts.products:
            return None if held else f"no tool result says that all of them are {words}"
    counted = _COUNTED.search(sentence, 0, claim.start)
    if counted and facts.last_list and not _ENDED.search(sentence, counted.end(), claim.start):
        found = facts.list_of(facts.last_list)
        held = all(may_suit(one, claim.name, facts) for one in found)
        return None if held else f"no tool result says that what was found is {words}"
    meant = spoken_of_claim(claim, mentions, sentence)
    if meant:
        return _why_wrong_of(meant, claim, sentence, mentions, facts)
    if facts.products or not claim.free:
        return _why_wrong_of_nobody(claim, sentence, facts, claim.name)
    return None


def _heads_a_kind(claim: DietClaim, sentence: str, mentions: Sequence[Mention]) -> bool:
    """As "Vegan chips:", whose lines below have to be: some of what is called so is."""
    return (
        len(mentions) == 1
        and _KIND_HEADING.fullmatch(sentence) is not None
        and len(mentions[0].products) > 1
        and mentions[0].start >= claim.end
        and any(suits(one, claim.name) for one in mentions[0].products)
    )


def _is_left_out(claim: DietClaim, sentence: str, mentions: Sequence[Mention]) -> bool:
    """The milk of "without the milk you'd pay $12.98" is a thing in the cart."""
    if not claim.free or not _WITHOUT_THE.search(sentence, 0, claim.start):
        return False
    return any(one.start <= claim.start < one.end for one in mentions)


def _is_need(claim: DietClaim, sentence: str) -> bool:
    """Whether it speaks of a person or a meal, and says of nothing that it is safe for them."""
    if _MEAL.search(sentence, 0, claim.start):
        return True
    if not _PERSON.search(sentence, claim.start, claim.end):
        return False
    begin = max((cut.end() for cut in CLAUSE.finditer(sentence, 0, claim.start)), default=0)
    safe = _SAFE.search(sentence, begin, claim.start)
    return not safe or _UNSAFE.search(sentence, begin, claim.start) is not None


def _groups_of(
    everything: re.Match[str], claim: DietClaim, mentions: Sequence[Mention], facts: Facts
) -> list[list[ProductFacts]]:
    """What "all four breads" may be."""
    groups = lists_meant(everything["count"], facts)
    named = [one for one in mentions if everything.end() <= one.start < claim.start]
    if not named:
        return groups
    known = {id(one) for one in named[0].products}
    return [group for group in groups if any(id(one) in known for one in group)] or [
        named[0].products
    ]


def _why_wrong_of(
    meant: Sequence[Mention],
    claim: DietClaim,
    sentence: str,
    mentions: Sequence[Mention],
    facts: Facts,
) -> str | None:
    words = sentence[claim.start : claim.end]
    if _OTHERS.search(sentence, meant[-1].end, claim.start):
        keys = {one.key for one in products_of(mentions)}
        others = [one for one in facts.latest if one.key not in keys]
        held = bool(others) and all(suits(one, claim.name) for one in others)
        return None if held else f"no tool result says that the others are {words}"
    for mention in meant:
        if not all(suits(one, claim.name) for one in narrowed(mention, facts, claim.name)):
            return f"no tool result says that {mention.products[0].title} is {words}"
    return None


def _why_wrong_of_nobody(claim: DietClaim, sentence: str, facts: Facts, wanted: str) -> str | None:
    """A claim without a name: of what was spoken of last, else of anything that is known."""
    words = sentence[claim.start : claim.end]
    topic = facts.topic or (facts.shown if len(facts.shown) == 1 else [])
    if topic and not re.match(
        r"\s*[-\u2013]?\s*(?:options?|alternatives?|choices?|products?)\b",
        sentence[claim.end :],
        re.IGNORECASE,
    ):
        if any(suits(one, wanted) for one in topic) if len(topic) > 1 else suits(topic[0], wanted):
            return None
        return f"no tool result says that {topic[0].title} is {words}"
    shown = facts.products.values() if wanted in STRICT else facts.latest
    if claim.free and shown and not all(suits(one, wanted) for one in shown):
        return f"no tool result says what is without {words}"
    if any(suits(one, wanted) for one in facts.products.values()) or not facts.products:
        return None
    return f"no tool result says that anything is {words}"


def _universal(match: re.Match[str], claim: DietClaim, sentence: str) -> bool:
    """True when "all" stands before the claim and in its clause."""
    between = sentence[match.end() : claim.start]
    return match.end() <= claim.start and not re.search(r"[;.]|\bbut\b|\bnot\b", between)


def _wrongly_safe(
    sentence: str, mentions: Sequence[Mention], facts: Facts, claims: Sequence[DietClaim]
) -> Iterator[str]:
    """Find "it is safe" without saying for what: for all that the shopper has to avoid."""
    for match in re.finditer(
        r"\b(?:safe|sicher|seguro|segura|unbedenklich)\b", sentence, re.IGNORECASE
    ):
        begin = max((cut.end() for cut in CLAUSE.finditer(sentence, 0, match.start())), default=0)
        before = re.sub(
            r"^\W*(?:no|nope)\b[\s,.!]*", "", sentence[begin : match.start()], flags=re.IGNORECASE
        )
        if claims or "?" in sentence[match.end() :] or NOT.search(before):
            return
        meant = [
            one for mention in mentions for one in narrowed(mention, facts, "all")
        ] or facts.topic
        if (
            not meant
            and facts.products
            and re.search(r"\b(?:everything|all|cart|basket)\b", sentence, re.IGNORECASE)
        ):
            meant = facts.list_of(facts.cart.lines) or facts.latest
        needs = facts.needs & {*STRICT, "nuts", "gluten_free", "nut_free", "lactose_free"}
        for one in meant:
            if needs and not all(suits(one, need) for need in needs):
                yield f"no tool result says that {one.title} is safe"
                return
            if not needs and (not one.suits or "no" in (one.suits.get(key) for key in STRICT)):
                yield f"no tool result says that {one.title} is safe"
                return


def _wrong_heading(mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """A line below "Gluten free:" has to be."""
    for name in sorted(facts.heading):
        for mention in mentions if facts.kind_heading else mentions[:1]:
            if not all(suits(one, name) for one in narrowed(mention, facts, name)):
                title = mention.products[0].title
                yield f"no tool result says that {title} is {name.replace('_', ' ')}"
