"""Decides which products a full feed no longer holds, and when that is hard to believe."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.product_rows import PRODUCTS

Scope = Literal["nothing", "feed", "shop"]
"""Whose products an import may delist: nobody's, those its own feed brought, or all."""
BELIEVED_SHARE = 0.5
"""A feed that loses more of its products at once is more likely broken."""


@dataclass(frozen=True, slots=True)
class Delisting:
    """``gone`` is what to delist; ``withheld`` what it would be, but for the reason given."""

    gone: tuple[str, ...] = ()
    withheld: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class FullFeed:
    """What a full feed held: good rows, ids of all its rows, rows that named no product."""

    good: int
    named: AbstractSet[str]
    nameless: int


def plan_delisting(
    session: Session, held: FullFeed, *, scope: Scope, feed_id: str | None, force: bool
) -> Delisting:
    """A feed without a good row never delists anything, not even by force."""
    if scope == "nothing":
        return Delisting()
    query = select(PRODUCTS.c.id).where(PRODUCTS.c.listed)
    if scope == "feed":
        query = query.where(PRODUCTS.c.feed_id.is_not_distinct_from(feed_id))
    listed = list(session.scalars(query.order_by(PRODUCTS.c.id)))
    gone = tuple(one for one in listed if one not in held.named)
    if not gone:
        return Delisting()
    if not held.good:
        return Delisting((), len(gone), "the file has no row that can be used")
    doubt = "" if force else _doubt(held, len(gone), len(listed))
    return Delisting((), len(gone), doubt) if doubt else Delisting(gone)


def _doubt(held: FullFeed, gone: int, listed: int) -> str:
    if held.nameless:
        some = "a row" if held.nameless == 1 else f"{held.nameless} rows"
        return f"{some} could not be read, not even for which product it is"
    if gone > listed * BELIEVED_SHARE:
        return f"that is more than half of the {listed} products this feed brought"
    return ""
