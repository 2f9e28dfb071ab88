"""Reads the address of a mail server, and refuses to send a password in the clear."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from knowledge.errors import InvalidInput

_PORTS = {"smtp": 25, "smtps": 465}
_STARTTLS_PORT = 587
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. ``tls``: at once, after STARTTLS, or none."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: Literal["implicit", "starttls", "none"]

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read smtp://user:pass@host:port?starttls=1 or smtps://... Raises ``InvalidInput``."""
        parts = urlsplit(url)
        try:
            named = parts.port
        except ValueError:
            # Its words would hold what stands there: of a password with a slash the beginning.
            raise InvalidInput(
                "MAIL_URL has no number for a port. Special characters in user and password are "
                "percent-encoded."
            ) from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise InvalidInput("MAIL_URL should be smtp://user:password@host:port?starttls=1.")
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] not in {"0", "false", "no"}
        tls: Literal["implicit", "starttls", "none"] = "starttls" if starttls else "none"
        if parts.scheme == "smtps":
            tls = "implicit"
        if parts.username and tls == "none" and parts.hostname not in _HERE:
            raise InvalidInput(
                "MAIL_URL has a password but no encryption; use smtps:// or add ?starttls=1."
            )
        port = named or (_STARTTLS_PORT if tls == "starttls" else _PORTS[parts.scheme])
        return cls(
            parts.hostname,
            port,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
            tls,
        )
