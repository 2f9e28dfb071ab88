"""Marks what suppliers, shoppers and policies wrote, so that a model reads it as data.

Marked text stands between « and », on one line, without markup or characters that nobody sees;
it cannot hold either mark, so it cannot end before we end it. Everything else in the result of a
tool is ours.
"""

import re
import unicodedata

OPEN, CLOSE = "\u00ab", "\u00bb"
TITLE_LENGTH = 120
TEXT_LENGTH = 600
# Control and format characters (zero width, bidirectional, tags, variation selectors) can hide
# text from a person.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff]+"
)
_MARKUP = str.maketrans({"<": "(", ">": ")", "`": "'", "{": "(", "}": ")", "|": "/"})
_MARKS = str.maketrans({OPEN: '"', CLOSE: '"'})
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)
_WIDE = re.compile("[\uff1c\uff1e\uff40\uff5b\uff5d\uff5c]")


def harmless(text: str, length: int = TITLE_LENGTH) -> str:
    """On one line, without markup, marks or unseen characters, cut to a length."""
    # What is cut off later need not be cleaned; what is taken out makes it shorter.
    seen = _UNSEEN.sub(" ", text[: 4 * length])
    narrow = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), seen)
    plain = " ".join(narrow.translate(_MARKUP).translate(_MARKS).split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "\u2026"


def marked(text: str, length: int = TITLE_LENGTH) -> str:
    """The text as data, between the marks."""
    return f"{OPEN}{harmless(text, length)}{CLOSE}"


def unmarked(text: str) -> str:
    """Our marks taken out again, for people."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def without_links(text: str) -> str:
    """What a supplier wrote, on one line and without addresses of the web, for people to read."""
    return _LINK.sub("", harmless(text, TEXT_LENGTH))
