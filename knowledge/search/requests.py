"""What is asked of product search, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from knowledge.errors import InvalidInput
from knowledge.search.filters import ProductFilter

Sort = Literal["relevance", "price", "unit_price", "rating", "health", "sustainability"]
SORTS: tuple[str, ...] = get_args(Sort)
_MOST = 1000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """``dislikes`` are words that move products down without hiding them."""

    query: str = ""
    filter: ProductFilter = field(default_factory=ProductFilter)
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    dislikes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise InvalidInput(f"Cannot sort by {self.sort!r}; by {', '.join(SORTS)}.")
        if not 0 < self.limit <= _MOST or self.offset < 0:
            raise InvalidInput(f"limit must be 1 to {_MOST} and offset not negative.")


@dataclass(frozen=True, slots=True)
class Hit:
    """``explain`` holds the parts of the score: lexical, coverage, cosine.

    Its ``named`` is 1 for what is called as the query says, by one of its names.
    """

    product_id: str
    score: float
    explain: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """``total`` is how many fit. ``loosen`` is said when nothing does; ``mended`` are typos."""

    hits: Sequence[Hit]
    total: int
    loosen: str | None = None
    mended: Mapping[str, str] = field(default_factory=dict)
