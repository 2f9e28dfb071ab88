"""The minds of a shop in the order they are asked, each with its breaker."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from langchain_core.language_models import BaseChatModel

from assistant.providers.breaker import Breaker
from assistant.providers.context_sizes import ENDLESS
from assistant.providers.specs import ModelSpec


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Bounds of one call, in seconds; the turn's own clock may be stricter."""

    timeout: float = 30.0
    first_token_timeout: float = 12.0
    retries: int = 0


@dataclass(slots=True)
class Habits:
    """What is learned of a model while it answers.

    ``thinks_first``: whether its answers begin with a thought of which only the end is marked.
    None until one has come; ``suspected`` answers are then heard once they are whole.
    """

    thinks_first: bool | None = None
    suspected: bool = False

    @property
    def may_think_first(self) -> bool:
        return self.suspected if self.thinks_first is None else self.thinks_first


@dataclass(frozen=True, slots=True, eq=False)
class Mind:
    """One model that can answer. ``name`` is the vendor's; ``title`` what records call it."""

    spec: ModelSpec | None
    model: BaseChatModel
    name: str
    provider: str
    context_tokens: int
    is_offline: bool
    breaker: Breaker = field(default_factory=Breaker)
    habits: Habits = field(default_factory=Habits)
    place: str = ""
    """Its server's host, where another link of the chain has the same name."""

    @property
    def title(self) -> str:
        place = f"@{self.place}" if self.place else ""
        return "offline" if self.is_offline else f"{self.provider}:{self.name}{place}"[:128]

    async def close(self) -> None:
        """Close the connections a vendor's client keeps open; LangChain has no call for it."""
        openai = getattr(self.model, "root_async_client", None)
        if openai is not None:
            await openai.close()
        google = getattr(getattr(self.model, "client", None), "aio", None)
        if google is not None:
            await google.aclose()


class Minds(Sequence[Mind]):
    """A chain; ``spare`` is the offline mind where the chain itself has none."""

    def __init__(
        self, minds: Iterable[Mind], *, spare: Mind | None = None, limits: CallLimits | None = None
    ) -> None:
        self._minds = tuple(minds)
        self.spare = spare
        self.limits = limits or CallLimits()

    @classmethod
    def one(cls, model: BaseChatModel, *, limits: CallLimits | None = None) -> "Minds":
        """A chain of a single model that somebody else has opened; it is asked once a call."""
        kind = model._llm_type  # noqa: SLF001 - LangChain's own name for it
        named = getattr(model, "model_name", None) or getattr(model, "model", None) or kind
        mind = Mind(None, model, str(named), kind, ENDLESS, is_offline=kind == "offline")
        return cls([mind], limits=limits)

    @property
    def offline(self) -> Mind | None:
        """The mind that needs no vendor, in the chain or kept as a spare."""
        return next((mind for mind in self._minds if mind.is_offline), self.spare)

    def only_offline(self) -> "Minds":
        """The chain of a turn that may not cost anything; the chain itself without such a mind."""
        return self if self.offline is None else Minds([self.offline], limits=self.limits)

    async def close(self) -> None:
        for mind in self._minds:
            await mind.close()

    @overload
    def __getitem__(self, index: int) -> Mind: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mind]: ...
    def __getitem__(self, index: int | slice) -> Mind | Sequence[Mind]:
        return self._minds[index]

    def __len__(self) -> int:
        return len(self._minds)

    def __iter__(self) -> Iterator[Mind]:
        return iter(self._minds)
