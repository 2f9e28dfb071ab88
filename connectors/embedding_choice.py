"""What makes a shop's search vectors: vendors' models, the one fitted here, or one for another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.providers.specs import ModelSpec, parse_spec
from connectors.vendor_keys import VendorKeys
from knowledge.errors import InvalidInput

if TYPE_CHECKING:
    from connectors.embedders.requests import Note
    from knowledge.ports import Embedder

BUILTIN = "builtin"
_HOW = "use builtin, openai:NAME or google:NAME, several with commas"
# Servers of our own or a neighbour's ask for no key; the SDK does.
_NO_KEY = "none"


def readable_embeddings(text: str) -> str:
    """The chain in one form of writing; pydantic shows what a ``ValueError`` says."""
    try:
        return ",".join(BUILTIN if link is None else str(link) for link in parse_links(text))
    except InvalidInput as error:
        raise ValueError(str(error)) from None


def parse_links(text: str) -> tuple[ModelSpec | None, ...]:
    """The links, best first; None is the embedder fitted here. Raises ``InvalidInput``."""
    links: list[ModelSpec | None] = []
    for part in text.split(","):
        link = None if part.strip() == BUILTIN else parse_spec(part)
        if link is not None and link.provider not in {"openai", "google"}:
            raise InvalidInput(f"{part.strip()!r} makes no vectors: {_HOW}.")
        if None in links:
            raise InvalidInput("builtin is always there: nothing that stands behind it is used.")
        if link in links:
            raise InvalidInput(f"{link} stands in the chain twice.")
        links.append(link)
    return tuple(links)


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """What is set of embeddings."""

    named: str
    keys: VendorKeys = field(default_factory=VendorKeys)
    per_minute: int = 0

    @property
    def links(self) -> tuple[ModelSpec | None, ...]:
        return parse_links(self.named)

    def problem(self) -> str | None:
        """What is missing, with the name of the setting."""
        for link in self.links:
            if link is None:
                continue
            if link.address:
                continue
            if link.provider == "google" and not self.keys.google:
                return "EMBEDDINGS uses Google, but GEMINI_API_KEY is not set"
            if link.provider == "openai" and not (self.keys.openai or self.keys.openai_base_url):
                return "EMBEDDINGS uses OpenAI, but OPENAI_API_KEY is not set"
        return None

    def open(self, note: "Note | None" = None) -> "Sequence[Embedder | None]":
        """Open each link; ``note`` is told of every request to a vendor. None is the one fitted."""
        return [None if link is None else self._opened(link, note) for link in self.links]

    def _opened(self, link: ModelSpec, note: "Note | None") -> "Embedder":
        from connectors.embedders.gemini_embedder import GeminiEmbedder  # noqa: PLC0415 - NumPy
        from connectors.embedders.openai_embedder import OpenAIEmbedder  # noqa: PLC0415 - and more
        from connectors.embedders.vendor_embedder import EmbeddingOptions  # noqa: PLC0415

        options = EmbeddingOptions(per_minute=self.per_minute, note=note)
        if link.provider == "google":
            return GeminiEmbedder(
                api_key=self.keys.of("google", link.address) or _NO_KEY,
                model=link.name,
                base_url=link.address,
                options=options,
            )
        address = link.address or self.keys.openai_base_url
        return OpenAIEmbedder(
            api_key=self.keys.of("openai", address) or _NO_KEY,
            model=link.name,
            base_url=address,
            options=options,
        )
