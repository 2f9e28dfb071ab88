"""Which key goes to which server: a vendor's to its own address alone, others' to their host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.setting_values import readable
from knowledge.errors import InvalidInput

Vendor = Literal["openai", "google"]
_HOSTS: dict[Vendor, str] = {"openai": "api.openai.com", "google": "googleapis.com"}
_SETTINGS: dict[Vendor, str] = {"openai": "OPENAI_API_KEY", "google": "GEMINI_API_KEY"}
_HOW = "write HOST=KEY, several with commas, such as api.mistral.ai=KEY"


@dataclass(frozen=True, slots=True)
class VendorKeys:
    """``servers`` are keys by host, or by host and port. Nothing here is told to anybody."""

    openai: str | None = field(default=None, repr=False)
    google: str | None = field(default=None, repr=False)
    servers: Mapping[str, str] = field(default_factory=dict, repr=False)
    openai_base_url: str | None = None
    """OPENAI_BASE_URL: set beside OpenAI's key, for whoever stands in its place."""

    def of(self, vendor: Vendor, address: str | None) -> str | None:
        """The key for an address; None is the vendor's own. Nobody is given another's key."""
        if address is None:
            return self.openai if vendor == "openai" else self.google
        place = urlsplit(address)
        host = place.netloc.lower().rpartition("@")[2]
        given = self.servers.get(host) or self.servers.get(place.hostname or "")
        if given:
            return given
        if _is_of("google", address):
            return self.google
        if _is_of("openai", address):
            return self.openai
        instead = self.openai_base_url
        if vendor == "openai" and instead and urlsplit(instead).netloc == place.netloc:
            return self.openai
        return None

    def lacks(self, vendor: Vendor, address: str | None) -> str | None:
        """The setting of a key that a vendor's own address asks for, where it is not set."""
        if address is not None and _is_of("google", address):
            vendor = "google"
        elif address is not None and not _is_of("openai", address):
            return None
        return None if self.of(vendor, address) else _SETTINGS[vendor]


def parse_server_keys(text: str | None) -> dict[str, str]:
    """Raises ``InvalidInput``, in words that do not repeat a key."""
    keys: dict[str, str] = {}
    parts = text.split(",") if text else []
    for number, part in enumerate(map(str.strip, parts), 1):
        host, _, key = part.partition("=")
        if "/" in host or not host or not key or any(letter.isspace() for letter in part):
            raise InvalidInput(f"Entry {number} is no host with its key: {_HOW}.")
        if host.lower() in keys:
            raise InvalidInput(f"{host} is given two keys.")
        keys[host.lower()] = key
    return keys


def readable_keys(text: SecretStr) -> SecretStr:
    """The same; pydantic shows what a ``ValueError`` says."""
    readable(parse_server_keys, text)
    return text


def _is_of(vendor: Vendor, address: str) -> bool:
    place = urlsplit(address)
    host, known = place.hostname or "", _HOSTS[vendor]
    return place.scheme == "https" and (host == known or host.endswith(f".{known}"))
