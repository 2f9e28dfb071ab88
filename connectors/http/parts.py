"""What request handlers reach for: the application's parts, and a thread for blocking work."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import HTTPConnection

from connectors.wiring import Application

Result = TypeVar("Result")


def parts_of(connection: HTTPConnection) -> Application:
    application = connection.app.state.application
    assert isinstance(application, Application)
    return application


async def in_thread(work: Callable[[], Result]) -> Result:
    """Run blocking work of the core on the executor sized in settings."""
    return await asyncio.get_running_loop().run_in_executor(None, work)
