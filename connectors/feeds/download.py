"""Downloads a feed over HTTP: only when it is new, within limits, going on where it broke off."""

import json
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from connectors.feeds.guarded_network import AddressRefused, GuardedNetwork
from knowledge.errors import Unavailable
from knowledge.ports import Fetched

USER_AGENT = "SmartCart feed reader"
_REDIRECTS = 5
_TRIES = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OK, _PARTIAL, _NOT_MODIFIED, _NOT_SATISFIABLE = 200, 206, 304, 416
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """``wait_seconds`` is for each step, ``whole_seconds`` for one download altogether."""

    most_bytes: int = 1 << 30
    wait_seconds: float = 30.0
    whole_seconds: float = 1800.0


class _BrokenOff(Exception):
    """The connection ended before the content did."""


class HttpDownload:
    """Thread-safe. Content packed by the server is kept packed: readers unpack it."""

    def __init__(self, *, limits: DownloadLimits, private_allowed: bool = False) -> None:
        self._limits = limits
        self._private_allowed = private_allowed

    def fetch(
        self, url: str, target: Path, *, etag: str | None, last_modified: str | None
    ) -> Fetched | None:
        """Raises ``Unavailable``; what came by then is kept for the next time."""
        deadline = time.monotonic() + self._limits.whole_seconds
        part = _Part(target)
        network = GuardedNetwork(private_allowed=self._private_allowed)
        with httpcore.ConnectionPool(network_backend=network) as pool:
            for last in (False,) * (_TRIES - 1) + (True,):
                asked = part.headers(url) or _conditions(etag, last_modified)
                try:
                    found = self._follow(pool, url, asked, part, deadline)
                except _BrokenOff as error:
                    if last or part.validator is None:
                        raise Unavailable(f"The feed broke off: {error}.") from error
                    continue
                if found is not None:
                    part.become(target)
                return found
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _follow(
        self,
        pool: httpcore.ConnectionPool,
        url: str,
        asked: Headers,
        part: "_Part",
        deadline: float,
    ) -> Fetched | None:
        address = url
        for _ in range(_REDIRECTS + 1):
            headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"} | asked
            if _origin(address) == _origin(url):
                headers |= _sign_in(url)
            wait = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.wait_seconds)
            try:
                with pool.stream(
                    "GET",
                    _bare(address),
                    headers=list(headers.items()),
                    extensions={"timeout": wait},
                ) as answer:
                    said = {
                        name.decode("latin-1").lower(): value.decode("latin-1")
                        for name, value in answer.headers
                    }
                    if answer.status not in _MOVED or "location" not in said:
                        return self._take(answer, said, url, part, deadline)
                    address = _moved(address, said["location"])
            except AddressRefused as error:
                raise Unavailable(
                    f"The feed is not fetched: {error}. SMARTCART_FEEDS_PRIVATE=true allows it."
                ) from error
            except httpcore.UnsupportedProtocol as error:
                raise Unavailable("The feed is not at an http or https address.") from error
            except (httpcore.TimeoutException, httpcore.NetworkError) as error:
                raise Unavailable(f"The feed cannot be reached: {_reason(error)}.") from error
            except httpcore.ProtocolError as error:
                raise Unavailable(f"The feed's server does not speak HTTP: {error}.") from error
        raise Unavailable(f"The feed is moved more than {_REDIRECTS} times.")

    def _take(
        self,
        answer: httpcore.Response,
        said: Headers,
        url: str,
        part: "_Part",
        deadline: float,
    ) -> Fetched | None:
        if answer.status == _NOT_MODIFIED:
            return None
        if answer.status == _NOT_SATISFIABLE:
            part.forget()
            raise _BrokenOff("the server has less of it than was downloaded")
        if answer.status == _PARTIAL:
            if not part.continues(said.get("content-range", "")):
                part.forget()
                raise _BrokenOff("the server sent another part than was asked for")
        elif answer.status == _OK:
            part.begin(url, said)
        else:
            raise Unavailable(f"The feed's server answered {answer.status}.")
        self._write(answer, part, deadline)
        return Fetched(said.get("etag"), said.get("last-modified"))

    def _write(self, answer: httpcore.Response, part: "_Part", deadline: float) -> None:
        most = self._limits.most_bytes
        with part.path.open("ab") as file:
            size = file.tell()
            try:
                for chunk in answer.iter_stream():
                    size += len(chunk)
                    if size > most:
                        part.forget()
                        raise Unavailable(f"The feed is larger than {most:,} bytes.")
                    if time.monotonic() > deadline:
                        raise Unavailable("The feed takes too long to download.")
                    file.write(chunk)
            except (
                httpcore.TimeoutException,
                httpcore.NetworkError,
                httpcore.ProtocolError,
            ) as error:
                raise _BrokenOff(_reason(error)) from error


class _Part:
    """What was downloaded so far, and what says that the rest belongs to it."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._notes = target.with_name(f"{target.name}.part.json")

    @property
    def validator(self) -> str | None:
        kept = self._read().get("validator")
        return kept if isinstance(kept, str) else None

    def headers(self, url: str) -> Headers:
        """Ask for the rest, if there is a beginning of the same; it comes whole if it changed."""
        kept = self._read()
        validator = kept.get("validator")
        size = self.path.stat().st_size if self.path.is_file() else 0
        if not size or not isinstance(validator, str) or kept.get("url") != url:
            return {}
        return {"Range": f"bytes={size}-", "If-Range": validator}

    def begin(self, url: str, said: Headers) -> None:
        self.path.write_bytes(b"")
        etag = said.get("etag", "")
        # A weak ETag does not promise the same bytes.
        validator = etag if etag and not etag.startswith("W/") else said.get("last-modified")
        self._notes.write_text(json.dumps({"url": url, "validator": validator}), "utf-8")

    def continues(self, content_range: str) -> bool:
        size = self.path.stat().st_size if self.path.is_file() else 0
        return size > 0 and content_range.startswith(f"bytes {size}-")

    def become(self, target: Path) -> None:
        self.path.replace(target)
        self._notes.unlink(missing_ok=True)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _read(self) -> dict[str, object]:
        try:
            kept = json.loads(self._notes.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}


def _conditions(etag: str | None, last_modified: str | None) -> Headers:
    found = {}
    if etag:
        found["If-None-Match"] = etag
    if last_modified:
        found["If-Modified-Since"] = last_modified
    return found


def _moved(address: str, location: str) -> str:
    moved = urljoin(address, location)
    if not moved.isascii():
        raise Unavailable("The feed is moved to an address that is no address.")
    if urlsplit(moved).scheme not in _DEFAULT_PORTS:
        raise Unavailable("The feed is moved to what is no http or https address.")
    if address.startswith("https:") and not moved.startswith("https:"):
        raise Unavailable("The feed is moved from https to http, where anybody can change it.")
    return moved


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _bare(url: str) -> str:
    """Without name and password, which go into a header, and without a fragment."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _sign_in(url: str) -> Headers:
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
