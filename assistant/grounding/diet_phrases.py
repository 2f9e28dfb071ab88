"""Finds where a sentence claims that something suits a diet or is free of an allergen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.grounding.diet_words import allergen_patterns, any_term, diet_patterns
from assistant.grounding.mentions import Mention

# "contains no nuts", "doesn't contain any milk", "free of gluten", "without eggs".
FREE_OF = re.compile(
    r"(?:\b(?:contains?|contain|has|have|with|includes?|are|is|there(?:'s| is|"
    r" are))\s+(?:absolutely\s+)?"
    r"(?:no|zero|not any|neither)\b|"
    r"\b(?:does|do|did|wo|ca)(?:n['\u2019]t| not)\s+(?:contain|have|include)\b|\bnot contain\b|"
    r"\bnever contains?\b|"
    r"\bcontains? neither\b|\bfree (?:of|from)\b|\bwithout(?: any)?\b|\bno traces of\b|"
    r"\bno risk of\b|"
    r"\bmade without\b|\b(?:enthält|enthalten|hat)\s+keine?\b|\bohne\b|\bno contiene\b|\bsin\b|"
    r"\bfrei von\b|"
    r"\blibre de\b|\b(?:zero|no)\b(?=\s+(?:\w+\s)?(?:nuts|gluten|milk|dairy|eggs?|soy|peanuts|"
    r"sesame|allergens|"
    r"fish|lactose|wheat|traces)))"
    r"(?P<gap>(?:\s+(?:any|traces of|added|known|declared|tree|kind of|whatsoever|de|von|a|the|"
    r"other))*\s*)$",
    re.IGNORECASE,
)

# What stands before a claim and takes it back, or leaves it open.
NOT = re.compile(
    r"\b(?:not|never|no|none|neither|nor|cannot|isn|aren|wasn|unknown|unsure|whether|if|unless|"
    r"unable|"
    r"doubt|nothing|nobody|nicht|kein\w*|ob|wenn|falls|no (?:es|son)|ni|sin saber|si|hardly|"
    r"far from|"
    r"look for|(?:limit|threshold|cut-?off|definition|bar) (?:for|of)|grenze für|límite para|"
    r"avoid\w*|skip|except|apart from|rather than|instead of|looking for|search\w* for|want\w*|"
    r"need\w*|"
    r"prefer\w*|asked|wish|you're|you are|as a|since you|because you|for your|check\w*|ask\w*|"
    r"would you|"
    r"do you|shall|should i|want me|didn|couldn|find any|without)\b|n['\u2019]t\b|\?",
    re.IGNORECASE,
)

_OPEN_AFTER = re.compile(
    r"^[^.;,]{0,24}\b(?:is(?:n['\u2019]t| not)|are(?:n['\u2019]t| not)) (?:known|certain|"
    r"declared|confirmed|sure)|"
    r"^[^.;,]{0,16}\b(?:unknown|unclear)|^[^.;]{0,60}\?",
    re.IGNORECASE,
)

CLAUSE = re.compile(
    r"[;:()]|\s[\u2013—-]\s|[.!?]\s|,\s*(?:but|yet|so|and|though|although|while|because|since|"
    r"however|which|aber)\b|"
    r"\b(?:but|yet|though|although|while|whereas|because|however|aber|pero|sondern)\b",
    re.IGNORECASE,
)

_HEADING = re.compile(r":\s*[*_]*\s*$")


@dataclass(frozen=True, slots=True)
class DietClaim:
    """That a product suits ``name``; ``free`` when said as "contains no ..."."""

    name: str
    start: int
    end: int
    free: bool = False


def masked(sentence: str, mentions: Sequence[Mention]) -> str:
    """With the "No" of "No Sugars" out of the way, which denies nothing."""
    for one in mentions:
        name = re.sub(
            r"[Nn]o(?=[\s-])|[Ww]ithout|[Ff]ree",
            lambda word: "_" * len(word[0]),
            sentence[one.start : one.end],
        )
        sentence = sentence[: one.start] + name + sentence[one.end :]
    return sentence


def heading_of(sentence: str) -> set[str]:
    """The diets a heading such as "Gluten free:" claims for the lines below it."""
    if not _HEADING.search(sentence) or not any_term().search(sentence):
        return set()
    return {one.name for one in diet_claims(sentence) if is_claimed(one, sentence)}


def diet_claims(sentence: str) -> list[DietClaim]:
    found: list[DietClaim] = []
    for name, pattern in diet_patterns().items():
        found += [DietClaim(name, one.start(), one.end()) for one in pattern.finditer(sentence)]
    taken = [(one.start, one.end) for one in found]
    free: list[DietClaim] = []
    for name, pattern in allergen_patterns().items():
        for match in pattern.finditer(sentence):
            if any(start <= match.start() < end for start, end in taken):
                continue
            before = sentence[: match.start()]
            if FREE_OF.search(before) or _listed_free(before, free):
                free.append(DietClaim(name, match.start(), match.end(), free=True))
    return sorted(found + free, key=lambda one: one.start)


def _listed_free(before: str, free: list[DietClaim]) -> bool:
    """The second of "no nuts or peanuts", "neither milk nor eggs"."""
    return any(
        re.fullmatch(
            r"\s*(?:,|or|and|nor|und|oder|ni|o|y|,\s*(?:or|and))\s*(?:any\s|no\s|tree\s)?",
            before[one.end :],
        )
        for one in free
    )


def part_of_name(claim: DietClaim, mentions: Sequence[Mention]) -> bool:
    """True for the Vegan of a title that has it."""
    if claim.free:
        return False
    pattern = diet_patterns()[claim.name]
    return any(
        one.start <= claim.start + 2
        and claim.end <= one.end + 1
        and all(pattern.search(known.title) for known in one.products)
        for one in mentions
    )


def is_claimed(claim: DietClaim, sentence: str) -> bool:
    """Whether the sentence says so, and does not deny, ask or leave it open."""
    begin = 0
    for cut in CLAUSE.finditer(sentence, 0, claim.start):
        begin = cut.end()
    before = sentence[begin : claim.start]
    if claim.free:
        found = FREE_OF.search(before)
        before = before[: found.start()] if found else ""
        before = re.sub(r"\b(?:contains?|has|does|is|are)\s*$", "", before)
    after = sentence[claim.end : claim.end + 70]
    if _OPEN_AFTER.match(after):
        return False
    if "?" in after and not re.search(r"[.!;,]", after):
        return False
    before = re.sub(r"\bnot only\b|\bno doubt\b|\bno problem\b", " ", before, flags=re.IGNORECASE)
    return NOT.search(before) is None
