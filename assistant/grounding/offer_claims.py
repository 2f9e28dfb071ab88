"""Reads which offers a sentence claims, and whether the shop makes them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.grounding.amount_said import masked
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of, spoken_of
from assistant.grounding.numbers import dates_in, moments_in
from assistant.grounding.offer_words import Offer, OfferSaid, find_offers
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import words_of

_NOT_OR_ASKED = re.compile(r"\b(?:no|not|never|cannot|unable)\b|n['\u2019]t\b|\?", re.IGNORECASE)
_GIFT = re.compile(
    r"\b(?:half[- ]price|half off|for half(?! (?:an?|the|of)\b)|(?:a )?third off|"
    r"(?:a )?quarter off|bogo|buy (?:one|"
    r"two|three|\d)[^.!?]{0,60}\bfree\b(?!\s(?:of|from))|"
    r"(?:two|three|2|3|4) for (?:one|two|1|2|3)\b(?! dollars?| people)|"
    r"(?:two|three|four|five|[2-5]) for the price of (?:one|two|three|four|[1-4])|"
    r"(?:dos|tres|2|3) ?(?:x|por) ?(?:uno|dos|1|2)|"
    r"second (?:one )?(?:is )?(?:free|half)|free gift|(?:a|one) free (?!range)\w+|"
    r"(?<!gluten )(?<!sugar )for free|gratis|"
    r"free (?:delivery|shipping|sample)|(?:delivery|shipping) (?:is|comes|will be) free|"
    r"clearance|flash sale|black friday|halber preis|"
    r"mitad de precio)\b",
    re.IGNORECASE,
)
_REDUCED = re.compile(
    r"\bon (?:sale|offer|special|promotion|discount)\b|\bdiscounted\b|\breduced\b(?! fat| sugar|"
    r" salt)|\bspecial offer\b|"
    r"\bpromotion\b|\b(?:deal|special|offer|sale|reduced) prices?\b|\bmarked down\b|"
    r"\bim angebot\b|\ben oferta\b|\bin our sale\b|"
    r"\b(?:weekly|daily|current|today['\u2019]s) (?:offers?|deals?|specials?)\b|"
    r"\b(?:deal|offer|promotion|promo|special|sale) (?:is|ends|runs|holds|lasts|expires|stays|"
    r"goes)\b|"
    r"\bbargain price\b|\b(?:our|this) (?:special )?(?:offer|deal)\b|"
    r"~~\s?[$€£]?\s?\d[\d.,]*\s?[$€£]?\s?~~",
    re.IGNORECASE,
)
# "The deal on the cilantro ends Friday": nobody else's, whoever was named before.
_OFFER_OF = re.compile(
    r"\b(?:(?:special |weekly |current )?(?:(?<!to )(?<!can )offer|deal|discount|special|"
    r"promotion|promo|sale|reduction|reduced price|sale price|offer price)s?|angebot|rabatt|"
    r"aktion|oferta|descuento|"
    r"rebaja|promoción)\s(?:price\s)?(?:on|for|of|with|für|auf|bei|en|de|del|para)\s"
    r"(?:(?:the|our|your|all|these|der|die|das|den|dem|el|la|los|las)\s)?[*_\u00ab]*",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:until|till?|through|thru|ends?|ending|expires?|valid|runs?|lasts?|by|bis|endet|hasta|"
    r"termina|acaba|caduca)\b",
    re.IGNORECASE,
)
_NOTHING_DENIED = re.compile(
    r"\b(?:don['\u2019]?t|do not|never|not to) (?:miss|forget|wait|hesitate|worry)\b|\bnot only\b|"
    r"\bno doubt\b|\bwhy not\b|\bcan['\u2019]t go wrong\b|\bwon['\u2019]t last\b|\bno wonder\b|"
    r"\bno need\b|\bno rush\b|\bno problem\b",
    re.IGNORECASE,
)
_PROGRAMME = re.compile(
    r"\b(?:loyalty (?:club|card|points?|discount|programme|program)|members?(?:hip)?|"
    r"club|students?|"
    r"seniors?|pensioners?|employees?|teachers?|new customers?|"
    r"first[- ]time (?:customers?|orders?)|"
    r"first order|refer (?:a|your) friends?|referral|(?:double |bonus |reward )points|rewards?|"
    r"cashback|newsletter|subscri\w+|birthday|every (?:second|third|fifth|tenth|\d+th) order|"
    r"phone wallet|gift card|voucher|treuepunkte|stammkunden?|neukunden?|mitglied\w*|"
    r"clientes nuevos|socios?|puntos)\b",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    r"\b(?:(?:on|for|with) (?:every|each|any|all) (?:order|purchase|cart)s?|as often as|unlimited|"
    r"more than once|again and again|(?:several|many|multiple) times|every time|so oft|"
    r"tantas veces)\b",
    re.IGNORECASE,
)
_NO_MINIMUM = re.compile(
    r"\b(?:no|without (?:a|any)) minimum\b|\bany (?:amount|sum)\b|\bsin mínimo\b|"
    r"\bkein(?:en)? Mindest\w+",
    re.IGNORECASE,
)
_BENEFIT = re.compile(
    r"%|\b(?:sav(?:e|es|ing)|off|discount\w*|free|worth|cheaper|half|bonus|extra|earn\w*|less|"
    r"reduced|spar\w*|rabatt|gratis|ahorr\w*|descuento)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.!?;:()]|\b(?:but|although|though|while|however|aber|pero)\b")
_DENIED_AFTER = re.compile(
    r"[^.;:!(),]{0,60}(?:n['\u2019]t\b|\b(?:not|no longer|never|nothing|none|no)\b|\?)|"
    r"[^.;:!()]{0,120}\?",
    re.IGNORECASE,
)
_CLOSE = 2
_SOON = 14
_CODE = re.compile(r"\b[A-Z]{3,}\d{1,4}\b")
_EVERY = re.compile(
    r"\b(?:everything|all|each|every|storewide|whole (?:shop|store))\b", re.IGNORECASE
)
_ALL_THERE_IS = re.compile(r"\b(?:everything|storewide|whole (?:shop|store))\b", re.IGNORECASE)
_BY_CODE = re.compile(r"\b(?:coupon|code|voucher)\b", re.IGNORECASE)
_FREE = {"grati": "free", "kostenlos": "free", "shipping": "delivery"}
_CONDITION = re.compile(
    r"\d|\b(?:from|over|above|if|unless|minimum|reach|code|count\w*|toward|for orders)\b",
    re.IGNORECASE,
)
_CENT = Decimal("0.005")


def wrong_offers(
    sentence: str, mentions: Sequence[Mention], facts: Facts, kept: set[int]
) -> Iterator[str]:
    """Why claims do not hold. Where amounts begin that are part of offers that do joins ``kept``.

    "2 for $5.00" says nothing of what one costs.
    """
    said = [
        one
        for one in find_offers(sentence)
        if not any(mention.start <= one.start and one.end <= mention.end for mention in mentions)
    ]
    yield from _wrong_gifts(sentence, mentions, facts)
    yield from _wrong_programmes(sentence, facts)
    yield from _wrong_codes(sentence, facts)
    groups = spoken_of(mentions, [(one.start, one.end) for one in said], sentence)
    for one, group in zip(said, groups, strict=True):
        if _holds(one, products_of(group), sentence, facts):
            if one.amount_at is not None:
                kept.add(one.amount_at)
        elif one.plain:
            yield f"no tool result gives the offer {one.text.strip()} here"


def _wrong_gifts(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Offers without a figure, such as "half price" or "on sale", and when they end."""
    plain = masked(sentence, mentions)
    gift = _GIFT.search(sentence)
    if gift is not None and not _quoted(gift[0], sentence, facts) and not _denied(plain, gift):
        yield f"no tool result gives {gift[0]}"
    match = _REDUCED.search(sentence)
    meant: list[ProductFacts] = []
    for found in _OFFER_OF.finditer(sentence):
        meant = products_of(one for one in mentions if 0 <= one.start - found.end() <= _CLOSE)
        match = found if meant else match
        if meant:
            break
    if match is None or _denied(plain, match):
        return
    meant = meant or products_of(spoken_of(mentions, [match.span()], sentence)[0]) or facts.topic
    if meant and not any(one.reduced or one.offers for one in meant):
        yield f"no tool result says that {meant[0].title} is {match[0]}"
    elif not meant and not facts.offers and not any(one.offers for one in facts.products.values()):
        yield f"no tool result speaks of anything {match[0]}"
    elif meant and _ENDS.search(sentence):
        yield from _wrong_ends(sentence, meant)


