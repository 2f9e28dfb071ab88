"""Reads what a sentence claims about stock, and whether the shop says so, too."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.grounding.amounts import find_amounts
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, coordinated, products_of, spoken_of
from assistant.grounding.numbers import COUNT, count

_ENDS = (
    r"(?:left\b(?! (?:for|of your|in your budget|to spend|out))|remaining\b|available\b|in stock\b|"
    r"on (?:the |our )?shel(?:f|ves)\b|units\b|(?:are |is )?auf lager\b|übrig\b|vorrätig\b|"
    r"disponibles?\b|en stock\b)"
)
_LEFT = re.compile(
    rf"(?<![\w.,#$€£-])(?P<number>{COUNT})\b(?!\s?%)\s*"
    rf"(?:(?:[\w'\u2019-]+\s+){{0,3}}?|of (?:(?:the|our|these|those)\s)?(?:(?!are\b|"
    rf"is\b)[\w'\u2019&.-]+\s+){{1,9}}?(?:(?:are|is)\s(?:still\s)?)?)"
    rf"{_ENDS}"
    rf"|\bstock(?: level)?(?: is| of|:)?\s*(?P<level>\d{{1,5}})\b"
    rf"|\b(?:have|there are|got|only|just|down to|are)\s+(?:just |only |about |exactly |"
    rf"the )?(?:last )?(?P<few>{COUNT})\s+(?:packs?|bottles?|bags?|pieces?|units?|boxes|cartons?|"
    rf"of (?:them|it|these|those))?\b"
    r"[^.;$€£]{0,24}?\bin stock\b",
    re.IGNORECASE,
)
_THEN_LEFT = re.compile(
    rf"\b(?:only|just|exactly|about|still|merely)\s+(?P<number>{COUNT})\s+"
    r"(?:[\w'\u2019&-]+\s+){1,6}?(?:are |is )?left\b",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    rf"(?<!half a )(?<![\w.,#$€£-])({COUNT})\s+(?:packs? |bottles? |bags? |pieces? |"
    rf"more )?(?:of )?(?:the |our )?[*_]*$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"[\s*_,]*(?:\d[\w.% ]*?)?\s*(?:(?:are|is) )?(?:still )?{_ENDS}",
    re.IGNORECASE,
)
_SOME_OF = re.compile(rf"\s+of (?:the (?:{COUNT})|them|these|those)\s+(?:are|is)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?P<number>\d{1,4}|half a dozen|a dozen) left\b|\bleft:?\s*(?P<after>\d{1,4})\b",
    re.IGNORECASE,
)
_NO_OTHER = re.compile(
    r"\b(?:there(?:['\u2019]s| is| are)|have|has|is|are) no(?: [\w-]+){1,7}\W*$", re.IGNORECASE
)
_WHAT_IS_LEFT = re.compile(r"\bwhat(?:['\u2019]s| is) left$", re.IGNORECASE)
_SIZE = re.compile(r"\d+ \w+")
_GONE = re.compile(
    r"\b(?:sold out|out of stock|not (?:currently )?(?:in stock|available)|unavailable|"
    r"ausverkauft|agotad[oa]s?|"
    r"no longer (?:available|in stock)|nicht (?:mehr )?(?:vorrätig|verfügbar|auf lager)|"
    r"(?:isn|aren)['\u2019]t (?:currently |any longer )?(?:in stock|available)|(?:run|ran) out|"
    r"all gone|none left|no(?:ne)? [\w ]{0,20}left(?! out))\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"(?<!not )(?<!n['\u2019]t )(?<!currently )(?<!nicht )(?<!none )(?<!not all )"
    r"\b(?:(?:back )?in stock|(?:is|are) (?:still |both |all |currently |now )?available|"
    r"auf lager|vorrätig|verfügbar|disponibles?|en stock|plenty (?:left|of (?:it|them|those)))\b",
    re.IGNORECASE,
)
_FEW = re.compile(
    r"\b(?:last one|almost gone|nearly gone|nearly sold out|almost sold out|running low|"
    r"selling fast|only a few left|few left|last few|"
    r"low (?:on|in) stock|hurry)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\bplenty\b|\blots (?:left|of stock|in stock)\b|\bwell stocked\b",
    re.IGNORECASE,
)
_QUESTION_OR_IF = re.compile(
    r"\?|\bif\b|\bwhen\b|\bonce\b|\bwhether\b|\bas soon as\b|\bwhat(?:ever)? has\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;,.]|\b(?:but|while|and)\b", re.IGNORECASE)
_SOME = re.compile(rf"\b(?:{COUNT}|some|most|few|many) of (?:them|these|those)\b", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:all|every\w*|both)\b", re.IGNORECASE)
_SCARCE = 10
_ARTICLES = frozenset(("a", "an", "ein", "eine", "un", "una"))
_DOZENS = {"half a dozen": 6, "a dozen": 12}


def wrong_stock(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    """Why the claim does not hold; None when it does or there is none."""
    asked = sentence.rfind("?")
    if _QUESTION_OR_IF.search(sentence[asked + 1 :]) or not sentence[asked + 1 :].strip(" *_\n"):
        return None
    return (
        next(_wrong_numbers(sentence, mentions, facts), None)
        or _wrong_state(sentence, mentions, facts, gone=True)
        or _wrong_state(sentence, mentions, facts, gone=False)
        or _gone_from_nowhere(sentence, mentions, facts)
        or _wrong_much(sentence, mentions, facts)
    )


def _wrong_numbers(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    for mention in mentions:
        said = _BEFORE_NAME.search(sentence, 0, mention.start)
        if said is None or said[1].lower() in ("a", "an", "one"):
            continue
        if not _AFTER_NAME.match(sentence, mention.end) or _is_size(sentence, said.start(1), facts):
            continue
        span = mention.start, mention.end
        if not _is_stock(Decimal(count(said[1])), span, sentence, mentions, facts):
            yield f"no tool result says that {said[1]} are left"
    money = [(one.start, one.start + len(one.text)) for one in find_amounts(sentence)]
    for pattern in (_LEFT, _THEN_LEFT, _PLACE):
        for match in pattern.finditer(sentence):
            number = _number_left(match, sentence, money, facts)
            if number is None or _is_stock(number, match.span(), sentence, mentions, facts):
                continue
            yield f"no tool result says that {match[0].strip()}"


def _number_left(
    match: re.Match[str], sentence: str, money: Sequence[tuple[int, int]], facts: Facts
) -> Decimal | None:
    """How many are said to be there; None when it is a price, a size or only a word."""
    name = next(key for key, text in match.groupdict().items() if text)
    start, text = match.start(name), match[name].lower()
    if any(begin <= start < end for begin, end in money) or _is_size(sentence, start, facts):
        return None
    if text in _ARTICLES or (text == "one" and "only" not in sentence.lower()):
        return None
    if _SOME_OF.match(sentence, match.end(name)) and not match[0].lower().endswith("left"):
        return None
    if _of_several(match, facts) or _WHAT_IS_LEFT.search(match[0]):
        return None
    return Decimal(_DOZENS.get(text) or count(text))


def _of_several(match: re.Match[str], facts: Facts) -> bool:
    """Of "2 of the 3 remaining": the second number is what is left."""
    inner = re.match(rf"({COUNT}) of (?:the |our )?({COUNT})\b", match[0].strip(), re.IGNORECASE)
    if inner is None:
        return False
    left = Decimal(count(inner[2]))
    return any(left in one.stock for one in facts.products.values()) or left in facts.counts


def _is_stock(
    number: Decimal, span: tuple[int, int], sentence: str, mentions: Sequence[Mention], facts: Facts
) -> bool:
    group = [one for one in mentions if span[0] <= one.start and one.end <= span[1] + 40][:1]
    if not group:
        (group,) = spoken_of(mentions, [span], sentence)
    meant = products_of(group) or products_of(mentions)
    if not meant and facts.topic:
        meant = facts.topic
    stock = set[Decimal]().union(*(one.stock for one in meant or facts.products.values()))
    lists = {Decimal(len(one)) for one in facts.lists} | {Decimal(one) for one in facts.sizes}
    free = not meant and re.search(
        r"available|in stock", sentence[span[0] : span[1]], re.IGNORECASE
    )
    return number in (stock if meant and stock else stock | facts.counts) or bool(
        free and number in lists
    )


def _is_size(sentence: str, start: int, facts: Facts) -> bool:
    """True for the 1 of "only 3 of Skim Milk 1 l left": it belongs to the name."""
    size = _SIZE.match(sentence, start)
    return size is not None and any(size[0] in one.title for one in facts.products.values())


def _wrong_state(
    sentence: str, mentions: Sequence[Mention], facts: Facts, *, gone: bool
) -> str | None:
    """A thing said to be gone that is there, or to be there that is gone."""
    claims = [*_GONE.finditer(sentence), *_THERE.finditer(sentence)]
    claims = sorted(claims, key=lambda match: match.start())
    groups = spoken_of(mentions, [match.span() for match in claims], sentence)
    for match, group in zip(claims, groups, strict=True):
        if (match.re is _GONE) is not gone or _NO_OTHER.search(sentence, 0, match.start()):
            continue
        behind = bool(group) and group[0].start > match.end()
        if behind and _BREAK.search(sentence, match.end(), group[0].start):
            continue
        for mention in coordinated(group, sentence):
            if all(one.in_stock == {gone} for one in mention.products):
                return _is_other(mention.products[0].title, gone=gone)
        if _SOME.search(sentence) and any(
            gone is not known for one in facts.products.values() for known in one.in_stock
        ):
            return None
        if not mentions:
            why = _wrong_of_topic(sentence, facts, gone=gone)
            if why is not None:
                return why
    return None


def _wrong_of_topic(sentence: str, facts: Facts, *, gone: bool) -> str | None:
    if facts.topic and all(one.in_stock == {gone} for one in facts.topic):
        return _is_other(facts.topic[0].title, gone=gone)
    if not gone and _EVERY.search(sentence):
        shown = facts.topic if len(facts.topic) > 1 else facts.latest
        if any(one.in_stock == {False} for one in shown):
            return "not all of them are in stock"
    return None


def _is_other(title: str, *, gone: bool) -> str:
    return f"{title} is {'in stock' if gone else 'sold out'}"


def _gone_from_nowhere(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    if _GONE.search(sentence) and not mentions and not _some_gone(facts):
        return "no tool result says that something is sold out"
    return None


def _some_gone(facts: Facts) -> bool:
    return any(False in one.in_stock for one in facts.products.values()) or bool(
        facts.own_words & {"sold", "unavailable"}
    )


def _wrong_much(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    """Pressing people to buy what there is plenty of; promising plenty of what is nearly gone."""
    meant = products_of(mentions) or facts.topic
    stock = [number for one in meant for number in one.stock]
    if _FEW.search(sentence) and stock and min(stock) > 2 * _SCARCE:
        return f"there is enough of {meant[0].title}"
    if _MANY.search(sentence) and stock and max(stock) < _SCARCE:
        return f"there is little left of {meant[0].title}"
    return None
