"""Which prices have changed since a moment, by catalog or by promotions."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from knowledge.db.rows.catalog import PriceHistoryRow
from knowledge.db.rows.shop import PromotionRow

_PRICES = cast("Table", PriceHistoryRow.__table__)
_PROMOTIONS = cast("Table", PromotionRow.__table__)


def changed_prices(
    session: Session, product_ids: Collection[str], since: datetime
) -> dict[str, datetime]:
    """When the prices of these products changed last, of those that did after ``since``."""
    if not product_ids:
        return {}
    rows = session.execute(
        select(_PRICES.c.product_id, func.max(_PRICES.c.since))
        .where(_PRICES.c.product_id.in_(sorted(product_ids)), _PRICES.c.since > since)
        .group_by(_PRICES.c.product_id)
    )
    return {row[0]: row[1] for row in rows}


def promotions_changed(session: Session, since: datetime, until: datetime) -> datetime | None:
    """When a promotion last began or ended in between; None when none did."""
    begun = and_(_PROMOTIONS.c.starts_at > since, _PROMOTIONS.c.starts_at <= until)
    ended = and_(_PROMOTIONS.c.ends_at > since, _PROMOTIONS.c.ends_at <= until)
    rows = session.execute(
        select(_PROMOTIONS.c.starts_at, _PROMOTIONS.c.ends_at).where(or_(begun, ended))
    )
    moments = [
        moment for row in rows for moment in row if moment is not None and since < moment <= until
    ]
    return max(moments, default=None)