def _wrong_codes(sentence: str, facts: Facts) -> Iterator[str]:
    """What a code is said to allow that its text does not."""
    if not any(code in facts.codes for code in _CODE.findall(sentence)):
        return
    for pattern in (_REPEATED, _NO_MINIMUM):
        match = pattern.search(sentence)
        if (
            match is not None
            and not (set(words_of(match[0])) <= facts.own_words)
            and not (pattern is _REPEATED and _denied(sentence, match))
        ):
            yield f"no text of the shop says {match[0]} of the code"
    if facts.thresholds and _NO_MINIMUM.search(sentence):
        yield "the code needs a sum that it holds from"


def _wrong_programmes(sentence: str, facts: Facts) -> Iterator[str]:
    """Clubs, points and discounts for students, of which the shop's texts say nothing."""
    match = _PROGRAMME.search(sentence)
    if match is None or not _BENEFIT.search(sentence) or _denied(sentence, match):
        return
    if not set(words_of(match[0])) <= facts.own_words:
        yield f"no text of the shop speaks of {match[0]}"


def _denied(sentence: str, match: re.Match[str]) -> bool:
    """Whether its clause says no, or it is asked for."""
    begin = max((cut.end() for cut in _CLAUSE.finditer(sentence, 0, match.start())), default=0)
    before = _NOTHING_DENIED.sub(" ", sentence[begin : match.start()])
    return bool(_NOT_OR_ASKED.search(before) or _DENIED_AFTER.match(sentence, match.end()))


