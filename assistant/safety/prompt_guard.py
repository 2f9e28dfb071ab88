"""Tells when a sentence gives away the prompts or the state frame, plainly or in disguise."""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from assistant.state import STATE_CLOSE, STATE_OPEN, TurnState
from prompts import load, names
from tools.registry import TOOLS

_PIECE = 44
"""As many letters in a row nobody says by chance."""
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LONGEST_TAIL = _PIECE - 1
_CODED = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}[\s:,]?){24,}")
_FRAME = re.compile(
    rf"{re.escape(STATE_OPEN)}|{re.escape(STATE_CLOSE)}"
    r"|\"(?:" + "|".join(sorted(TurnState.model_fields)) + r")\"\s*:\s*[\[{\"]",
)
_TOOLS = re.compile(r"\b(?:" + "|".join(tool.name for tool in TOOLS) + r")\b")
_MANY_TOOLS = 3


class PromptGuard:
    """Keeps in mind the end of what was said, so that a prompt told in pieces is noticed, too."""

    def __init__(self) -> None:
        self._tail = ""

    def leaked(self, sentence: str) -> bool:
        plain = letters(sentence)
        before, self._tail = self._tail, (self._tail + plain)[-_LONGEST_TAIL:]
        return leaked(sentence) or _is_ours(before + plain)


def leaked(sentence: str) -> bool:
    """Whether one sentence by itself gives long pieces of a prompt or the state away."""
    if _FRAME.search(sentence) or len(set(_TOOLS.findall(sentence))) >= _MANY_TOOLS:
        return True
    return any(_is_ours(letters(reading)) for reading in _readings(sentence))


def letters(text: str) -> str:
    """Only its letters, in lower case: spaces, marks, widths and unseen signs hide nothing."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _NOT_LETTERS.sub("", plain).casefold()


def prepare() -> None:
    """Read the prompts anew; best done before anything waits for an answer."""
    _pieces.cache_clear()
    _pieces()


def _is_ours(plain: str) -> bool:
    ours = _pieces()
    return any(plain[at : at + _PIECE] in ours for at in range(len(plain) - _PIECE + 1))


def _readings(sentence: str) -> Iterator[str]:
    yield sentence
    yield sentence[::-1]
    yield codecs.decode(sentence, "rot13")
    for match in _CODED.finditer(sentence):
        bare = match[0].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            yield base64.b64decode(bare + "=" * (-len(bare) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
    for match in _HEXADECIMAL.finditer(sentence):
        try:
            yield bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", match[0])).decode()
        except ValueError:
            continue


@cache
def _pieces() -> frozenset[str]:
    found: set[str] = set()
    for text in [*(load(name).text for name in names()), *(tool.description for tool in TOOLS)]:
        plain = letters(text)
        found.update(plain[at : at + _PIECE] for at in range(len(plain) - _PIECE + 1))
    return frozenset(found)
