"""Opens the shop on its database: schema, catalog, policies, search, recommender."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assistant.insight import Insight
from connectors.model_prices import load_prices
from connectors.sample_promotions import bring_promotions, end_promotions
from connectors.settings import Settings
from knowledge.catalog.changes import CatalogChanges
from knowledge.catalog.import_report import ImportReport
from knowledge.catalog.importing import Progress
from knowledge.catalog.serving import is_stocked, serve_file
from knowledge.clock import SystemClock
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.fulfilment.plan_file import FulfilmentPlan, read_plan
from knowledge.fulfilment.zones import Zones
from knowledge.policies.policies import Policies, read_policy
from knowledge.ports import Clock, Embedder, PartwiseEmbedder
from knowledge.profile import ShopProfile
from knowledge.recipes.repository import Recipes, recipes_of
from knowledge.recommend.recommender import open_recommender
from knowledge.search.chroma_index import ChromaIndex, VectorIndexUnavailable
from knowledge.search.indexer import Indexer
from knowledge.search.product_search import open_search
from knowledge.shop import Shop
from knowledge.usage.noting import CallNotes

logger = logging.getLogger(__name__)
SAMPLE = Path(__file__).parent.parent / "knowledge" / "sample"
Indexing = Literal["background", "first", "none"]
"""Make search vectors beside the running shop, before it opens (in SQL only), or not at all."""


@dataclass(frozen=True, slots=True)
class OpenShop:
    """A shop that can be used. ``report`` is of the import its opening made, if it made one."""

    shop: Shop
    report: ImportReport | None
    search: str
    insight: Insight
    """With a place to note calls of models that no turn holds."""


def prepare_data_dir(settings: Settings) -> Path:
    """Make the data folder, readable by its owner alone. Raises ``Unavailable``."""
    folder = settings.data_dir.expanduser()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"Cannot use {folder} as the data folder: {error.strerror}."
        raise Unavailable(message) from None
    return folder.resolve()


@contextmanager
def open_units(settings: Settings) -> Iterator[UnitsOfWork]:
    """Open the database and bring it to the newest schema. Raises ``Unavailable``."""
    prepare_data_dir(settings)
    try:
        engine = open_engine(settings.database_address, pool_size=settings.executor_threads)
        upgrade(engine)
    except Exception as error:
        # Messages of drivers run over many lines; the first says what is wrong.
        reason = str(error).strip().partition("\n")[0]
        message = f"The database cannot be used: {reason}"
        raise Unavailable(message) from error
    try:
        yield UnitsOfWork(engine)
    finally:
        engine.dispose()


def stock(
    settings: Settings, units: UnitsOfWork, clock: Clock, progress: Progress | None = None
) -> ImportReport | None:
    """Bring the catalog in line with CATALOG; a shop that never had products gets the sample.

    Without CATALOG a shop keeps what it has, so that what `smartcart import` brought stays.
    """
    if settings.catalog is not None:
        return serve_file(settings.catalog, units, clock, settings.currency, progress)
    if is_stocked(units, clock):
        return None
    return serve_file(SAMPLE / "products.jsonl", units, clock, settings.currency, progress)


def load_policies(settings: Settings, units: UnitsOfWork, clock: Clock) -> None:
    """Take in the pages of POLICIES; a shop that never had any gets the sample's.

    Without POLICIES a shop keeps what it has, so that what `smartcart admin policies` brought
    stays. Two processes may start at once.
    """
    folder = settings.policies or SAMPLE / "policies"
    wanted = [
        (section.policy, section.section, section.text, section.source)
        for path in sorted(folder.glob("*.md"))
        for section in read_policy(path.read_text("utf-8"), path.name)
    ]
    with units.read() as session:
        kept = _kept(Policies(session, clock))
        if wanted == kept or (kept and settings.policies is None):
            return
    with units.write() as session:
        CatalogChanges(session, clock).lock()
        policies = Policies(session, clock)
        if wanted != _kept(policies):
            policies.load(folder)


def load_recipes(settings: Settings, units: UnitsOfWork, clock: Clock) -> None:
    """Take in the recipes, unless they are in already. Raises ``InvalidInput``."""
    path = settings.recipes or SAMPLE / "recipes.yaml"
    wanted = recipes_of(path)
    with units.read() as session:
        if wanted == Recipes(session).all():
            return
    with units.write() as session:
        CatalogChanges(session, clock).lock()
        recipes = Recipes(session)
        if wanted != recipes.all():
            recipes.load(path)


def read_fulfilment(settings: Settings) -> FulfilmentPlan:
    """The owner's plan of zones, slots and tax. Raises ``InvalidInput``."""
    if settings.fulfilment is not None:
        return read_plan(settings.fulfilment)
    return FulfilmentPlan() if settings.catalog else read_plan(SAMPLE / "fulfilment.yaml")


