"""Puts together what looks on: prices, limits, counters, traces."""

import logging
from collections.abc import Iterable

from assistant.insight import Insight
from assistant.providers.minds import Mind, Minds
from assistant.spending import SpendingLimits
from connectors.metrics import Metrics
from connectors.model_prices import load_prices
from connectors.settings import Settings
from connectors.tracing import Tracing
from knowledge.usage.prices import Prices

logger = logging.getLogger(__name__)


def open_insight(settings: Settings, metrics: Metrics, tracing: Tracing) -> Insight:
    """Raises ``InvalidInput`` when the list of prices cannot be read."""
    return Insight(
        prices=load_prices(settings),
        limits=SpendingLimits(
            settings.daily_cost, settings.shopper_daily_turns, settings.shopper_daily_tokens
        ),
        observer=metrics,
        tracer=tracing.tracer,
        write_text=tracing.write_text,
    )


def unpriced(minds: Iterable[Mind], prices: Prices) -> list[str]:
    """Models whose calls cost something nobody here knows."""
    return [
        mind.title
        for mind in minds
        if not mind.is_offline and prices.of(mind.provider, mind.name) is None
    ]


def warn_of_unpriced(minds: Minds, insight: Insight) -> None:
    """A limit of cost cannot stop what has no price."""
    names = unpriced(minds, insight.prices)
    if names and insight.limits.daily_cost is not None:
        logger.warning(
            "DAILY_COST does not see what %s costs; name its price in MODEL_PRICES.",
            ", ".join(names),
        )


def left_out(minds: Minds) -> str:
    """Models that do not answer, in words anybody may read; empty when all are well."""
    return "; ".join(
        f"{mind.title} is left out ({mind.breaker.why.partition(':')[0] or 'it failed'}),"
        f" tried again in {mind.breaker.pause_left:.0f} s"
        for mind in minds
        if not mind.is_offline and not mind.breaker.is_well
    )


def breakers(minds: Minds) -> list[tuple[str, bool]]:
    """Each vendor's model, with whether it is left alone, or only tried, for now."""
    return [(mind.title, not mind.breaker.is_well) for mind in minds if not mind.is_offline]
