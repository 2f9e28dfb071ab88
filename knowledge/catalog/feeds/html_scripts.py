"""Takes the JSON-LD blocks out of a page of HTML; nothing of the page is run."""

from html.parser import HTMLParser

JSON_LD = "application/ld+json"


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[int, str]] = []
        self._open: list[str] | None = None
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").split(";")[0].strip().lower()
        if tag == "script" and kind == JSON_LD:
            self._open, self._line = [], self.getpos()[0]

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._open is not None:
            self.blocks.append((self._line, "".join(self._open)))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)


def json_ld_blocks(page: str) -> list[tuple[int, str]]:
    """(line the block starts in, its text)."""
    scripts = _Scripts()
    scripts.feed(page)
    scripts.close()
    return scripts.blocks
