"""Runs tools as ever, and has each call counted and traced."""

import json
import time
from typing import Any

from assistant.insight import Insight
from knowledge.shop import Shop
from tools.registry import TOOLS
from tools.runner import Caller, Outcome, ToolRunner

_NAMES = frozenset(tool.name for tool in TOOLS)


class WatchedRunner(ToolRunner):
    """Whatever runs within a call, such as a search, is traced as part of it."""

    def __init__(self, shop: Shop, insight: Insight) -> None:
        super().__init__(shop)
        self._insight = insight

    def run(
        self,
        caller: Caller,
        name: str,
        arguments: dict[str, Any],
        *,
        call_id: str | None = None,
    ) -> Outcome:
        begun = time.monotonic()
        known = name if name in _NAMES else "unknown"
        result = "failed"
        try:
            with self._insight.span(
                f"execute_tool {known}",
                gen_ai__operation__name="execute_tool",
                gen_ai__tool__name=known,
                gen_ai__tool__type="function",
                gen_ai__tool__call__id=call_id or "",
            ) as span:
                outcome = super().run(caller, name, arguments, call_id=call_id)
                result = "ok" if outcome.kind is None else outcome.kind.value
                if not outcome.ok:
                    span.set_attribute("error.type", result)
                write = self._insight.write_text
                if write is not None and span.is_recording():
                    said = write(json.dumps(arguments, default=str))
                    span.set_attribute("gen_ai.tool.call.arguments", said)
                    span.set_attribute("gen_ai.tool.call.result", write(outcome.text))
        finally:
            self._insight.observer.tool_called(known, result, time.monotonic() - begun)
        return outcome
