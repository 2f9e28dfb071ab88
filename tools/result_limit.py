"""Keeps what a tool tells a model short: cut at the end of a line, saying what is left out."""

import re

from tools.marking import CLOSE, OPEN

MOST_TOKENS = 1500
_ROOM = 60
"""Tokens for the words that say what was left out."""
# Vendors' tokens are rarely longer than six letters, three figures or one mark.
_PIECE = re.compile(r"[A-Za-z]{1,6}|\d{1,3}|[^\sA-Za-z\d]|\n")


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is; rather too many than too few."""
    return len(_PIECE.findall(text))


def fitting(text: str, rest: str, most: int = MOST_TOKENS) -> str:
    """The text if it is short enough, else as many of its lines as are.

    ``rest`` says how to get what is left out.
    """
    if len(text) <= most or estimated_tokens(text) <= most:
        return text
    cut = _cut(text, most - _ROOM)
    left = text[len(cut) :].strip("\n")
    lines = left.count("\n") + 1
    if cut.count(OPEN) > cut.count(CLOSE):
        cut += f"\u2026{CLOSE}"
    what = f"{lines} more lines" if lines > 1 else "The end"
    return f"{cut}\n[{what} left out to keep this short; to get the rest: {rest}.]"


def _cut(text: str, most: int) -> str:
    """At the end of the last line that fits; of the last sentence, where the first is too long."""
    for count, piece in enumerate(_PIECE.finditer(text)):
        if count == most:
            kept = text[: piece.start()]
            break
    else:
        return text
    end = kept.rfind("\n")
    if end < len(kept) // 2:
        end = max(end, kept.rfind(". ") + 1)
    return kept[: end if end > 0 else len(kept)].rstrip()
