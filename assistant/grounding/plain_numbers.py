"""Tells which numbers are ordinary: of cooking and keeping food, of portions, packs and endings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of
from assistant.grounding.numbers import COUNT, count, moments_in
from assistant.grounding.product_facts import ProductFacts

_KITCHEN = re.compile(
    r"\b(?:cook\w*|boil\w*|simmer\w*|fr(?:y|ies|ied|ying)|bak(?:e|es|ed|ing)|roast\w*|toast\w*|"
    r"soak\w*|stir\w*|chop\w*|season\w*|preheat\w*|ovens?|fridge|freezers?|freez(?:e|es|ing)|"
    r"defrost\w*|thaw\w*|rins\w+|drain\w*|store[ds]?|storing|keeps?|left ?overs|shak\w+|warm\w*|"
    r"heat\w*|steam\w*|grill\w*|microwav\w*|marinat\w*|"
    r"rest(?:ing)? (?:it|them|for)|knead\w*|"
    r"let (?:it|them) rise|whisk\w*|blend\w*|mix\w*|saut[eé]\w*|melt\w*|pour\w*|tablespoons?|"
    r"teaspoons?|tbsp|tsp|pinch|smoothies?|serves|desserts?|salads?|soups?|sandwich\w*|"
    r"al dente|recipes?|dough|batter|soften\w*|caramelis\w*|"
    r"carameliz\w*|use (?:it|them) up|used up|eat (?:it|them) within|best eaten|"
    r"lasts? (?:for )?(?:about |up to )?\w+ days|brown (?:it|them|the)|"
    r"koch(?:en|t|e)?|backen|backe|braten|brate|ziehen|kühlschrank|ofen|köcheln|rühren|einfrieren|"
    r"cocer|cuece|hornear|hornea|horno|freír|hervir|hierve|nevera|congelador|cocina\w*|remoj\w+)\b",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(?:deliver\w*|arriv\w*|slots?|pick(?:ed)?[- ]?up|"
    r"opens|open (?:from|until|till|daily|on|at)|(?:are|re) open|opening|"
    r"clos(?:e[sd]?|ing)|"
    r"refund\w*|returns?|cancel\w*|orders?|ordered|offers?|valid|expir\w*|in stock|left in|"
    r"coupon|code|lieferung|entrega|driver|ship\w*|guarantee\w*|kcal|calories|stars?|ratings?)\b",
    re.IGNORECASE,
)
_COOKED = re.compile(
    r"\s?(?:g|kg|ml|l|cl|grams?|millilit\w+|°|º|degrees?|grad|grados|celsius|fahrenheit|minutes?|mins?|"
    r"hours?|seconds?|secs?|days?|weeks?|months?|minuten|stunden|minutos|horas|días|cups?|"
    r"tablespoons?|teaspoons?|tbsp|tsp|cm|inch(?:es)?|c\b|f\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?(?:to|-|\u2013|or|bis|a|o|oder)\s?\d+(?:[.,]\d+)?", re.IGNORECASE)
_PORTION = re.compile(
    r"[\s-]?(?:g|ml|cl|grams?|gramm|gramos)\b[\s-](?:(?:of|de)\s)?(?:\w+\s)?(?:glass\w*|servings?|"
    r"portions?|bowls?|cups?|slices?|handfuls?|mugs?|scoops?|pots?|helpings?|"
    r"vaso|ración|porción|portion|glas|schale)\b",
    re.IGNORECASE,
)
_PORTION_BEFORE = re.compile(
    r"\b(?:splash|dash|drop|shot|glass|serving|portion|bowl|cup|slice|handful|mug|helping|vaso|ración|glas)\s"
    r"(?:of |is |about |\()*$|\b(?:in|for|with|to|per|en|für|pro) (?:about )?$",
    re.IGNORECASE,
)
_WEIGHT = re.compile(r"\s?(?P<unit>kg|g|ml|cl|l|kilos?|grams?|litres?|liters?)\b", re.IGNORECASE)
_SIZE = re.compile(r"(?:(\d+) x )?(?<![\w.])(\d+(?:\.\d+)?)\s?(kg|g|ml|cl|l)\b")
_GRAMS = {"g": 1, "ml": 1, "cl": 10, "kg": 1000, "l": 1000, "k": 1000}
_COUNT = re.compile(rf"\b({COUNT})\b", re.IGNORECASE)
_ENDING = re.compile(
    r"\b(?:end(?:s|ing)?|finish(?:es|ing)?) (?:in|with|on)\W*$|"
    r"\blast (?:two|three|four|2|3|4)?\s?(?:digits?|numbers?|figures?)[^.;]{0,24}$|"
    r"\bendet auf\W*$|\btermina(?:do)? en\W*$|\bacaba en\W*$|[.\u2026*x]{2,}\s?$",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if|for a|say|e\.g\.|example|suppose|when|with a|would|'d|before|until|earlier|later|"
    r"after|by|start\w*|begin\w*)\b|['\u2019]d\b",
    re.IGNORECASE,
)
_MOST_PACKS = 24
_BESIDE = 3


def is_kitchen(sentence: str) -> bool:
    """Whether a sentence without its names is advice on cooking or keeping food."""
    return _KITCHEN.search(sentence) is not None and _BUSINESS.search(sentence) is None


def is_cooked(sentence: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Whether the number there is one of minutes, degrees or grams, and no size of a product."""
    if any(0 <= start - one.end <= _BESIDE for one in mentions):
        return False
    other = _TO.match(sentence, end)
    return _COOKED.match(sentence, other.end() if other else end) is not None


