"""Finds passages by words: BM25 over a few hundred short texts, with a floor of relevance."""

import math
from collections import Counter
from collections.abc import Sequence

from knowledge.search.text import CLOSED_CLASS, stem, words
from knowledge.search.vocabulary import edit_distance

_K1 = 1.2
_B = 0.6
_HEADING_WEIGHT = 3
_LEAST_COVERAGE = 0.34
_OF_BEST = 0.5
_OTHER_WORDS = 0.3  # what a second word for the same adds
_SHORTEST_MENDED = 5
_UNKNOWN_IDF = 1.5
# What people ask with, and the words policies answer with.
_ASKED_AS = {
    "deliver": ("delivery",), "ship": ("delivery",), "shipping": ("delivery",),
    "bring": ("delivery",), "send": ("delivery",), "courier": ("delivery",),
    "refund": ("return", "money"), "exchange": ("return",), "broken": ("damaged", "return"),
    "spoiled": ("damaged",), "rotten": ("spoiled", "damaged"), "bad": ("return",),
    "opening": ("hour",), "hour": ("slot",), "free": ("fee",),
    "when": ("hour", "time"), "reach": ("contact",),
    "email": ("contact",), "pay": ("payment",), "card": ("payment",), "cash": ("payment",),
    "collect": ("pickup",), "pick": ("pickup",),
    "cost": ("fee",), "price": ("fee",), "charge": ("fee",), "data": ("privacy",),
    "personal": ("privacy",), "gdpr": ("privacy",), "replace": ("substitution",),
    "substitute": ("substitution",), "replacement": ("substitution",), "allergy": ("allergen",),
    "allergic": ("allergen",), "cancel": ("canceling", "cancel"), "late": ("time", "delivery"),
    "alcohol": ("beer", "wine"), "home": ("home",), "where": ("where", "address"),
}  # fmt: skip
# Words that policies use of something else: the pickup counter is "open", a wallet is a "phone".
_MEANT = {
    "open": ("opening", "hour"), "close": ("opening", "hour"), "closing": ("opening", "hour"),
    "phone": ("call", "contact"), "paypal": ("pay", "card"), "visa": ("pay", "card"),
    "mastercard": ("pay", "card"),
}  # fmt: skip
_PHRASES = (
    ("how much", "cost"), ("what time", "when"), ("where are you", "address"),
    ("where is the store", "address"), ("where is your store", "address"),
)  # fmt: skip
_ASKING = frozenset((
    "sell", "policy", "policies", "store", "shop", "shopping", "know", "tell", "question", "wonder",
    "possible", "happen", "happens", "happened", "work", "works", "use", "using", "make",
    "made", "long", "much", "many", "often", "far", "soon", "day", "go", "come", "take",
    "takes", "number", "want", "still", "get", "back", "my", "order", "orders",
))  # fmt: skip
_KEPT = frozenset({"where", "when", "order", "back"})


class PassageIndex:
    """Immutable. ``passages`` are (heading, text)."""

    def __init__(self, passages: Sequence[tuple[str, str]]) -> None:
        self._terms = [
            Counter(_terms(heading) * _HEADING_WEIGHT + _terms(text)) for heading, text in passages
        ]
        self._frequency = Counter(term for counts in self._terms for term in counts)
        self._lengths = [counts.total() for counts in self._terms]
        self._average = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def search(self, question: str, limit: int) -> list[int]:
        """Numbers of the passages that answer, best first."""
        groups = self._groups(question)
        total = sum(weight for _, weight in groups)
        if not total:
            return []
        scored: list[tuple[float, int]] = []
        for number, counts in enumerate(self._terms):
            score = covered = 0.0
            for group, weight in groups:
                found = [self._bm25(term, counts, number) for term in group]
                best = max(found, default=0.0)
                score += best + _OTHER_WORDS * (sum(found) - best)
                covered += weight if best else 0.0
            if covered / total >= _LEAST_COVERAGE:
                scored.append((score * (0.5 + covered / total), number))
        scored.sort(key=lambda one: (-one[0], one[1]))
        return [number for score, number in scored if score >= _OF_BEST * scored[0][0]][:limit]

    def _groups(self, question: str) -> list[tuple[tuple[str, ...], float]]:
        """For each word asked, the terms that may answer it, with its weight."""
        found: dict[str, tuple[tuple[str, ...], float]] = {}
        asked = " ".join(words(question))
        for phrase, meaning in _PHRASES:
            asked = asked.replace(phrase, meaning)
        for word in asked.split():
            term = stem(word)
            if term in found or (word in CLOSED_CLASS | _ASKING and word not in _KEPT):
                continue
            said = (self._mended(term), *_ASKED_AS.get(term, ()))
            group = tuple(dict.fromkeys(_MEANT.get(term, said)))
            known = [one for one in group if one in self._frequency]
            if not known and word in _KEPT:
                continue
            weight = max((self._idf(one) for one in known), default=_UNKNOWN_IDF)
            found[term] = (tuple(known), 0.5 * weight if word in _KEPT else weight)
        return list(found.values())

    def _mended(self, term: str) -> str:
        if term in self._frequency or len(term) < _SHORTEST_MENDED or not term.isalpha():
            return term
        near = [
            one
            for one in self._frequency
            if one[0] == term[0]
            and len(one) >= _SHORTEST_MENDED
            and edit_distance(term, one, 1) < 2  # noqa: PLR2004
        ]
        return max(near, key=lambda one: self._frequency[one], default=term)

    def _idf(self, term: str) -> float:
        count = self._frequency[term]
        return math.log1p((len(self._terms) - count + 0.5) / (count + 0.5))

    def _bm25(self, term: str, counts: Counter[str], number: int) -> float:
        seen = counts[term]
        if not seen:
            return 0.0
        norm = _K1 * (1 - _B + _B * self._lengths[number] / self._average)
        return self._idf(term) * seen * (_K1 + 1) / (seen + norm)


def _terms(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in CLOSED_CLASS or word in _KEPT]