def _wrong_ends(sentence: str, meant: Sequence[ProductFacts]) -> Iterator[str]:
    """An end is a date of that offer; no offer tells a day of the week."""
    ends = set[tuple[int, int]]().union(*(one.offer_ends for one in meant))
    ahead = [sentence[one.end() : one.end() + _SOON] for one in _ENDS.finditer(sentence)]
    days = any(moments_in(one)[1] for one in ahead)
    if not dates_in(sentence) <= ends or (days and not dates_in(sentence)):
        yield f"no tool result says so of how long the offer of {meant[0].title} runs"


def _quoted(words: str, sentence: str, facts: Facts) -> bool:
    wanted = {_FREE.get(word, word) for word in words_of(words)}
    if "delivery" in wanted and not _CONDITION.search(sentence):
        return False
    if "half" in wanted:
        return any(
            offer == (0, Decimal(50)) for one in facts.products.values() for offer in one.offers
        )
    return wanted <= facts.own_words


def _holds(one: OfferSaid, meant: list[ProductFacts], sentence: str, facts: Facts) -> bool:
    codes = [code for code in _CODE.findall(sentence) if code in facts.codes]
    products = meant or list(facts.products.values())
    if not meant and not codes and _EVERY.search(sentence) and not _BY_CODE.search(sentence):
        general = facts.offers.difference(*facts.codes.values())
        products = [] if _ALL_THERE_IS.search(sentence) else facts.topic or facts.latest
        if not products:
            return one.offer in general
        return one.offer in general or all(one.offer in each.offers for each in products)
    if not meant and facts.running and facts.topic:
        products = facts.topic  # "Butter Shortbread: 25% off"
    made: set[Offer] = facts.offers.union(*(product.offers for product in products))
    if codes and not one.offer[0]:
        return any(one.offer in facts.codes[code] for code in codes)
    if one.offer in made:
        return True
    if one.offer in facts.asked and _NOT_OR_ASKED.search(sentence):
        return True
    return one.amount_at is not None and _adds_up(
        one.offer, meant, meant or facts.topic or products, facts
    )


def _adds_up(
    offer: Offer, meant: list[ProductFacts], products: list[ProductFacts], facts: Facts
) -> bool:
    """True when it is what so many of them cost, or "eggs, 6 for $3.49" what the pack does."""
    pieces, price = offer
    prices = set[Decimal]().union(*(one.prices for one in products))
    whole = set[Decimal]().union(*(one.prices for one in meant))
    if any(pieces in one.quantities for one in products):
        whole = whole.union(*(one.lines for one in products if pieces in one.quantities))
    if not meant and pieces in facts.sizes:
        whole |= facts.cart.totals | facts.totals
    return any(abs(each * pieces - price) < _CENT for each in prices) or any(
        abs(known - price) < _CENT for known in whole
    )
