"""Makes wrong offers and wrong links, by someone who had not seen the checker.

What is worded is in wrong_wordings.yaml; every figure and address is checked against the record.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from tests.assistant.grounding.added_wordings import called, placed, wordings
from tests.assistant.grounding.mutations import (
    MONEY,
    money,
    other_amounts,
    register,
    sentence_at,
)
from tests.assistant.grounding.record_reading import Seen, Source
from tests.assistant.grounding.recorded_offers import Offers, offers_of
from tests.assistant.grounding.wrong_addresses import (
    other_mail,
    other_page,
    other_phone,
    other_picture,
    page_of,
)

_PERCENTS = tuple(Decimal(one) for one in (5, 12, 15, 18, 20, 30, 33, 35, 40, 45, 50, 60, 70, 75))
_BY_PERCENT = Decimal(5)
_LEAST = tuple(Decimal(one) for one in (15, 20, 35, 40, 45, 50, 55))
_SAVINGS = ("1.50", "2", "2.40", "3", "4", "4.75", "5", "6.50", "8", "10", "12")
_DATES = ("Sunday", "Friday", "Wednesday", "Nov 30", "December 6", "Dec 12", "January 2")
_CODES = ("SAVE", "FRESH", "GREEN", "THANKYOU", "HELLO", "BLACKFRIDAY", "FAMILY", "VIP", "NOV")
_OFFER_WORDS = re.compile(
    r"\b(?:off|sav\w+|deals?|discounts?|offers?|code|coupon|promotion|spar\w*|rabatt|ahorr\w*|"
    r"descuento|cupón)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b(\d{1,2})(?= ?% (?!less|fat|more)[a-z])")
_SAVED = re.compile(
    r"(?:\bsav\w+ |\bdiscount(?: of)? |\bsparst (?:insgesamt |du )?|\bahorras )(?:you |me )?"
    r"\$(\d+\.\d\d)"
)
_REDUCED = re.compile(r"\b(?:instead of|rather than|down to|minus|statt|en vez de) \$(\d+\.\d\d)")
_TAKEN = re.compile(r"\$(\d+\.\d\d)(?= (?:off|less|cheaper)\b)")
_HEDGED = re.compile(r"\b(?:about|around|roughly|nearly|almost|over|under|than|to)\W*$")
_BUNDLE = re.compile(r"\b2 for \$5\.50")
_END = re.compile(r"\bDec(?:ember)? 31\b|\bthe end of the year\b")


@register("discount")
def wrong_discount(answer: str, source: Source, random: Random) -> str | None:
    """Another percentage, saving, code, bundle or end; else an offer that there is not."""
    offers = offers_of(source.talk)
    if random.random() < 0.6:
        changed = _changed_offers(answer, source, offers, random)
        if changed:
            return random.choice(changed)
    known = [one for one in source.products.values() if one.id in offers.prices]
    if not known or random.random() < 0.25:
        return placed(answer, _offer_of_shop(source, offers, random), random)
    named = [one for one in source.named(answer) if one in known]
    one = random.choice(named if named and random.random() < 0.7 else known)
    return placed(answer, _offer_of_product(one, source, offers, random), random)


def _changed_offers(answer: str, source: Source, offers: Offers, random: Random) -> list[str]:
    """The answer with an offer it tells of made wrong, each way there is."""
    ways: list[tuple[int, int, str]] = []
    for match in _PERCENT.finditer(answer):
        start, end = sentence_at(answer, match.start())
        if _OFFER_WORDS.search(answer[start:end]) and "CO2" not in answer[start:end]:
            every = offers.percents.union(*(one.percents for one in offers.products.values()))
            percent = _percent({*every, Decimal(match[1])}, random)
            ways.append((*match.span(1), f"{percent}"))
    for pattern in (_SAVED, _TAKEN, *([_REDUCED] if offers.products else [])):
        for match in pattern.finditer(answer):
            if _HEDGED.search(answer[: match.start()]):
                continue
            wrong = _amounts(other_amounts(Decimal(match[1]), random), source, offers)
            ways += [(match.start(1), match.end(1), f"{one}") for one in wrong[:1]]
    for code in offers.codes:
        for match in re.finditer(code, answer):
            ways.append((*match.span(), _code(offers, random)))
    for match in _BUNDLE.finditer(answer):
        bundle = random.choice(
            ("3 for $5.50", "2 for $4", "2 for $5", "4 for $5.50", "2 for $4.50")
        )
        ways.append((*match.span(), bundle))
    ways += [(*match.span(), random.choice(_DATES)) for match in _END.finditer(answer)]
    ways += _beside_prices(answer, source, offers, random)
    return [answer[:start] + new + answer[end:] for start, end, new in ways]


def _beside_prices(
    answer: str, source: Source, offers: Offers, random: Random
) -> list[tuple[int, int, str]]:
    """An offer put beside a price that is right."""
    ways = []
    for match in MONEY.finditer(answer):
        start, end = sentence_at(answer, match.start())
        named = source.named(answer[start:end])
        if len(named) == 1 and Decimal(match[1]) in named[0].prices:
            values = _of_product(named[0], source, offers, random)
            wording = random.choice(wordings()["beside_a_price"])
            ways.append((*match.span(), wording.format(price=match[0], **values)))
    return random.sample(ways, min(1, len(ways)))


def _offer_of_shop(source: Source, offers: Offers, random: Random) -> str:
    values = _values(source, offers, offers.percents, random)
    if offers.codes and random.random() < 0.5:
        wording = random.choice(wordings()["offer_of_code"])
        return wording.format(known=random.choice(sorted(offers.codes)), **values)
    return random.choice(wordings()["offer_of_shop"]).format(**values)


def _offer_of_product(one: Seen, source: Source, offers: Offers, random: Random) -> str:
    name, price = called(one, source, random), offers.prices[one.id]
    chance = random.random()
    if chance < 0.15 and not offers.has(one):
        texts = {text for two in source.products.values() for text in two.promotions}
        moved = sorted(texts - {f"{percent}% off" for percent in _of_codes(offers)})
        if moved:
            wording = random.choice(wordings()["moved_offer"])
            return wording.format(name=name, offer=random.choice(moved))
    if chance < 0.25 and (not offers.has(one) or offers.ends_of(one)):
        wording = random.choice(wordings()["end_of_offer"])
        return wording.format(name=name, date=random.choice(_DATES))
    values = _of_product(one, source, offers, random)
    wording = random.choice(wordings()["offer_of_product"])
    return wording.format(name=name, price=money(price), **values)


def _of_product(one: Seen, source: Source, offers: Offers, random: Random) -> dict[str, str]:
    """Figures that fit each other, and that no offer of this product has."""
    price, count = offers.prices[one.id], random.choice((2, 3, 4, 5))
    values = _values(source, offers, offers.percents_of(one), random)
    saved = [price * Decimal(values["pct"]) / 100]
    halves = [
        Decimal(round(price * count * Decimal(part) * 2) or 1) / 2 for part in ("0.65", "0.8")
    ]
    higher = [price + Decimal(more) for more in ("0.30", "0.50", "0.80", "1", "1.50", "2")]
    return values | {
        "n": f"{count}",
        "bundle": _money(halves, source, offers, random),
        "now": _money([price - saved[0]], source, offers, random),
        "was": _money(higher, source, offers, random),
        "save": _money(saved, source, offers, random),
    }


def _values(
    source: Source, offers: Offers, percents: set[Decimal], random: Random
) -> dict[str, str]:
    """Figures that no offer of the talk has."""
    least = [one for one in _LEAST if one not in source.numbers]
    return {
        "pct": f"{_percent(percents, random)}",
        "least": f"${random.choice(least)}",
        "save": _money([Decimal(one) for one in _SAVINGS], source, offers, random),
        "code": _code(offers, random),
        "date": random.choice(_DATES),
    }


def _percent(real: set[Decimal], random: Random) -> Decimal:
    return random.choice(
        [one for one in _PERCENTS if all(abs(one - two) > _BY_PERCENT for two in real)]
    )


def _amounts(amounts: Sequence[Decimal], source: Source, offers: Offers) -> list[Decimal]:
    """Those that are nothing in the talk."""
    cents = [one.quantize(Decimal("0.01")) for one in amounts]
    return [one for one in cents if one > 0 and one not in source.numbers | offers.savings]


def _money(amounts: Sequence[Decimal], source: Source, offers: Offers, random: Random) -> str:
    """One of the amounts, or a few cents beside them all."""
    slips = [one + Decimal(cents) / 100 for one in amounts for cents in (3, 7, 11, 13, 17)]
    return money(
        random.choice(_amounts(amounts, source, offers) or _amounts(slips, source, offers))
    )


def _code(offers: Offers, random: Random) -> str:
    codes = [f"{word}{number}" for word in _CODES for number in (5, 15, 20, 25, 50)]
    return random.choice([one for one in codes if one.lower() not in offers.raw])


def _of_codes(offers: Offers) -> set[str]:
    """The percentages that a code could take off anything."""
    return set(re.findall(r"(\d+)% off one order", offers.raw))


@register("link")
def wrong_link(answer: str, source: Source, random: Random) -> str | None:
    """Another address for one it gives, a link on a name it says, or one sentence with a link."""
    raw = offers_of(source.talk).raw
    for pattern, other in (
        (r"hello@greenleaf-market\.example", other_mail(raw, random)),
        (r"\(?555\)? 013[- ]01\d\d", other_phone(raw, random)),
    ):
        if re.search(pattern, answer) and random.random() < 0.7:
            return re.sub(pattern, lambda _: other, answer, count=1)  # noqa: B023 - used at once
    linked = [one for one in source.products.values() if one.name in answer]
    if linked and random.random() < 0.35:
        one = random.choice(linked)
        url = page_of(random.choice(list(source.products.values())), raw, random)
        return answer.replace(one.name, f"[{one.name}]({url})", 1)
    return placed(answer, _link(answer, source, raw, random), random)


def _link(answer: str, source: Source, raw: str, random: Random) -> str:
    kinds = ["page", "page", "mail", "telephone"]
    known = list(source.products.values())
    kind = random.choice(
        [*kinds, *(["page_of_product"] * 3 + ["picture_of_product"]) * bool(known)]
    )
    wording = random.choice(wordings()[kind])
    if kind == "mail":
        return wording.format(mail=other_mail(raw, random))
    if kind == "telephone":
        return wording.format(phone=other_phone(raw, random))
    if kind == "page":
        return wording.format(url=other_page(raw, random))
    named = [one for one in source.named(answer) if one in known]
    one = random.choice(named if named and random.random() < 0.7 else known)
    if kind == "picture_of_product":
        url = other_picture(one, offers_of(source.talk), random)
    else:
        others = [two for two in known if two is not one]
        url = page_of(random.choice(others * (random.random() < 0.8) or known), raw, random)
    return wording.format(name=called(one, source, random).strip("*"), url=url)