def load_zones(
    plan: FulfilmentPlan, profile: ShopProfile, units: UnitsOfWork, clock: Clock
) -> None:
    """Bring the zones in line with the plan; two processes may start at once."""
    with units.read() as session:
        if Zones(session, profile).all == plan.zones:
            return
    with units.write() as session:
        CatalogChanges(session, clock).lock()
        zones = Zones(session, profile)
        if zones.all != plan.zones:
            zones.load(plan.zones)


def _kept(policies: Policies) -> list[tuple[str, str, str, str]]:
    return [(one.policy, one.section, one.text, one.source) for one in policies.all()]


def open_chroma(settings: Settings) -> ChromaIndex | None:
    """Reach the Chroma server that is set; None means the one embedded in the data folder."""
    return ChromaIndex.server(settings.chroma_url) if settings.chroma_url else None


@contextmanager
def open_shop(
    settings: Settings,
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
    indexing: Indexing = "none",
    insight: Insight | None = None,
) -> Iterator[OpenShop]:
    """Open the shop without its assistant."""
    clock = clock or SystemClock()
    data_dir = prepare_data_dir(settings)
    with ExitStack() as opened:
        units = opened.enter_context(open_units(settings))
        notes = CallNotes(units)
        opened.callback(notes.close)
        insight = replace(insight or Insight(prices=load_prices(settings)), notes=notes)
        report = stock(settings, units, clock, progress)
        if settings.catalog is not None:
            end_promotions(SAMPLE / "promotions.yaml", units, clock)
        elif report is not None:
            bring_promotions(SAMPLE / "promotions.yaml", units, clock)
        load_policies(settings, units, clock)
        plan = read_fulfilment(settings)
        profile = plan.applied_to(settings.profile)
        load_zones(plan, profile, units, clock)
        load_recipes(settings, units, clock)
        embedders = settings.embedding_choice.open(insight.note)
        if indexing == "first":
            Indexer(units, clock, embedders, None).run()
        chroma, background = None, indexing == "background"
        if background:
            try:
                chroma = open_chroma(settings)
            except VectorIndexUnavailable as error:
                logger.warning("%s Going on without it.", error)
                background = False
        search = open_search(units, data_dir, embedders, chroma, clock, index=background)
        opened.callback(search.close)
        # Before the search, whose thread may be waiting for a vendor.
        opened.callback(close_embedders, embedders)
        baskets = None if settings.catalog else SAMPLE / "baskets.jsonl"
        recommender = open_recommender(units, search, clock, baskets=baskets)
        shop = Shop(profile, units, clock, search, recommender)
        yield OpenShop(shop, report, _in_words(settings, chroma), insight)


def close_embedders(embedders: Sequence[Embedder | None]) -> None:
    for embedder in embedders:
        if isinstance(embedder, PartwiseEmbedder):
            embedder.close()


def _in_words(settings: Settings, chroma: ChromaIndex | None) -> str:
    place = "Chroma server" if chroma is not None else "embedded Chroma"
    return f"words and {settings.embeddings} vectors, {place}"
