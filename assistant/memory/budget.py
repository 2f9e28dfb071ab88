"""How many tokens of earlier talk a model is given, and how they are counted."""

from collections.abc import Sequence

from langchain_core.messages import BaseMessage
from langchain_core.messages.utils import count_tokens_approximately

from assistant.providers.minds import Mind

MOST = 8_000
"""What a long talk costs in each turn is bounded, however much a model could read."""
LEAST = 600
_SHARE = 4


def history_budget(mind: Mind) -> int | None:
    """A quarter of what a model can read; the rest is for prompt, tools, state and answer.

    None for the offline model, which is given the last turns as they are.
    """
    if mind.is_offline:
        return None
    return max(LEAST, min(MOST, mind.context_tokens // _SHARE))


def count_tokens(messages: Sequence[BaseMessage]) -> int:
    """By characters: exact counters load their tables from the network."""
    return count_tokens_approximately(messages)
