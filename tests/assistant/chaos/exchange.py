"""A thread in which relays stand between us and a server, so that lines can be broken anywhere."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GARBAGE = bytes((number * 73 + 41) % 256 for number in range(600))


class Exchange:
    """Runs the relays of a test on a loop of their own."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def listen(self, serve: Serve, port: int = 0) -> asyncio.Server:
        opening = asyncio.start_server(serve, "127.0.0.1", port)
        server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self._servers.append(server)
        return server

    def call(self, work: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(work)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # connections are closed in the next rounds of the loop


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def hang_up(writer: asyncio.StreamWriter, *, rudely: bool) -> None:
    """End a connection, in order or with a reset."""
    if rudely:
        await asyncio.sleep(0.002)  # what was written shall arrive first
        writer.transport.abort()
    else:
        writer.close()


async def until_left(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Whether the other side hung up within the time."""
    try:
        async with asyncio.timeout(seconds):
            while await reader.read(65536):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True
