"""What can go wrong with the private Redis."""

from knowledge.errors import Unavailable


class EmbeddedRedisUnavailable(Unavailable):
    """No private Redis can be started or reached; tells the operator what to do about it."""


class ServerDidNotStart(EmbeddedRedisUnavailable):
    """One server program failed to start; ``blame_data`` when its saved data may be why."""

    def __init__(self, message: str, *, blame_data: bool = False) -> None:
        super().__init__(message)
        self.blame_data = blame_data
