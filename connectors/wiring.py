"""The composition root: settings in, a running application out. Nothing happens at import."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from assistant.providers.opening import ModelOptions, OptionsOf, open_minds
from assistant.providers.specs import ModelSpec
from assistant.service import Assistant
from assistant.watched_runner import WatchedRunner
from connectors.embedded import EmbeddedRedis
from connectors.embedded.errors import EmbeddedRedisUnavailable
from connectors.insight import breakers, left_out, open_insight, warn_of_unpriced
from connectors.job_handlers import job_handlers
from connectors.jobs import JobRunner
from connectors.metrics import Metrics
from connectors.opening import Indexing, OpenShop, open_shop, prepare_data_dir
from connectors.retention import schedule as schedule_retention
from connectors.settings import Settings
from connectors.tracing import Tracing, open_tracing, traced
from knowledge.catalog.importing import Progress
from knowledge.db.migrate import current_revision, head_revision
from knowledge.ports import Clock
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from prompts import use_folder
from tools.runner import ToolRunner

logger = logging.getLogger(__name__)
WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One part and how it is. Without one that is not ``needed`` the shop still serves."""

    name: str
    ok: bool
    detail: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a face needs. Made and closed by ``open_application``."""

    settings: Settings
    opened: OpenShop
    assistant: Assistant
    runner: ToolRunner
    state: SharedState
    redis: str
    metrics: Metrics
    tracing: Tracing

    @property
    def shop(self) -> Shop:
        return self.opened.shop

    def checks(self) -> list[Check]:
        """Whether the shop can serve; asks each part, so it blocks."""
        return [self._database(), self._catalog(), self._redis(), *self._models()]

    def product_count(self) -> int:
        with self.shop.read() as work:
            return work.catalog.count()

    def _database(self) -> Check:
        try:
            revision = current_revision(self.shop.units.engine)
        except Exception as error:  # noqa: BLE001 - whatever it is, the database is not well
            return Check("database", ok=False, detail=type(error).__name__)
        if revision != head_revision():
            return Check("database", ok=False, detail=f"schema {revision} is not the newest")
        return Check("database", ok=True, detail=f"schema {revision}")

    def _catalog(self) -> Check:
        try:
            count = self.product_count()
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be sold
            return Check("catalog", ok=False, detail=type(error).__name__)
        return Check("catalog", ok=count > 0, detail=f"{count} products")

    def _models(self) -> list[Check]:
        if self.assistant.minds[0].is_offline:
            return []
        out = left_out(self.assistant.minds)
        return [Check("models", ok=not out, detail=out or "none is left out", needed=False)]

    def _redis(self) -> Check:
        fine = self.state.available
        detail = self.redis if fine else f"{self.redis} is lost; going on from the database, slower"
        return Check("redis", ok=fine, detail=detail, needed=False)


@asynccontextmanager
async def open_application(
    settings: Settings,
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
    indexing: Indexing = "background",
) -> AsyncIterator[Application]:
    """Open everything, in this event loop, and close it in the opposite order."""
    async with AsyncExitStack() as stack:
        loop = asyncio.get_running_loop()
        executor = ThreadPoolExecutor(settings.executor_threads, thread_name_prefix="shop")
        loop.set_default_executor(executor)
        use_folder(settings.prompts)
        stack.callback(use_folder, None)
        metrics, tracing = Metrics(), open_tracing(settings)
        stack.push_async_callback(asyncio.to_thread, tracing.close)
        insight = open_insight(settings, metrics, tracing)
        embedded = EmbeddedRedis(prepare_data_dir(settings)) if not settings.redis_url else None
        # Both take a while to start and neither needs the other.
        starting = asyncio.ensure_future(asyncio.to_thread(_start, embedded, settings))
        opening = open_shop(
            settings, clock=clock, progress=progress, indexing=indexing, insight=insight
        )
        try:
            opened = traced(await asyncio.to_thread(opening.__enter__), tracing)
        finally:
            url, kind = await starting
            if embedded is not None:
                stack.push_async_callback(asyncio.to_thread, embedded.close)
        stack.push_async_callback(asyncio.to_thread, opening.__exit__, None, None, None)
        state = SharedState(url)
        stack.callback(state.close)
        minds = open_minds(
            settings.models.chain,
            model_options(settings),
            lambda: opened.shop.search.vocabulary,
        )
        assistant = Assistant(shop=opened.shop, minds=minds, state=state, insight=opened.insight)
        warn_of_unpriced(assistant.minds, opened.insight)
        metrics.watch(opened.shop, lambda: breakers(assistant.minds))
        stack.push_async_callback(assistant.close)
        stack.callback(asyncio.create_task(assistant.sweep_forever()).cancel)
        jobs = JobRunner(opened.shop, job_handlers(settings, opened.shop))
        jobs.start()
        await asyncio.to_thread(
            schedule_retention, opened.shop.units, opened.shop.clock, opened.shop.profile
        )
        stack.push_async_callback(jobs.stop)
        if embedded is not None:
            stack.callback(asyncio.create_task(_watch(embedded)).cancel)
        runner = WatchedRunner(opened.shop, opened.insight)
        yield Application(settings, opened, assistant, runner, state, kind, metrics, tracing)


def model_options(settings: Settings) -> OptionsOf:
    """How each link of the chain is reached."""
    models = settings.models

    def options(spec: ModelSpec) -> ModelOptions:
        return ModelOptions(
            api_key=models.key_of(spec),
            base_url=models.address_of(spec),
            timeout=settings.model_timeout,
            first_token_timeout=settings.model_first_token_timeout,
            retries=settings.model_retries,
            context_tokens=settings.model_context,
        )

    return options


def _start(embedded: EmbeddedRedis | None, settings: Settings) -> tuple[str | None, str]:
    """The URL of Redis and what it is; the shop also works without one, from SQL alone."""
    if embedded is None:
        return settings.redis_url, "redis (REDIS_URL)"
    try:
        return embedded.start(), f"{embedded.kind} (private)"
    except EmbeddedRedisUnavailable as error:
        logger.warning("%s Going on without Redis.", error)
        return None, "no redis"


async def _watch(embedded: EmbeddedRedis) -> None:
    """Start the private Redis again when it ends; also after its owner, another process, did."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await asyncio.to_thread(embedded.ensure)
        except EmbeddedRedisUnavailable:
            logger.exception("The private Redis cannot be started again; trying on")
