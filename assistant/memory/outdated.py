"""Finds the turns whose prices may no longer hold: said long ago, or changed since."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from knowledge.pricing.price_changes import changed_prices, promotions_changed
from knowledge.work import Work

PAUSE = timedelta(hours=6)
"""After that long nothing a turn told of prices and stock is taken for true."""


def outdated(work: Work, turns: Sequence[dict[str, Any]], now: datetime) -> frozenset[int]:
    """The numbers of such turns. Each turn comes with ``seq``, ``at`` and ``products``."""
    moments = {turn["seq"]: datetime.fromisoformat(turn["at"]) for turn in turns}
    old = {seq for seq, at in moments.items() if now - at > PAUSE}
    recent = [turn for turn in turns if turn["seq"] not in old]
    if recent:
        since = min(moments[turn["seq"]] for turn in recent)
        ids = {product for turn in recent for product in turn["products"]}
        changed = changed_prices(work.session, ids, since)
        promoted = promotions_changed(work.session, since, now)
        for turn in recent:
            at = moments[turn["seq"]]
            newer = [changed[one] for one in turn["products"] if one in changed]
            if any(moment > at for moment in newer) or (promoted is not None and promoted > at):
                old.add(turn["seq"])
    return frozenset(old)
