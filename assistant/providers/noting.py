"""What is noted of one try of one model, for records, metrics and limits."""

from datetime import datetime
from typing import Any

from assistant.model_calls import ModelCall, Purpose
from assistant.providers.minds import Mind
from assistant.providers.one_try import Try


def call_of(mind: Mind, purpose: Purpose, done: Try, at: datetime, seconds: float) -> ModelCall:
    used: Any = (done.message.usage_metadata if done.message is not None else None) or {}
    failure = done.failure
    return ModelCall(
        purpose=purpose,
        provider=mind.provider,
        model=mind.name,
        outcome="ok" if failure is None else failure.outcome,
        at=at,
        seconds=seconds,
        first_token=done.first_token,
        input_tokens=int(used.get("input_tokens", 0)),
        cached_tokens=int((used.get("input_token_details") or {}).get("cache_read") or 0),
        output_tokens=int(used.get("output_tokens", 0)),
        error=None if failure is None else failure.told,
    )
