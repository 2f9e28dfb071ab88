"""`smartcart worker`: does the jobs of the queue in a process of its own."""

import asyncio
import logging
import signal

import typer

from connectors.cli.console import output, settings_of
from connectors.job_handlers import job_handlers
from connectors.jobs import JobRunner
from connectors.opening import open_shop
from connectors.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(worker)


def worker(context: typer.Context) -> None:
    """Send mails, tell the owner's systems of orders and pull feeds, until it is stopped.

    `serve` does all this by itself; more workers share the queue with it.
    """
    asyncio.run(_work(settings_of(context)))


async def _work(settings: Settings) -> None:
    logging.getLogger().setLevel(settings.log_level)
    opening = open_shop(settings)
    opened = await asyncio.to_thread(opening.__enter__)
    try:
        runner = JobRunner(opened.shop, job_handlers(settings, opened.shop))
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        runner.start()
        output.print("The worker waits for jobs. Stop with Ctrl-C.")
        await stopped.wait()
        await runner.stop()
    finally:
        await asyncio.to_thread(opening.__exit__, None, None, None)
    output.print("The worker has stopped.")
