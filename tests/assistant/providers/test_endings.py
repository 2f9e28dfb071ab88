"""How vendors say that an answer has ended."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from assistant.providers.endings import Ending, ending_of


@pytest.mark.parametrize(
    ("told", "ending"),
    [
        ({"finish_reason": "stop"}, "finished"),
        ({"finish_reason": "eos"}, "finished"),
        ({"finish_reason": "tool_calls"}, "finished"),
        ({"status": "completed"}, "finished"),
        ({"finish_reason": "STOP"}, "finished"),
        ({"finish_reason": "length"}, "too long"),
        ({"finish_reason": "MAX_TOKENS"}, "too long"),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            "too long",
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            "kept back",
        ),
        ({"finish_reason": "SAFETY"}, "kept back"),
        ({"finish_reason": "RECITATION"}, "kept back"),
        ({"finish_reason": "PROHIBITED_CONTENT"}, "kept back"),
        ({"prompt_feedback": {"block_reason": 1}}, "kept back"),
        ({"finish_reason": "MALFORMED_FUNCTION_CALL"}, "malformed"),
        ({"finish_reason": "UNEXPECTED_TOOL_CALL"}, "malformed"),
        ({"finish_reason": "FINISH_REASON_UNSPECIFIED"}, "untold"),
        ({}, "untold"),
    ],
)
def test_an_ending_is_read_in_each_vendors_words(told: dict[str, Any], ending: Ending) -> None:
    assert ending_of(AIMessage("Hi", response_metadata=told)) == ending


def test_a_refusal_in_words_is_an_answer_kept_back() -> None:
    refused = AIMessage("", additional_kwargs={"refusal": "I can not."})

    assert ending_of(refused) == "kept back"
