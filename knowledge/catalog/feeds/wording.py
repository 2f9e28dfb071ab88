"""Makes plain text of what feeds write in HTML."""

import html
import re
from html.parser import HTMLParser

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d|#x|[a-zA-Z]+;)")
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
_BREAKS = frozenset(
    "p br li ul ol div table tr td th h1 h2 h3 h4 h5 h6 section article hr dt dd".split()  # noqa: SIM905
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def plain_text(text: str) -> str:
    """Without tags, scripts and character references (also escaped twice), blanks made one."""
    for _ in range(2):
        if not _MARKUP.search(text):
            break
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.parts)
    return " ".join(html.unescape(text).split() if "&#" in text else text.split())
