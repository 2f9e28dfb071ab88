"""Asks each vendor once, as cheaply as can be: every model of the chain, and who makes vectors."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from assistant.model_calls import CallOutcome
from assistant.providers.failures import failure_of
from assistant.providers.minds import Mind
from assistant.providers.one_try import Try, try_once
from assistant.providers.opening import open_mind
from assistant.providers.time_shares import Share
from connectors.settings import Settings
from connectors.wiring import Check, model_options
from knowledge.errors import Unavailable
from knowledge.ports import Embedder, PartwiseEmbedder

_ASKED = (
    SystemMessage("You are asked whether you can be reached."),
    HumanMessage("Say OK and nothing else."),
)
# A server that cannot take tools is of no use to a shop, and says so only when it is sent one.
_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "report_trouble",
        "description": "Only when you cannot say OK.",
        "parameters": {
            "type": "object",
            "properties": {"trouble": {"type": "string"}},
            "required": ["trouble"],
        },
    },
}


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """How one call went. Tokens are 0 where the vendor does not count them."""

    purpose: str
    name: str
    outcome: CallOutcome
    seconds: float
    first_token: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    error: str | None = None
    advice: str | None = None

    def as_check(self) -> Check:
        if self.outcome != "ok":
            advice = f"{self.advice} " if self.advice else ""
            detail = f"{self.outcome} after {self.seconds:.1f} s. {advice}It said: {self.error}"
            return Check(f"live {self.purpose}", ok=False, detail=f"{self.name}: {detail}")
        parts = [f"{self.name} answers in {self.seconds:.2f} s"]
        if self.first_token is not None:
            parts.append(f"first word after {self.first_token:.2f} s")
        if self.input_tokens or self.output_tokens:
            parts.append(f"{self.input_tokens} tokens in, {self.output_tokens} out")
        return Check(f"live {self.purpose}", ok=True, detail=", ".join(parts))


def check_live(settings: Settings) -> list[LiveCheck]:
    """Every vendor that is set, all at once; the offline model needs no asking."""
    return asyncio.run(_check(settings))


async def _check(settings: Settings) -> list[LiveCheck]:
    options = model_options(settings)
    specs = [spec for spec in settings.models.chain if not spec.is_offline]
    minds = [open_mind(spec, options(spec)) for spec in specs]
    asked: list[Any] = [_ask(mind, settings.model_timeout) for mind in minds]
    asked += [asyncio.to_thread(_embed, link, embedder) for link, embedder in _embedders(settings)]
    try:
        return list(await asyncio.gather(*asked))
    finally:
        for mind in minds:
            await mind.close()


async def _ask(mind: Mind, seconds: float) -> LiveCheck:
    done, begun = Try(), time.monotonic()
    model = mind.model.bind_tools([_TOOL])
    await try_once(mind, model, _ASKED, Share(seconds, seconds), done, hear=_unheard)
    used: Any = (done.message.usage_metadata if done.message is not None else None) or {}
    failure = done.failure
    return LiveCheck(
        purpose="model",
        name=mind.title,
        outcome="ok" if failure is None else failure.outcome,
        seconds=time.monotonic() - begun,
        first_token=done.first_token,
        input_tokens=int(used.get("input_tokens", 0)),
        output_tokens=int(used.get("output_tokens", 0)),
        error=None if failure is None else failure.told,
        advice=None if failure is None else failure.advice or None,
    )


def _embedders(settings: Settings) -> list[tuple[str, Embedder]]:
    choice = settings.embedding_choice
    return [
        (link.title, embedder)
        for link, embedder in zip(choice.links, choice.open(), strict=True)
        if link is not None and embedder is not None
    ]


def _embed(name: str, embedder: Embedder) -> LiveCheck:
    """As a search does, and on the same short clock."""
    begun = time.monotonic()
    outcome: CallOutcome = "ok"
    told = advice = None
    try:
        embedder.embed_query("oat milk")
    except Unavailable as error:
        outcome, told = "unreachable", str(error)
    except Exception as error:  # noqa: BLE001 - whatever a vendor's client raises
        failure = failure_of(error)
        outcome, told, advice = failure.outcome, failure.told, failure.advice or None
    finally:
        if isinstance(embedder, PartwiseEmbedder):
            embedder.close()
    seconds = time.monotonic() - begun
    return LiveCheck("embeddings", name, outcome, seconds, error=told, advice=advice)


def _unheard(text: str) -> None:
    del text
