"""What an amount may be by tool results, by what it is said to be."""

import re
from collections.abc import Callable
from decimal import Decimal

from assistant.grounding.amount_roles import FEE, Role
from assistant.grounding.amount_said import Said, near_start
from assistant.grounding.facts import Facts
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import words_of

_PART = re.compile(r"\d (?:out )?of (?:the )?\W*$")

OF_CART = re.compile(
    r"\bgrand total\b[^$]*$|\b(?:cart|basket|order|warenkorb|bestellung|carrito|pedido|"
    r"total)(?: (?:is|now|comes|to|at|of|'s|"
    r"currently|stands|kostet|jetzt|está|en|cuesta))*\W*$",
    re.IGNORECASE,
)

_OF_ORDER = re.compile(
    r"\b(?:order|total|bestellung|pedido)(?!.*\b(?:cart|basket)\b)", re.IGNORECASE | re.DOTALL
)

OF_CODE = re.compile(r"\b(?:coupon|code|voucher|[A-Z]{3,}\d{1,4})\b")

_IT = re.compile(
    r"\b(?:it|its|it's|that one|this one|they|them|each|both|apiece|that's|he|she|er|sie|es|"
    r"cuesta)\b",
    re.IGNORECASE,
)

_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|other|another|cheapest|dearest|priciest|rest|"
    r"prices|range|options?|from|between)\b",
    re.IGNORECASE,
)

SAME = re.compile(r"\b(?:each|apiece|the same|equally|a piece|jeweils)\b", re.IGNORECASE)

SAME_PRICE = re.compile(
    r"\b(?:costs?|are|is|price[ds]?)\b[^.;$]{0,20}\bthe same\b|\bsame price\b|"
    r"\bas much as\b[^.;$]*$",
    re.IGNORECASE,
)

IF = re.compile(
    r"\b(?:would|could|if|without|adding|leav(?:e|ing) out|skip\w*|brings?|removing|dropping|"
    r"minus|to keep|"
    r"with the (?:change|swap)s?)\b|'d\b",
    re.IGNORECASE,
)

_OMITS = re.compile(
    r"\b(?:less|fewer|without|leav\w+|skip\w*|drop\w*|remov\w+|out|only one)\b", re.IGNORECASE
)

_PER_100 = re.compile(r"[\s*_]*(?:per|a|/|pro|for)\s?100\s?(?:g|ml)\b", re.IGNORECASE)

_UNIT_PRICE = re.compile(
    r"[\s*_]*(?:per|a|an|the|/|pro|für das|je|el|por|al|for a|for one)?\s?"
    r"(?P<unit>kilos?|kg|kilogram(?:m|o)?|lit(?:re|er|ro)|l)\b",
    re.IGNORECASE,
)

_BY_THE = re.compile(
    r"\b(?:per|by the|a|pro|por|el) (?P<unit>kilo|kg|lit(?:re|er|ro))\b[^.;$]{0,40}$", re.IGNORECASE
)

_MEASURE = re.compile(
    r"(?:(?P<packs>\d+) x )?(?<![\w.])(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>kg|g|l|ml|cl)\b"
)

_GRAMS = {"g": 1, "ml": 1, "cl": 10, "kg": 1000, "l": 1000}

_FROM = re.compile(
    r"\b(?:minimum|threshold|free (?:delivery|shipping)|code|coupon|above|below|short of|"
    r"to go|until|reach|over|under|needs?|needed|missing|away|from|more|that)\b|[A-Z]{3,}\d",
    re.IGNORECASE,
)

_FIGURE = re.compile(r"(?<![\w.$])\d+(?:\.\d+)?\s(?:g|kg|ml|l|cm)(?!\w)")


def known_for(role: Role, said: Said, facts: Facts) -> set[Decimal]:
    """What tools gave that an amount in this role may be."""
    return _KNOWN[role](said, facts)


def _own(said: Said) -> set[Decimal]:
    return set[Decimal]().union(*(one.amounts for one in said.meant))


def _of_budget(said: Said, facts: Facts) -> set[Decimal]:
    parts = facts.cart.totals | facts.totals if _PART.search(said.before) else set()
    return facts.budget.amounts | facts.limits | parts


def _over(said: Said, facts: Facts) -> set[Decimal]:
    return facts.budget.left | _own(said) | facts.limits | from_thresholds(said, facts)


def from_thresholds(said: Said, facts: Facts) -> set[Decimal]:
    """How far the cart is from what a code or free delivery needs."""
    if said.meant or not facts.thresholds or not _FROM.search(said.sentence):
        return set()
    return {
        abs(total - least)
        for total in facts.cart.totals | facts.totals
        for least in facts.thresholds
    }


