"""Says what whoever runs the shop can do about a vendor that refuses to answer."""

import re

UNREACHABLE = "Is it running, and can this machine reach its address?"
_MONEY = "Its account has no credit left: look at its billing."
_KEY = (
    "Its key is not accepted, or it was sent none: check OPENAI_API_KEY or GEMINI_API_KEY, and"
    " SMARTCART_MODEL_KEYS for every other server."
)
_BY_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r"insufficient_quota|billing|credit balance", _MONEY),
        (r"/v1/responses", "It calls tools through the Responses API: name it openai-responses:…"),
        (
            r"enable-auto-tool-choice|tool-call-parser",
            "Start vLLM with --enable-auto-tool-choice and the --tool-call-parser of the model.",
        ),
        (
            r"does ?n.t support (?:tools|function)|does not support (?:tools|function)",
            "This model cannot call tools: choose one that can.",
        ),
        (
            r"api.?key.{0,20}(?:not valid|invalid|expired)|API_KEY_INVALID",
            _KEY,
        ),
    )
)
_BY_STATUS = {
    401: _KEY,
    402: _MONEY,
    403: "Its key may not use this model: check what the account is allowed.",
    404: "Check the model's name, and its address: most end in /v1.",
}


def advice_on(error: BaseException, status: int | None) -> str:
    """Empty when the request itself may be to blame, and another one may be answered."""
    said = str(error)
    for words, advice in _BY_WORDS:
        if words.search(said):
            return advice
    return _BY_STATUS.get(status or 0, "")


def wants_money(error: BaseException) -> bool:
    return _BY_WORDS[0][0].search(str(error)) is not None
