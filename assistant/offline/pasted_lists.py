"""Reads shopping lists: pasted line by line, or named in one breath."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from assistant.offline.acts import Act, Item, Limits, plain
from assistant.offline.language import Language, expanded
from assistant.offline.pieces import Piece

LEAST_PLANNED = 5
"""From so many things on, a list is planned as a whole."""
_MOST = 40
_BULLET = re.compile(
    r"^\s*(?:[-*+\u2022\u25aa\u25cf\u25e6\u00b7\u2013\u2014>]+\s*(?:\[[ xX]?\]\s*)?|\[[ xX]?\]\s*"
    r"|[\u2610-\u2612\u2705\U0001f6d2]\s*|\(?\d{1,2}[.)](?=\s)\s*)"
)
_MANY_WORDS = 9
Pieces = Callable[[str], Sequence[Piece]]
ReadItem = Callable[[Sequence[Piece]], Item]


class ListReader:
    """``pieces`` reads the words of a line; ``item`` the thing they name."""

    def __init__(self, language: Language, pieces: Pieces, item: ReadItem) -> None:
        self._header, self._inline = _headers(language)
        self._pieces = pieces
        self._item = item

    def read(self, text: str) -> Act | None:
        """A list of lines or behind "here is my list:"; None for everything else."""
        inline = self._inline.match(text.strip())
        body = text.strip()[inline.end() :] if inline else text
        lines = [line for line in body.splitlines() if line.strip()]
        budget = self._budget(inline[0]) if inline else None
        if inline and len(lines) == 1:
            lines = re.split(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?=[^,;]*$)", lines[0])
        elif len(lines) < LEAST_PLANNED:
            return None
        items: list[Item] = []
        for number, line in enumerate(lines):
            bare = _BULLET.sub("", line).strip()
            if not bare or self._is_header(bare, bulleted=bare != line.strip(), number=number):
                budget = budget or self._budget(bare)
                continue
            pieces = self._pieces(bare)
            if len(pieces) > _MANY_WORDS:
                return None  # sentences, no list
            item = self._item(_counted_first(pieces))
            if item.words:
                items.append(item)
            elif item.limits.max_price is not None:
                budget = budget or item.limits.max_price
        return listed(items, budget) if len(items) > 1 else None

    def _is_header(self, line: str, *, bulleted: bool, number: int) -> bool:
        if self._header.fullmatch(line.rstrip(" .!:-")):
            return True
        return line.endswith(":") and not bulleted and (number == 0 or len(line.split()) <= 3)  # noqa: PLR2004

    def _budget(self, text: str) -> Decimal | None:
        for piece in self._pieces(text):
            if piece.tag == "LIMIT" and isinstance(piece.value, Limits):
                return piece.value.max_price
        return None


def _counted_first(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """As in "tomatoes 1 kg", which is 1 kg of tomatoes."""
    if len(pieces) > 1 and pieces[-1].tag == "AMT":
        return [pieces[-1], *pieces[:-1]]
    return pieces


def listed(items: Sequence[Item], budget: Decimal | None = None) -> Act:
    """A list to plan when it is long, else things to add."""
    if len(items) < LEAST_PLANNED:
        return Act("add", items=tuple(items))
    return Act("plan_basket", items=tuple(items[:_MOST]), money=budget)


def planned(act: Act) -> Act:
    """An addition of many things becomes a plan; a limit on the last is one on all of them."""
    items = act.items
    named = all(item.words and item.reference is None for item in items)
    if act.kind not in {"add", "search"} or len(items) < LEAST_PLANNED or not named:
        return act
    shared = {item.limits.max_price for item in items if item.limits.max_price is not None}
    return listed(items, min(shared) if shared else None)


def query_of(item: Item) -> str:
    """What a line of a list is called, with its brand and diets."""
    said = [*(diet.replace("_", " ") for diet in item.limits.diets), *item.words]
    brand = item.limits.brands[0].lower() if item.limits.brands else ""
    if brand and not brand.startswith(" ".join(item.words)):
        said.insert(0, brand)
    return " ".join([*said, *(f"without {one}" for one in item.limits.exclude)])


def quantity_text(item: Item) -> str:
    if item.amount is not None:
        return f"{plain(item.amount[0])} {item.amount[1]}"
    return plain(item.quantity or Decimal(1))


@lru_cache(maxsize=8)
def _headers(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    source = language.requests
    made = [
        re.compile(expanded(source[name], source["groups"]), re.IGNORECASE)
        for name in ("bare_header", "inline_header")
    ]
    return made[0], made[1]
