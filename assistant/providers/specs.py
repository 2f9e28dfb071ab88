"""Reads the names of models: one link such as ``openai:gpt-5-mini``, or a chain of them."""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from knowledge.errors import InvalidInput

Provider = Literal["openai", "openai-responses", "openai-compatible", "google", "offline"]
_OTHER_NAMES = {"gemini": "google"}
# What stands behind @ and lacks its http://; a model's name may hold an @, too.
_LIKE_AN_ADDRESS = re.compile(
    r"://|@(?:localhost|\d+(?:\.\d+){3}|[\w-]+(?:\.[\w-]+)*:\d+)(?:[:/]|$)"
)
_HOW = (
    "use offline, openai:NAME, openai-responses:NAME, google:NAME or openai-compatible:NAME@URL,"
    " several with commas"
)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """``address`` is that of the server it names itself, as in ``openai-compatible:llama@URL``."""

    provider: Provider
    name: str = ""
    address: str | None = None

    def __str__(self) -> str:
        place = f"@{self.address}" if self.address else ""
        return f"{self.title}{place}"

    @property
    def title(self) -> str:
        """What records and people call it."""
        return f"{self.provider}:{self.name}" if self.name else self.provider

    @property
    def is_offline(self) -> bool:
        return self.provider == "offline"

    @property
    def speaks_openai(self) -> bool:
        return self.provider.startswith("openai")


OFFLINE = ModelSpec("offline")


def parse_chain(text: str) -> tuple[ModelSpec, ...]:
    """The links in the order they are tried. Raises ``InvalidInput``."""
    specs = tuple(parse_spec(part) for part in text.split(","))
    for position, spec in enumerate(specs):
        if spec in specs[:position]:
            raise InvalidInput(f"{spec} stands in the chain twice.")
        if spec.is_offline and spec is not specs[-1]:
            raise InvalidInput("offline always answers: nothing that stands behind it is asked.")
    return specs


def parse_spec(text: str) -> ModelSpec:
    text = text.strip()
    if not text:
        raise InvalidInput(f"A model is missing: {_HOW}.")
    if text == OFFLINE.provider:
        return OFFLINE
    provider, _, rest = text.partition(":")
    provider = provider.strip().lower()
    provider = _OTHER_NAMES.get(provider, provider)
    name, at, address = rest.partition("@http")
    if provider not in get_args(Provider) or provider == "offline":
        raise InvalidInput(f"{text!r} is no model: {_HOW}.")
    if not name or any(letter.isspace() for letter in rest):
        raise InvalidInput(f"{text!r} names no model of {provider}: {_HOW}.")
    if _LIKE_AN_ADDRESS.search(name) or (at and not _is_address(f"http{address}")):
        raise InvalidInput(f"{text!r} should end in @http://SERVER or @https://SERVER.")
    return ModelSpec(cast("Provider", provider), name, f"http{address}" if at else None)


def _is_address(text: str) -> bool:
    try:
        place = urlsplit(text)
        return place.scheme in {"http", "https"} and bool(place.hostname) and place.port != 0
    except ValueError:
        return False
