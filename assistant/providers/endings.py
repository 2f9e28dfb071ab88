"""Reads how an answer ended, whichever vendor's words say so."""

from typing import Any, Literal

from langchain_core.messages import AIMessage

Ending = Literal["finished", "too long", "kept back", "malformed", "untold"]
_TOO_LONG = ("length", "max_tokens", "max_output_tokens")
_KEPT_BACK = (
    *("content_filter", "safety", "recitation", "blocklist", "prohibited", "spii", "refusal"),
    *("image_safety", "language"),
)
# Google reads the calls of its models itself, and ends an answer whose call it cannot read.
_MALFORMED = ("malformed", "unexpected_tool_call", "too_many_tool_calls", "missing_thought")
_PROVIDERS_THAT_TELL = frozenset({"openai", "openai-responses", "openai-compatible", "google"})


def ending_of(message: AIMessage) -> Ending:
    """``untold`` when the vendor never said that it had finished: the line was cut."""
    told = message.response_metadata
    reason = _reason(told)
    if any(word in reason for word in _TOO_LONG):
        return "too long"
    if _refuses(message) or any(word in reason for word in _KEPT_BACK):
        return "kept back"
    if any(word in reason for word in _MALFORMED):
        return "malformed"
    if (told.get("prompt_feedback") or {}).get("block_reason"):
        return "kept back"
    return "finished" if reason else "untold"


def tells_its_ending(provider: str) -> bool:
    return provider in _PROVIDERS_THAT_TELL


def _reason(told: dict[str, Any]) -> str:
    incomplete = told.get("incomplete_details") or {}
    why = incomplete.get("reason") if isinstance(incomplete, dict) else None
    reason = why or told.get("finish_reason") or told.get("status") or ""
    written = str(getattr(reason, "value", reason)).lower()
    return "" if written == "finish_reason_unspecified" else written


def _refuses(message: AIMessage) -> bool:
    """OpenAI has a place of its own for a refusal in words, in each of its protocols."""
    if message.additional_kwargs.get("refusal"):
        return True
    return isinstance(message.content, list) and any(
        isinstance(block, dict) and block.get("type") == "refusal" for block in message.content
    )
