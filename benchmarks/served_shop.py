"""A shop in a process of its own, as `smartcart serve` starts it, and what it costs the machine."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.shop_client import Client
from tests.e2e.processes import SmartCart

_AT_ONCE = 16
_PAGE = 4096
_TICKS = 100


@contextmanager
def served_shop(folder: Path, model_url: str) -> Iterator[SmartCart]:
    """The sample shop on SQLite and its private Redis, with a model at that address."""
    shop = SmartCart(
        folder,
        SMARTCART_MODEL="openai:bench",
        OPENAI_API_KEY="no-real-key",
        SMARTCART_MODEL_BASE_URL=model_url,
        SMARTCART_MODEL_TIMEOUT="120",
        SMARTCART_LOG_LEVEL="WARNING",
    )
    try:
        yield shop.wait()
    finally:
        shop.stop()


def memory(shop: SmartCart) -> int:
    """Resident bytes of the server's process."""
    return int(Path(f"/proc/{shop.popen.pid}/statm").read_text().split()[1]) * _PAGE


def processor(shop: SmartCart) -> float:
    """Seconds of all its threads."""
    fields = Path(f"/proc/{shop.popen.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def arrivals(shop: SmartCart, count: int) -> list[Client]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def arrive() -> Client:
        async with places:
            return await Client.arrive(shop.port)

    return await asyncio.gather(*[arrive() for _ in range(count)])
