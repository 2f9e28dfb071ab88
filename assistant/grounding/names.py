"""Finds what looks like the name of a product in a sentence, and whether anybody has shown it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.grounding.brand_names import (
    everyday,
    has_brand,
    occasions,
    of_one_brand,
    starters,
    wrong_of_brands,
)
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention
from assistant.grounding.words import words_of

_BOLD = re.compile(r"\*\*(?P<text>[^*\n]{2,80})\*\*|__(?P<under>[^_\n]{2,80})__")
_QUOTED = re.compile(r"[\"“„](?P<text>[^\"“”\n]{3,80})[\"”]")
_CAPITAL = r"[A-ZÀ-ÞĀ-Ž][\w'\u2019&-]*"
_SMALL_LINK = r"(?:of|the|and|&|with|de|in|for|à|la|le|du)"
_CAPITALISED = re.compile(rf"\b{_CAPITAL}(?:\s+(?:{_SMALL_LINK}\s+)?{_CAPITAL})+")
_ONE_OR_MORE = re.compile(rf"\b{_CAPITAL}(?:\s+(?:{_SMALL_LINK}\s+)?{_CAPITAL})*")
_BETWEEN = re.compile(r"\s+(?:and|&|with|or|for|in|of)\s+|,\s*|/")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|\n\s*(?:[-•*]|\d+\.)?\s*|^\s*(?:[-•*]|\d+\.)\s*)$")
# "Bought with ...", "Swapping ...": the capital is the sentence's, not a name's.
_ORDINARY_START = re.compile(
    r"[A-Z][\w'\u2019]*(?:\s+(?:of|with|in|for|by|from)\s|(?<=ed)\s|(?<=ing)\s|(?<=ly)\s)"
)
_FOREIGN = re.compile(
    r"\b(?:der|die|das|und|ist|kostet|kosten|für|ein|eine|nicht|im|mit|sind|dein|deine|du|es|"
    r"zusammen|liegen|vom|von|"
    r"leider|jetzt|auch|enthält|haben|wir|kann|können|aber|oder|zwischen|ab|sie|den|bei|nur|noch|"
    r"auf|ihre[nr]?|ihr|deinen|deiner|wird|werden|hast|wenn|dann|statt|gibt|zum|zur|einen|einer|als|"
    r"nach|aus|vor|heute|morgen|bitte|mehr|más|como|cada|sus|tus|hay|muy|sobre|hasta|desde|hoy|"
    r"mañana|puedes|quieres|tienes|"
    r"ich|habe|euch|am|um|el|la|los|las|"
    r"cuesta|cuestan|es|y|con|para|del|tu|su|está|están|tiene|no|una?|por|en|lo|siento|gratis|"
    r"total|pero|te|se|de|también|ahora|dos|tres|cuatro|cinco|seis|zwei|drei|vier|fünf|sechs)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:What|How|Why|Where|When|Who|Which|About|More|Inside|Good|Things|Some|A few|For|If|In|On|"
    r"Was|Wie|Warum|Wo|Über|Mehr|Qué|Cómo|Por|Sobre|Más)\b"
)
_WHEN = (
    r"(?i:\b(?:for|on|at|this|next|until|till|before|after|by|celebrat\w+|happy|during|around|over)\s"
    r"(?:the |your |a )?)"
)
_FIGURE = re.compile(r"^[\d.,$€£%\s-]+$")


@dataclass(frozen=True, slots=True)
class Name:
    """``marked``: set off in bold or quotes. ``first``: its first word begins a sentence.

    ``asks``: a heading such as "What to know of the Oat Bar", whose small words name nothing.
    ``heading``: alone on its line and written like a sentence, so that it names nothing.
    """

    text: str
    marked: bool
    first: bool = False
    heading: bool = False
    asks: bool = False


def find_names(sentence: str, *, single: bool = False) -> Iterator[Name]:
    """Marked words and runs of capitalised ones; ``single`` capitals within a sentence, too."""
    marked: list[tuple[int, int]] = []
    for pattern in (_BOLD, _QUOTED):
        for match in pattern.finditer(sentence):
            text = next(filter(None, match.groups()))
            marked.append(match.span())
            if not _FIGURE.match(text):
                alone = sentence.strip(" :\n") == match[0].strip(" :\n")
                asks = alone and _ASKS.match(text) is not None
                heading = alone and re.search(r"\s[A-Z]", text) is None and " " in text
                yield Name(text.strip(" :.,?!"), marked=True, heading=heading, asks=asks)
    for match in (_ONE_OR_MORE if single else _CAPITALISED).finditer(sentence):
        if any(start <= match.start() < end for start, end in marked):
            continue
        begins = _SENTENCE_START.search(sentence[: match.start()]) is not None
        if " " not in match[0] and begins:
            continue
        yield Name(match[0], marked=False, first=begins)


def wrong_names(
    sentence: str, mentions: Sequence[Mention], facts: Facts, *, priced: bool
) -> Iterator[str]:
    """Why names do not hold; nothing when all do or there are none."""
    foreign = len(_FOREIGN.findall(sentence)) > 1
    for name in find_names(sentence, single=priced and not mentions and not foreign):
        if foreign and not name.marked and not has_brand(frozenset(words_of(name.text)), facts):
            continue  # German writes every noun with a capital
        if not name.marked and _is_occasion(name.text, sentence, facts):
            continue
        if not is_known(name, facts, foreign=foreign):
            yield f"nothing called {name.text!r} has been shown in this conversation"
    yield from wrong_of_brands(sentence, facts)


def _is_occasion(text: str, sentence: str, facts: Facts) -> bool:
    """As "for Burns Night", "this Labour Day": it is cooked for, not sold."""
    words = words_of(text)
    if words[-1] not in occasions() or has_brand(frozenset(words), facts):
        return False
    return re.search(rf"{_WHEN}{re.escape(text)}(?![\w'\u2019])", sentence) is not None


def is_known(name: Name, facts: Facts, *, foreign: bool = False) -> bool:
    """True when one thing that was shown has all the words of the name, or it is no product."""
    if name.marked and (name.text[:1].islower() or name.heading):
        return True  # emphasis on ordinary words
    if name.asks:
        name = Name(" ".join(re.findall(r"[A-ZÀ-Þ0-9&][^\s]*", name.text)), marked=True)
    wanted = _telling_words(name, facts, foreign=foreign)
    if of_one_brand(wanted, facts):
        return True
    if not has_brand(wanted, facts):
        free = everyday() | facts.words
        wanted -= everyday()
        if wanted <= free:
            return True
        if any(wanted <= known | free for known in facts.names if wanted & known):
            return True
    # "Oat Drink and Pasta": two things that are each known.
    parts = [part for part in _BETWEEN.split(name.text) if part]
    return len(parts) > 1 and all(
        is_known(Name(part, name.marked, name.first), facts) for part in parts
    )


def _telling_words(name: Name, facts: Facts, *, foreign: bool) -> frozenset[str]:
    """Those that must belong to something known."""
    text = re.split(r"\s*(?:[,(\u2013—:→]|\s-\s|\s\d)", name.text)[0] if name.marked else name.text
    words = [word for word in words_of(text) if not word[0].isdigit() and len(word) > 1]
    if (name.first or name.marked) and words and _ORDINARY_START.match(text):
        words = words[1:]
    if name.first or name.marked:
        while words and words[0] in starters():
            words = words[1:]
    if name.marked:
        words = [word for word in words if word not in starters()]
    if foreign:
        words = [word for word in words if word in facts.naming]
    return frozenset(words)
