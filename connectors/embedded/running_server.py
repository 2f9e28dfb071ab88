"""What every kind of private server can do once it runs."""

from typing import Protocol

from connectors.embedded.candidates import ServerKind
from connectors.embedded.server_folder import ServerRecord


class RunningServer(Protocol):
    """A server that answers at ``url``: our own process, one of another owner, or a fake."""

    @property
    def kind(self) -> ServerKind: ...

    @property
    def url(self) -> str: ...

    def healthy(self) -> bool: ...

    def close(self) -> None: ...


class OwnedServer(RunningServer, Protocol):
    """A server of this process, which others can join."""

    def record(self) -> ServerRecord: ...
