"""Reads what a shopper typed: mended spelling, other words for the same, what it asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.catalog.models import DIETS
from knowledge.scoring.tables import read_table
from knowledge.search.naming import absent_terms, compound
from knowledge.search.text import CLOSED_CLASS, is_size, query_words, stem, terms, words
from knowledge.search.vocabulary import Vocabulary

_EVERYDAY = Path(__file__).with_name("everyday_words.yaml")
_CUTS = frozenset({"with", "without", "for", "in", "from", "under", "below", "over", "that"})
_NUMBERED = frozenset({"size", "spf", "stage", "number", "no", "type", "model", "series"})
_LONGEST = 4
_MOST_VARIANTS = 6
_OTHER_WORDS = 0.95
_WIDER_WORDS = 0.9
_DIET_TERMS = frozenset(diet for diet in DIETS if "_" not in diet) | {"plant"}
Terms = tuple[str, ...]
Synonyms = Mapping[Terms, Sequence[Terms]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say the query, and how much it counts against the shopper's own words.

    ``free_of`` are terms that are asked to be absent. What ``insists`` is not given up for others.
    With ``needs_head`` the rest says what it is for: of snacks for kids the snacks matter.
    """

    terms: Terms
    head: str | None
    weight: float
    free_of: frozenset[str]
    needs_head: bool = False

    @property
    def insists(self) -> frozenset[str]:
        return self.free_of | (_DIET_TERMS & frozenset(self.terms))


@dataclass(frozen=True, slots=True)
class Query:
    """``mended`` maps a word as typed to the word that was searched instead."""

    text: str
    variants: tuple[Variant, ...]
    mended: Mapping[str, str]

    @property
    def empty(self) -> bool:
        return not self.variants


def read_query(
    text: str, vocabulary: Vocabulary, synonyms: Synonyms, implied: Iterable[str] = ()
) -> Query:
    """``implied`` are words the limits stand for, such as "vegan": they add other names."""
    text = _without_grammar(text, synonyms)
    mended: dict[str, str] = {}
    found: list[str] = []
    for word in query_words(text):
        if vocabulary.knows(word) or tuple(terms(word)) in synonyms or is_size(word):
            found.append(word)
        elif (correct := vocabulary.correct(word)) is not None:
            mended[word] = correct
            found.append(correct)
        elif (pair := vocabulary.split(word)) is not None:
            mended[word] = " ".join(pair)
            found.extend(pair)
        else:
            found.append(word)
    own = tuple(_weighty(found)) or tuple(map(stem, found))
    if not own:
        return Query(text, (), mended)
    cut = _before_cut(text, own)
    said = [own, *_joined(own, vocabulary), *_reworded(own, synonyms)]
    for words_of_limit in implied:
        said += _implied(tuple(terms(words_of_limit)), own, synonyms)
    variants = [
        Variant(
            one,
            _head(cut if one == own else one, vocabulary),
            _weight(one, own, said),
            absent_terms(one),
            needs_head=one == own and cut != own,
        )
        for one in dict.fromkeys(said)
        if one == own or _says_something(one, vocabulary)
    ]
    return Query(text, tuple(variants[:_MOST_VARIANTS]), mended)


def _without_grammar(text: str, synonyms: Synonyms) -> str:
    """Say a phrase with a closed-class word by its other name: "washing up liquid"."""
    written = list(words(text))
    for length in range(_LONGEST, 1, -1):
        for start in range(len(written) - length + 1):
            phrase = written[start : start + length]
            others = synonyms.get(tuple(map(stem, phrase)), ())
            if others and not CLOSED_CLASS.isdisjoint(phrase[1:-1]):
                return " ".join((*written[:start], *others[0], *written[start + length :]))
    return text


def _weighty(found: Sequence[str]) -> Iterable[str]:
    """Terms without loose numbers; those that number something stay: "size 4"."""
    for place, word in enumerate(found):
        if not word.isdigit() or (place and found[place - 1] in _NUMBERED):
            yield stem(word)


def _weight(variant: Terms, own: Terms, said: Sequence[Terms]) -> float:
    """Other words count less, the wider of them still less: crisps are potato chips, not chips."""
    if variant == own:
        return 1.0
    narrower = any(set(variant) < set(other) for other in said)
    return _WIDER_WORDS if narrower else _OTHER_WORDS


def _says_something(variant: Terms, vocabulary: Vocabulary) -> bool:
    """Whether the shop knows its words, each said once: "milk free milk" is only a key."""
    return len({*variant}) == len(variant) and all(map(vocabulary.knows_term, variant))


def _before_cut(text: str, own: Terms) -> Terms:
    """The terms before "with" or "for": what is asked for, without what it is for."""
    written = words(text)
    for place, word in enumerate(written):
        if word in _CUTS and place:
            before = {stem(one) for one in query_words(" ".join(written[:place]))}
            return tuple(term for term in own if term in before) or own
    return own


def _head(said: Terms, vocabulary: Vocabulary) -> str | None:
    """The last term that names a kind of product, else the last one."""
    names = [term for term in said if not is_size(term)]
    for term in reversed(names):
        if vocabulary.names_a_kind(term):
            return compound(said, term)
    return compound(said, names[-1]) if names else None


def _joined(own: Terms, vocabulary: Vocabulary) -> Iterable[Terms]:
    """Join "dish washer" where the catalog says "dishwasher"."""
    for place in range(len(own) - 1):
        joined = own[place] + own[place + 1]
        if vocabulary.knows_term(joined):
            yield (*own[:place], joined, *own[place + 2 :])


def _reworded(own: Terms, synonyms: Synonyms) -> Iterable[Terms]:
    for length in range(min(_LONGEST, len(own)), 0, -1):
        for start in range(len(own) - length + 1):
            for other in synonyms.get(own[start : start + length], ()):
                yield (*own[:start], *other, *own[start + length :])


def _implied(limit: Terms, own: Terms, synonyms: Synonyms) -> Iterable[Terms]:
    """Other names of the query together with a limit: "vegan" and "milk" are a plant drink."""
    for place in range(len(own)):
        for other in synonyms.get((*limit, own[place]), ()):
            if not set(limit) & set(other):
                yield (*own[:place], *other, *own[place + 1 :])


@cache
def everyday_synonyms() -> Synonyms:
    """The groups that come with SmartCart."""
    groups = read_table(_EVERYDAY)
    return synonyms_of([[str(name) for name in group] for group in groups])


def synonyms_of(groups: Iterable[Sequence[str]], base: Synonyms | None = None) -> Synonyms:
    """Each phrase with what else it may be called; groups that share a phrase stay apart."""
    found: dict[Terms, list[Terms]] = {key: list(others) for key, others in (base or {}).items()}
    for group in groups:
        phrases = [tuple(terms(phrase)) for phrase in group]
        for phrase in phrases:
            known = found.setdefault(phrase, [])
            known.extend(other for other in phrases if other != phrase and other not in known)
    return found
