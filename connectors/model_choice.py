"""Which models a shop asks, in which order, and where and with which key each is reached."""

import re
from dataclasses import dataclass, field

from assistant.providers.specs import OFFLINE, ModelSpec, parse_chain
from connectors.vendor_keys import Vendor, VendorKeys
from knowledge.errors import InvalidInput

# Current, cheap, and with a known price: docs/providers.md says why these.
DEFAULT_OPENAI_MODEL = "openai-responses:gpt-6-luna"
DEFAULT_GOOGLE_MODEL = "google:gemini-3.5-flash-lite"
_LOGIN = re.compile(r"//[^/@]*@")


def readable_chain(text: str) -> str:
    """The chain in one form of writing; pydantic shows what a ``ValueError`` says."""
    try:
        return ",".join(map(str, parse_chain(text)))
    except InvalidInput as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What is set of models. ``base_url`` is ours, ``openai_base_url`` the SDK's own."""

    named: str | None = None
    keys: VendorKeys = field(default_factory=VendorKeys)
    base_url: str | None = None

    @property
    def chain(self) -> tuple[ModelSpec, ...]:
        """The one named; else the model of the key at hand, and the offline one behind it."""
        if self.named:
            return parse_chain(self.named)
        if self.keys.openai:
            return (*parse_chain(DEFAULT_OPENAI_MODEL), OFFLINE)
        if self.keys.google:
            return (*parse_chain(DEFAULT_GOOGLE_MODEL), OFFLINE)
        return (OFFLINE,)

    @property
    def reason(self) -> str:
        """Why this chain: for `smartcart check` and the lines printed at start."""
        if self.named:
            return "named by SMARTCART_MODEL"
        if self.keys.openai:
            return "an OpenAI key is set; choose another with SMARTCART_MODEL"
        if self.keys.google:
            return "a Gemini key is set; choose another with SMARTCART_MODEL"
        return "no key is set, none is needed"

    def address_of(self, spec: ModelSpec) -> str | None:
        """Where a link is reached; None is its vendor's own address."""
        if spec.address or spec.is_offline:
            return spec.address
        if self.base_url and spec in self._meant_by_base_url():
            return self.base_url
        return self.keys.openai_base_url if spec.speaks_openai else None

    def key_of(self, spec: ModelSpec) -> str | None:
        """A vendor's key goes to no other server; those have keys of their own, or none."""
        return None if spec.is_offline else self.keys.of(_vendor_of(spec), self.address_of(spec))

    def problem(self) -> str | None:
        """What is missing or cannot be told apart, with the name of the setting."""
        if self.base_url and len(self._meant_by_base_url()) > 1:
            return (
                "MODEL_BASE_URL could be meant for several models of MODEL; write the address"
                " behind the one it belongs to, as in openai-compatible:NAME@URL"
            )
        for spec in self.chain:
            if spec.is_offline:
                continue
            address = self.address_of(spec)
            if spec.provider == "openai-compatible" and not address:
                return (
                    f"MODEL names {spec}, but not where it answers; write its address behind it,"
                    " as in openai-compatible:NAME@http://localhost:11434/v1, or set MODEL_BASE_URL"
                )
            lacking = self.keys.lacks(_vendor_of(spec), address)
            if lacking:
                return (
                    f"MODEL names {spec}, but {lacking} is not set; set it, or take that model out"
                )
        return None

    def in_words(self) -> str:
        """The chain for people, with the addresses that are not the vendors' own; no secret."""
        links = []
        for spec in self.chain:
            address = self.address_of(spec)
            place = _LOGIN.sub("//", address or "")
            keyless = "" if self.key_of(spec) else ", no key"
            links.append(f"{spec.title} at {place}{keyless}" if place else spec.title)
        return f"{', then '.join(links)} ({self.reason})"

    def _meant_by_base_url(self) -> list[ModelSpec]:
        """Compatible servers, which need an address; else the vendor's model that there is."""
        without = [one for one in self.chain if not one.is_offline and not one.address]
        compatible = [one for one in without if one.provider == "openai-compatible"]
        return compatible[:1] if compatible else without


def _vendor_of(spec: ModelSpec) -> Vendor:
    return "google" if spec.provider == "google" else "openai"
