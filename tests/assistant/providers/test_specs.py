import pytest

from assistant.providers.context_sizes import ENDLESS, SERVED_ELSEWHERE, context_tokens
from assistant.providers.specs import OFFLINE, ModelSpec, parse_chain, parse_spec
from knowledge.errors import InvalidInput


def test_a_chain_is_read_in_its_order() -> None:
    chain = parse_chain("openai:gpt-5-mini, google:gemini-2.5-flash,offline")

    assert chain == (
        ModelSpec("openai", "gpt-5-mini"),
        ModelSpec("google", "gemini-2.5-flash"),
        OFFLINE,
    )


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("offline", OFFLINE),
        ("OpenAI:gpt-5", ModelSpec("openai", "gpt-5")),
        (
            "openai-compatible:@cf/meta/llama-3@https://cf.example/v1",
            ModelSpec("openai-compatible", "@cf/meta/llama-3", "https://cf.example/v1"),
        ),
        ("gemini:gemini-3-pro", ModelSpec("google", "gemini-3-pro")),
        ("openai-responses:o4-mini", ModelSpec("openai-responses", "o4-mini")),
        ("openai-compatible:llama3.1:8b", ModelSpec("openai-compatible", "llama3.1:8b")),
        (
            "openai-compatible:llama3.1:8b@http://localhost:11434/v1",
            ModelSpec("openai-compatible", "llama3.1:8b", "http://localhost:11434/v1"),
        ),
        (
            "openai:org/model@2026@https://models.example/v1",
            ModelSpec("openai", "org/model@2026", "https://models.example/v1"),
        ),
    ],
)
def test_a_model_is_named_by_provider_name_and_address(text: str, spec: ModelSpec) -> None:
    assert parse_spec(text) == spec
    assert parse_spec(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "missing"),
        ("openai:gpt-5,,offline", "missing"),
        ("gpt-5", "no model"),
        ("mystery:model", "no model"),
        ("offline:x", "no model"),
        ("openai:", "names no model"),
        ("openai:gpt 5", "names no model"),
        ("openai:@http://localhost", "names no model"),
        ("openai:gpt@http:/localhost", "@http://SERVER"),
        ("openai:gpt@https://", "@http://SERVER"),
        ("openai:gpt@http://host:99999/v1", "@http://SERVER"),
        ("openai:gpt@http://:80/v1", "@http://SERVER"),
        ("openai-compatible:llama@localhost:11434/v1", "@http://SERVER"),
        ("openai-compatible:llama@10.0.0.7/v1", "@http://SERVER"),
        ("openai-compatible:llama@gpu.local:8000", "@http://SERVER"),
        ("openai-compatible:llama@ftp://host/v1", "@http://SERVER"),
        ("offline,openai:gpt-5", "behind it"),
        ("openai:gpt-5,openai:gpt-5", "twice"),
    ],
)
def test_a_slip_is_told_in_words(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse_chain(text)


@pytest.mark.parametrize(
    ("text", "place", "tokens"),
    [
        ("openai:gpt-5.4-mini", "its own", 400_000),
        ("openai:gpt-5-chat-latest", "its own", 128_000),
        ("openai:gpt-4o-mini", "its own", 128_000),
        ("openai-responses:o4-mini", "its own", 200_000),
        ("openai:something-new", "its own", 128_000),
        ("google:gemini-3.5-flash", "its own", 1_048_576),
        ("openai-compatible:openai/gpt-4o", "elsewhere", 128_000),
        ("openai-compatible:llama3.1", "elsewhere", SERVED_ELSEWHERE),
        ("openai-compatible:gpt-oss:20b", "elsewhere", SERVED_ELSEWHERE),
        ("openai:llama3.1", "elsewhere", SERVED_ELSEWHERE),
        ("offline", "its own", ENDLESS),
    ],
)
def test_what_a_model_can_read_is_known_or_assumed_with_care(
    text: str, place: str, tokens: int
) -> None:
    assert context_tokens(parse_spec(text), elsewhere=place == "elsewhere") == tokens
