"""Cuts a stream of text into sentences, so that each can be checked before it is shown."""

import re

# A stop only counts once what follows it is seen: "$4.99", "approx. 3" and "1.5 l" go on.
_END = re.compile(
    r"""[.!?…:]["'”\u2019)*_\]]*(?=\s+(?:["'“\u2018(*_\[#-]*[A-Z0-9À-ÞΑ-Я¿¡]|[-•*]\s))|\n+"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|no|nr|vs|etc|al|e\.g|i\.e|incl|min|max|oz|lb|fl|st|dr|mr|mrs|ms)\.|\b[A-Z]\.)$",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\d{1,2}\.$")
_LONGEST = 600


class SentenceSplitter:
    """Fed with pieces, gives whole sentences with the white space that follows them."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        self._rest += text
        sentences = []
        while (end := self._next_end()) is not None:
            sentences.append(self._rest[:end])
            self._rest = self._rest[end:]
        return sentences

    def flush(self) -> list[str]:
        """What is left at the end of a message."""
        sentences = self.feed("\n") if self._rest.strip() else []
        rest, self._rest = self._rest, ""
        if rest.strip():
            sentences.append(rest)
        if sentences:
            sentences[-1] = sentences[-1].removesuffix("\n")
        return sentences

    def _next_end(self) -> int | None:
        for match in _END.finditer(self._rest):
            before = self._rest[: match.end()].rstrip()
            if not before or _ABBREVIATION.search(before) or _LIST_NUMBER.search(before):
                continue
            end = match.end()
            while end < len(self._rest) and self._rest[end].isspace():
                end += 1
            # At the very end of what came so far, more white space may follow.
            return None if end == len(self._rest) else end
        return _LONGEST if len(self._rest) > _LONGEST else None
