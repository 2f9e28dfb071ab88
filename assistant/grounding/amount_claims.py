"""Reads what a sentence says each amount of money is, and whether the shop says so, too."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.grounding.amount_computed import computed_for
from assistant.grounding.amount_known import IF, known_for, named_nearby
from assistant.grounding.amount_named import named_for
from assistant.grounding.amount_roles import FEE, role_of
from assistant.grounding.amount_said import Said, is_near, masked
from assistant.grounding.amount_stated import of_column, stated_for
from assistant.grounding.amount_supposed import supposed_for
from assistant.grounding.amounts import Amount, currencies_of
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of, spoken_of

_EVERY = re.compile(r"\b(?:all|everything|each|every|both|none)\b", re.IGNORECASE)

_FOR = re.compile(
    r"\W*(?:each|apiece)?\s*(?:for|on|off|from)\s+(?:(?:the|a|an|one|two|three|four|our|both|"
    r"\d+)\s+)*[*_]*"
)

# "It is $2.99 instead of $3.99", when nothing else is named that could cost that.
_WAS = re.compile(r"\b(?:instead of|down from|reduced from|was|used to be)\W*$", re.IGNORECASE)

_SWAPS = re.compile(r"\b(?:swap\w*|switch\w*|replac\w+|chang\w+|tausch\w*|cambi\w+)", re.IGNORECASE)

_AGAINST = re.compile(
    r"[\s*_]*(?:against|versus|vs\.?|compared (?:to|with)|as opposed to|rather than|gegen|frente a|"
    r"gegenüber|statt)\s[*_]*[$€£\d]",
    re.IGNORECASE,
)

_OF_IT = re.compile(
    r"[\s*_,]*(?:it|it['\u2019]s|they|they['\u2019]re|that|this|that['\u2019]s)\b[^;]*[,;\u2013-]\s*"
    r"(?:though|but|while|and|although|whereas|yet|however)\b",
    re.IGNORECASE,
)

_BEFORE_NOW = re.compile(r"\b(?:instead of|(?:down|up) from|from|was|were)\W*$", re.IGNORECASE)

_SOME_ORDER = re.compile(
    r"\b(?:an?|any|eine[rm]?|un) (?:order|cart|basket|shop|purchase|bestellung|pedido) "
    r"(?:of|for|worth|totalling|at|von|de)\W*(?:say\W*|about\W*)?$|"
    r"\bif you (?:only |just )?(?:order|shop|spend|buy)(?: for| at| worth)?\W*$",
    re.IGNORECASE,
)

_WITH = re.compile(r"\b(?:with|at|had|were|mit|con)\W*$", re.IGNORECASE)

_IN_CART = re.compile(
    r"[\s*_]*(?:of items |worth )?(?:in|im|en) (?:the |your |el )?\w*(?:cart|basket|korb|carrito)",
    re.IGNORECASE,
)

_GAIN = re.compile(
    r"(?<!short of )(?<!shy of )(?<!away from )(?<!below )(?<!under )\bfree\b(?! delivery\W*$)|"
    r"%|\boff\b|\bsav\w+|\bdiscount",
    re.IGNORECASE,
)

_TO_REACH = re.compile(r"[\s*_]*more (?:for|to|until)\b", re.IGNORECASE)

_OF_THRESHOLD = re.compile(
    r"\b(?:short of|shy of|above|below|over|under|reach\w*|needs?|needed|minimum of|past|beyond|"
    r"from) (?:the|our|your|those|that)\W*$",
    re.IGNORECASE,
)

# "$5.99 of the $13.40", "a third of the $18.97".
_OF_WHOLE = re.compile(
    r"(?:\d[\s*_]*|\b(?:half|thirds?|quarters?|fifths?|tenth|eighth|part|most|share|all))"
    r"\s(?:out )?of (?:the |your |those )?\W*$",
    re.IGNORECASE,
)

_NEEDED = re.compile(
    r"\b(?:needs?|needed|requires?|must (?:still )?(?:be|reach|come to)|ha(?:s|ve) to (?:be|reach)|"
    r"at least|counts? (?:only )?from|holds? from|starts? at|kicks? in at|"
    r"minimum(?: order)? (?:of|is)|"
    r"mindestens|braucht|benötigt|ab|necesita|mínimo de|al menos|a partir de|desde)\W*$",
    re.IGNORECASE,
)

_OR_MORE = re.compile(
    r"[\s*_]*(?:or (?:more|over|above)|and (?:up|over|above)|minimum|threshold|mark\b|needed|"
    r"upwards|oder mehr|mindest\w*|o más|y más)",
    re.IGNORECASE,
)

# What a threshold is of, in the sentence and in the shop's text.
_HELD_FROM = {
    "delivery": r"deliver\w*|shipping|liefer\w*|entrega|envío",
    "free": r"free\b|kostenlos|gratis",
    "code": r"codes?\b|coupons?|vouchers?|gutschein\w*|cupón|código|WELCOME",
}

_CENT = Decimal("0.005")

_BARELY_LESS, _BARELY_MORE = Decimal("0.995"), Decimal("1.005")

_WHOLE_CENTS = Decimal("0.05")

_HEDGED_SHARE = Decimal("0.06")

_HEDGED_LEAST = Decimal("0.25")

_HEDGED_WHOLE = Decimal("0.5")

_NEAR = Decimal("0.35")


def wrong_amounts(
    sentence: str, amounts: Sequence[Amount], mentions: Sequence[Mention], facts: Facts
) -> Iterator[str]:
    if not amounts:
        return
    spans = [(one.start, one.start + len(one.text)) for one in amounts]
    plain = masked(sentence, mentions)
    groups = spoken_of(mentions, spans, sentence)
    held: list[Decimal] = []
    open_: list[list[Said]] = []
    for amount, (start, end), nearest in zip(amounts, spans, groups, strict=True):
        if _other_currency(amount, facts):
            yield f"{amount.text.strip()} is not in this shop's currency"
        # What is struck out was the price of what is named.
        struck = sentence[max(0, start - 4) : start].lstrip(" *").startswith("~~")
        group = list(mentions) if struck else nearest
        said = Said(
            amount,
            sentence,
            plain[max(0, start - 80) : start],
            sentence[end : end + 40],
            products_of(group),
            products_of(mentions),
            mentions,
            group,
        )
        if _is_supposed_sum(said) or _is_threshold(said, facts):
            held.append(said.size)
            continue
        readings = list(_readings(said, end, facts))
        if not any(_holds(one, facts) for one in readings):
            open_.append(readings)
        elif not (amount.hedged or amount.bound):
            held.append(said.size)
    for readings in open_:
        if not any(_follows(one, held, facts) for one in readings):
            yield f"no tool result gives the amount {readings[0].amount.text.strip()} here"


def _is_supposed_sum(said: Said) -> bool:
    """As in "an order of $40 would": nothing is claimed of it."""
    return bool(
        said.amount.whole
        and (
            _SOME_ORDER.search(said.before)
            or (_WITH.search(said.before) and _IN_CART.match(said.after))
        )
        and IF.search(said.sentence)
        and not _GAIN.search(said.sentence)
    )


def _is_threshold(said: Said, facts: Facts) -> bool:
    """As in "short of the $30", "the order must be $60 or more", of what has that threshold."""
    if said.size not in facts.thresholds:
        return False
    if _OF_THRESHOLD.search(said.before):
        return True
    if not (_NEEDED.search(said.before) or _OR_MORE.match(said.after)):
        return False
    spoken = {
        kind
        for kind, words in _HELD_FROM.items()
        if re.search(rf"\b(?:{words})", said.sentence, re.IGNORECASE)
    }
    known = facts.threshold_words.get(said.size, set())
    told = {
        kind
        for kind, words in _HELD_FROM.items()
        if any(re.match(words, word, re.IGNORECASE) for word in known)
    }
    return bool(spoken & told) and ("free" not in spoken or "free" in told)


def _follows(said: Said, held: Sequence[Decimal], facts: Facts) -> bool:
    """Whether it can be reckoned from the amounts that hold by themselves."""
    if said.amount.bound is not None:
        return False
    role = role_of(said, facts)
    found = stated_for(role, said, held)
    if role == "over" or (role == "difference" and _TO_REACH.match(said.after)):
        found |= {abs(least - one) for least in facts.thresholds for one in held}
    return _fits(said, found)


def _readings(said: Said, end: int, facts: Facts) -> Iterator[Said]:
    """What the amount, which ends there, may be said of."""
    mentions, sentence = said.mentions, said.sentence
    if (
        not said.groups
        and len(mentions) == 1
        and _WAS.search(sentence, mentions[0].end, said.amount.start)
    ):
        own = products_of(mentions)
        instead = facts.list_of(key for one in own for key in facts.swaps.get(one.key, ()))
        if not instead and _SWAPS.search(sentence):
            # "Swapping both packs for the fusilli: $7.58 instead of $8.58".
            shelves = {one.category for one in own}
            instead = [
                one
                for one in facts.list_of(facts.cart.lines)
                if one.category in shelves and one not in own
            ]
            own = own + [replace(one, amounts=one.amounts | one.lines) for one in instead]
        yield replace(said, meant=own + instead, groups=mentions)
        return
    yield said
    before = [one for one in mentions if one.end <= said.amount.start]
    if len(before) == 2 and _AGAINST.match(sentence, end):  # noqa: PLR2004
        # "The one costs less than the other, $4.99 against $11.58".
        own = products_of(before[:1])
        yield replace(said, meant=own, all_meant=own, groups=before[:1])
    after = [one for one in mentions if one.start >= end]
    if not after:
        return
    if len(after) == len(mentions) and facts.topic and _OF_IT.match(sentence, end, after[0].start):
        # "At $1.99 it's the cheapest, though the other bar is better".
        yield replace(said, meant=[], all_meant=[], groups=[])
    if _FOR.fullmatch(sentence, end, after[0].start):
        # "$1.99 for the one, $2.79 for the other"
        own = products_of(after[:1])
        yield replace(said, meant=own, all_meant=own, groups=after[:1])


def _other_currency(amount: Amount, facts: Facts) -> bool:
    possible = currencies_of(amount.text)
    ours = facts.currencies
    return bool(possible and ours and not possible & ours) and not any(
        value == amount.value and possible & said for value, said in facts.said
    )


def _holds(said: Said, facts: Facts) -> bool:
    role = role_of(said, facts)
    known = known_for(role, said, facts)
    if _OF_WHOLE.search(said.before):
        known = known | facts.cart.totals | facts.totals
    if role in ("total", "price") and _BEFORE_NOW.search(said.before):
        known = known | facts.past_totals
    if said.amount.bound is None and _fits(said, known):
        return True
    if not any(is_near(one, said) for one in said.groups) and _fits(
        said, named_nearby(said, facts)
    ):
        return True
    computed = computed_for(role, said, facts)
    if said.amount.bound is None:
        return (
            _fits(said, computed)
            or _fits(said, named_for(role, said, facts))
            or _fits(said, supposed_for(role, said, facts))
            or _fits(said, of_column(said, facts))
        )
    if role != "difference" and _bound_holds(said, known | computed, facts):
        return True
    named = named_for(role, said, facts) | (known | computed if role == "difference" else set())
    return (said.amount.hedged and _fits(said, named)) or _is_bounded(said, named)


def _fits(said: Said, known: set[Decimal]) -> bool:
    size, amount = said.size, said.amount
    if size in known or any(abs(abs(fact) - size) < _CENT for fact in known):
        return True
    if amount.hedged:
        least = _HEDGED_WHOLE if amount.whole else _HEDGED_LEAST
        margin = max(least, size * _HEDGED_SHARE) if size > 2 else _HEDGED_LEAST  # noqa: PLR2004
        least, most = size - margin, size + margin
        # "A bit over $33" is not a bit under it.
        if amount.bound == "lower":
            least = size * _BARELY_LESS
        elif amount.bound == "upper":
            most = size * _BARELY_MORE
        return any(least <= abs(fact) <= most for fact in known)
    if amount.whole:
        return any(abs(abs(fact) - size) <= _WHOLE_CENTS for fact in known)
    return False


def _bound_holds(said: Said, known: set[Decimal], facts: Facts) -> bool:
    """Whether something is a little below "under 5 dollars"; a limit of thin air is none."""
    size, upper = said.size, said.amount.bound == "upper"
    limits = facts.limits | facts.budget.amounts
    if not said.meant and size in facts.amounts and FEE.search(said.sentence):
        return True
    if not said.meant and _EVERY.search(said.sentence) and facts.lists:
        shown = facts.latest
        if upper:
            return all(min(one.prices, default=size) <= size for one in shown)
        return all(max(one.prices, default=size) >= size for one in shown)
    if said.meant:
        prices = set[Decimal]().union(*(one.prices | one.lines for one in said.meant)) or known
        if size in limits:
            return any(fact <= size if upper else fact >= size for fact in prices)
        known = prices
    return _is_bounded(said, known) or (size in limits and not said.meant)


def _is_bounded(said: Said, known: set[Decimal]) -> bool:
    upper = said.amount.bound == "upper"
    side = 1 if upper else -1
    room = max(Decimal(1), said.size * _NEAR) if upper else Decimal(1)
    return any(0 <= side * (said.size - abs(fact)) <= room for fact in known)
