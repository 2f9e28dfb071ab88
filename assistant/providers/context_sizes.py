"""How many tokens each family of models can read, and what is assumed of others."""

import re

from assistant.providers.specs import ModelSpec

# As the vendors state them: https://developers.openai.com/api/docs/models and
# https://ai.google.dev/gemini-api/docs/models. The first that fits counts.
_FAMILIES: tuple[tuple[str, int], ...] = (
    (r"gpt-5[\w.]*-chat", 128_000),
    (r"gpt-[5-9]", 400_000),
    (r"gpt-4\.1", 1_047_576),
    (r"gpt-4o|gpt-4-turbo|chatgpt-4o", 128_000),
    (r"gpt-4", 8_192),
    (r"gpt-3\.5", 16_385),
    (r"gpt-oss", 131_072),
    (r"o[134]\b", 200_000),
    (r"gemini-", 1_048_576),
    (r"gemma-3n", 32_768),
    (r"gemma-", 131_072),
)
_UNKNOWN = {"openai": 128_000, "openai-responses": 128_000, "google": 128_000}
SERVED_ELSEWHERE = 8_192
"""What is assumed of a server of the shop's own: it is started with a size of its own (Ollama's
default is 4,096 and it cuts longer talks off unseen), whatever the model could read."""
ENDLESS = 1_000_000
"""The offline model reads all it is given."""


def context_tokens(spec: ModelSpec, *, elsewhere: bool) -> int:
    """``elsewhere`` tells that an address other than the vendor's answers."""
    if spec.is_offline:
        return ENDLESS
    hosted = spec.provider != "openai-compatible"
    if hosted or elsewhere:
        name = spec.name.lower().rpartition("/")[2]
        for family, tokens in _FAMILIES:
            if re.match(family, name) and (hosted or not name.startswith(("gpt-oss", "gemma"))):
                return tokens
    if elsewhere or not hosted:
        return SERVED_ELSEWHERE
    return _UNKNOWN[spec.provider]
