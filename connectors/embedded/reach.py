"""Asks the server at a URL whether it is ready and which process it is."""

import time
from dataclasses import dataclass
from enum import Enum, auto

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, RedisError, TimeoutError  # noqa: A004
from redis.retry import Retry

CALL_SECONDS = 2.0
BUSY_SECONDS = 10.0
LOADING_SECONDS = 120.0


class State(Enum):
    """How a server answered."""

    READY = auto()
    LOADING = auto()  # reading its saved data
    BUSY = auto()  # there, but silent for longer than one call may take
    GONE = auto()
    UNFIT = auto()  # answers, but not as a Redis that we can use


@dataclass(frozen=True)
class Answer:
    """The state of a server, its process id when it tells, and its complaint when unfit."""

    state: State
    pid: int | None = None
    complaint: str = ""


def ask(url: str) -> Answer:
    """Ping once; servers behind a socket file also tell their process id."""
    with _client(url) as client:
        try:
            client.ping()
            pid = int(client.info("server")["process_id"]) if url.startswith("unix:") else None
        except BusyLoadingError:
            return Answer(State.LOADING)
        except TimeoutError:
            return Answer(State.BUSY)
        except ConnectionError:
            return Answer(State.GONE)
        except (RedisError, KeyError, ValueError) as error:
            return Answer(State.UNFIT, complaint=str(error))
    return Answer(State.READY, pid)


def still_serves(url: str, pid: int | None) -> bool:
    """Tell whether that process still answers, giving a busy or loading one some time."""
    started = time.monotonic()
    patience = {State.BUSY: BUSY_SECONDS, State.LOADING: LOADING_SECONDS}
    while (answer := ask(url)).state in patience:
        if time.monotonic() - started > patience[answer.state]:
            return False
        time.sleep(0.05)
    return answer.state is State.READY and answer.pid == pid


def shut_down(url: str) -> None:
    """Have a server end itself; safer than a signal, as process ids are used again."""
    with _client(url) as client:
        client.shutdown(nosave=True)


def _client(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=CALL_SECONDS,
        socket_connect_timeout=CALL_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