def _carted(said: Said, facts: Facts) -> list[ProductFacts]:
    """Those called so: "strawberries" may be the organic ones that are in the cart."""
    return [
        known
        for one in said.groups
        for known in facts.list_of(facts.cart.lines)
        if one.words <= known.name_words
    ]


def per_unit(said: Said, products: list[ProductFacts]) -> set[Decimal]:
    """What a kilo or a litre costs, reckoned from the price and the size."""
    if not (_UNIT_PRICE.match(said.after) or _BY_THE.search(said.before)):
        return set()
    found: set[Decimal] = set()
    for one in products:
        size = _MEASURE.search(one.size) or _MEASURE.search(one.title)
        if size is not None and (grams := _grams(size)):
            found |= {price * 1000 / grams for price in one.prices}
    return {one.quantize(Decimal("0.01")) for one in found}


def _grams(size: re.Match[str]) -> Decimal:
    return Decimal(size["number"]) * int(size["packs"] or 1) * _GRAMS[size["unit"]]


def _left(_: Said, facts: Facts) -> set[Decimal]:
    return facts.budget.left or facts.amounts


def _saved(said: Said, facts: Facts) -> set[Decimal]:
    if OF_CODE.search(said.before) and facts.cart.parts and not said.meant:
        return facts.cart.parts | facts.taken_off
    saved = facts.every("differences")
    if said.meant:
        saved = set[Decimal]().union(*(one.differences for one in said.meant))
    if _OMITS.search(said.sentence):
        saved = saved.union(*(one.prices | one.lines for one in said.all_meant))
    saved = saved | facts.differences | facts.cart.parts | facts.fees | _told(facts)
    return saved | from_thresholds(said, facts)


def _told(facts: Facts) -> set[Decimal]:
    """Amounts in texts of the shop, without what the shopper said."""
    return facts.amounts - facts.limits


def _total(said: Said, facts: Facts) -> set[Decimal]:
    cart = facts.cart
    if OF_CART.search(said.before):
        asked = not cart.known or IF.search(said.sentence) or _OF_ORDER.search(said.before)
        return cart.totals | (facts.totals if asked else set())
    own = _own(said)
    if not said.meant:
        own = own.union(*(one.lines for one in facts.topic))
    totals = cart.totals | facts.totals | facts.budget.spent | own
    return totals | cart.parts | facts.fees if FEE.search(said.sentence) else totals


def _fee(_: Said, facts: Facts) -> set[Decimal]:
    return (
        facts.fees | facts.cart.parts | facts.cart.totals | facts.totals | facts.amounts
    ) | facts.limits


def _priced(said: Said, facts: Facts) -> set[Decimal]:
    if said.meant:
        own = _own(said)
        if len(said.groups) > 1 and (SAME.search(said.after) or SAME_PRICE.search(said.before)):
            each = [
                {price for one in group.products for price in one.amounts} for group in said.groups
            ]
            return set.intersection(*each)
        if _PER_100.match(said.after):
            return own | {
                (price / 10).quantize(Decimal("0.01"))
                for one in said.meant
                for price, _ in one.unit_prices
            }
        return own | per_unit(said, said.meant + _carted(said, facts))
    general = facts.general - facts.limits
    if (
        facts.topic
        and (facts.running or _IT.search(said.sentence))
        and not _ORDINAL.search(said.sentence)
    ):
        before = facts.list_of(facts.before_keys) if not said.all_meant else []
        general |= per_unit(said, facts.topic)
        return general.union(*(one.amounts for one in [*facts.topic, *before]))
    return general | facts.every("amounts")


_KNOWN: dict[Role, Callable[[Said, Facts], set[Decimal]]] = {
    "budget": _of_budget,
    "over": _over,
    "left": _left,
    "difference": _saved,
    "total": _total,
    "fee": _fee,
    "price": _priced,
    "share": _priced,
}


def named_nearby(said: Said, facts: Facts) -> set[Decimal]:
    """Prices of what is named by a word too plain to be a name, such as "the Original"."""
    start = said.amount.start
    near = said.sentence[near_start(said) : start]
    products = [one for word in words_of(near) for one in facts.naming.get(word, ())]
    for figure in _FIGURE.findall(near):
        products += [
            one
            for one in facts.products.values()
            if re.search(rf"(?<![\d.]){re.escape(figure)}(?!\w)", f"{one.title} {one.size}")
        ]
    return set[Decimal]().union(*(one.amounts for one in products))
