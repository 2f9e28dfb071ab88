"""Reads requests to make the cart fit a sum of money, and what must stay in it."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from assistant.offline.acts import Act, Item
from assistant.offline.language import Language, expanded
from assistant.offline.pieces import Piece, part, shape_of
from assistant.offline.quantities import count_of

ReadItems = Callable[[Sequence[Piece]], tuple[Item, ...]]


class FitReader:
    """``items`` reads what is to be kept."""

    def __init__(self, language: Language, items: ReadItems, lead: Callable[[str], str]) -> None:
        self._patterns = _patterns(language)
        self._items = items
        self._lead = lead

    def read(self, pieces: Sequence[Piece]) -> Act | None:
        shape = shape_of(pieces)
        bare = self._lead(shape)
        skipped = shape.find(bare) if bare else 0
        for pattern in self._patterns:
            match = pattern.fullmatch(bare)
            if match is None:
                continue
            keep: Sequence[Piece] = ()
            if match.groupdict().get("keep"):
                start, end = match.span("keep")
                keep = part(pieces, start + skipped, end + skipped)
            kept = {id(piece) for piece in keep}
            amounts = [_amount(one) for one in pieces if id(one) not in kept]
            money = next((one for one in amounts if one is not None), None)
            items = tuple(item for item in self._items(keep) if item.words or item.reference)
            return Act("fit_budget", items=items, money=money, text=bare)
        return None


def _amount(piece: Piece) -> Decimal | None:
    match piece.tag:
        case "MONEY":
            return Decimal(piece.value)
        case "LIMIT":
            return piece.value.max_price or piece.value.min_price  # type: ignore[no-any-return]
        case "NUM":
            return count_of(piece)
    return None


@lru_cache(maxsize=8)
def _patterns(language: Language) -> tuple[re.Pattern[str], ...]:
    planning = language.planning
    groups = {**planning["groups"], "keep": planning["keep"]}
    return tuple(re.compile(expanded(say, groups)) for say in planning["fit_budget"])
