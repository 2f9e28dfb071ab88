"""Cuts a stream of text into sentences, so that each can be checked before it is shown."""

import re

# A stop only counts once what follows it is seen: "$4.99", "approx. 3" and "1.5 l" go on.
# Before a small letter only after a whole word: "sure. the penne", but "e.g. the penne" goes on.
_END = re.compile(
    r"""[.!?…:]["'”\u2019)*_\]]*(?=\s+(?:["'“\u2018(*_~«\[#-]*[A-Z0-9À-ÞΑ-Я¿¡]|[-•*]\s))"""
    r"""|(?:(?<=[a-zà-þ0-9)%][a-zà-þ0-9)%])|(?<=\d [gl])|(?<= [A-E])|(?<= I))"""
    r"""[.!?][*_]*(?=\s+[*_]*[a-zà-þ])|\n+"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|vs|etc|al|e\.g|i\.e|incl|excl|min|max|avg|est|oz|lbs?|fl|tbsp|tsp|"
    r"pcs|pkg|ct|st|mt|dr|mr|mrs|ms|bzw|inkl|zzgl|ud|uds|aprox)\.|(?<!\d )\b[A-Z]\.)$",
    re.IGNORECASE,
)
# "No. 5" goes on, "say no. The" does not.
_NUMBER_SIGN = re.compile(r"\b(?:no|nr)\.$", re.IGNORECASE)
# "Nutri-Score A." ends a sentence, "J. Smith" does not.
_GRADE_END = re.compile(
    r"\b(?:score|grade|to|of|is|an?|gets?|has|have|and|or|only)\s[*_]*[A-E][*_]*\.$", re.IGNORECASE
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

    @staticmethod
    def _is_abbreviation(before: str, follows: str) -> bool:
        if _NUMBER_SIGN.search(before):
            return follows.isdigit()
        return _ABBREVIATION.search(before) is not None and _GRADE_END.search(before) is None

    def _next_end(self) -> int | None:
        for match in _END.finditer(self._rest):
            before = self._rest[: match.end()].rstrip()
            if not before or _LIST_NUMBER.search(before):
                continue
            follows = self._rest[match.end() :].lstrip()[:1]
            if self._is_abbreviation(before, follows):
                continue
            end = match.end()
            while end < len(self._rest) and self._rest[end].isspace():
                end += 1
            # At the very end of what came so far, more white space may follow.
            return None if end == len(self._rest) else end
        return _LONGEST if len(self._rest) > _LONGEST else None