def is_portion(sentence: str, start: int, end: int) -> bool:
    """As "a 200 ml glass", "a serving of 30 g": as much as the sentence likes."""
    if _PORTION.match(sentence, end):
        return True
    weighed = _WEIGHT.match(sentence, end)
    return bool(weighed and _PORTION_BEFORE.search(sentence, 0, start))


def ends_contact(text: str, sentence: str, start: int, facts: Facts) -> bool:
    """The last digits of a number or a name that is known."""
    if not _ENDING.search(sentence, 0, start):
        return False
    return any(one.endswith(text) for one in facts.contacts | facts.endings)


def packed(sentence: str, end: int, products: Sequence[ProductFacts]) -> Iterator[Decimal]:
    """What so many packs hold, in the unit that the number has."""
    unit = _WEIGHT.match(sentence, end)
    if unit is None:
        return
    scale = _GRAMS[unit["unit"].lower() if len(unit["unit"]) < 3 else unit["unit"][0].lower()]  # noqa: PLR2004
    counts = {count(one) for one in _COUNT.findall(sentence)}
    for one in products:
        numbers = {Decimal(each) for each in counts if each <= _MOST_PACKS} | one.quantities
        for packs, number, size_unit in _SIZE.findall(f"{one.title} {one.size}"):
            size = Decimal(number) * int(packs or 1) * _GRAMS[size_unit]
            for each in numbers:
                yield size * each / scale


def spoken_products(mentions: Iterable[Mention], facts: Facts) -> list[ProductFacts]:
    """Those named, also as what is in the cart under that name, else those of before."""
    named = list(mentions)
    carted = [
        known
        for one in named
        for known in facts.list_of(facts.cart.lines)
        if one.words <= known.name_words
    ]
    return [*products_of(named), *carted] or facts.topic or facts.list_of(facts.cart.lines)


def reckoned_moment(
    moment: tuple[int, int], sentence: str, others: Iterable[tuple[int, int]], facts: Facts
) -> bool:
    """Of "for 6 pm until 3 pm": as many hours apart as a rule of the shop says."""
    if not _SUPPOSED.search(sentence):
        return False
    minutes = {
        int(number * (60 if unit == "hour" else 1))
        for number, unit in facts.spans
        if unit in ("hour", "minute")
    }
    at = 60 * moment[0] + moment[1]
    return any(abs(at - 60 * hour - minute) in minutes for hour, minute in others)


def moments_but(sentence: str, moment: tuple[int, int]) -> set[tuple[int, int]]:
    return set(moments_in(sentence)[0]) - {moment}
