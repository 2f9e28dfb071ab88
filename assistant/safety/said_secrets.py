"""Finds passwords, PINs and keys: said as such, or of the form that vendors give them."""

import re
from collections.abc import Iterator

Span = tuple[int, int]
_PASSWORD = re.compile(
    r"\b(?:pass(?:\s?word|code|phrase|wort)?|pwd|pw|contrase[n\u00f1]a|mot de passe|wachtwoord|"
    r"senha)\b['\"\u2019]?(?:\s+(?:for|to|of|on)(?:\s+[\w@.]+){1,4}?)?"
    r"(?P<sign>\s*[:=]\s*|\s+[-\u2013]\s+|(?:(?<=['\u2019])s|\s+(?:is|was))\s*[:=]?\s*"
    r"(?:now\s+)?(?<=[\s:=]))"
    r"(?P<value>\"[^\"\n]+\"|'[^'\n]+'|(?!\[[a-z ]+ removed\])[^\s,;]+)",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"\b(?:my|the|card|bank|debit|credit)\s+pin(?:\s*(?:code|number))?\s*(?:is|:|=)\s*"
    r"(\d{4,8})\b|\bpin\s?(?:code|number)?\s*[:=]\s*(\d{4,8})\b(?!\.\d)",
    re.IGNORECASE,
)
_NO_PASSWORD = frozenset({
    "a", "about", "already", "an", "being", "broken", "changed", "correct", "empty",
    "expired", "forgotten", "gone", "good", "hidden", "in", "incorrect", "invalid", "just",
    "lost", "missing", "needed", "never", "no", "not", "okay", "on", "online", "private",
    "protected", "required", "rejected", "reset", "safe", "saved", "secret", "set", "still",
    "strong", "stuck", "that", "the", "there", "too", "used", "valid", "weak", "what",
    "where", "wrong", "your",
})  # fmt: skip
_KEY = re.compile(
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bA(?:KIA|SIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bgithub_pat_\w{30,}|\bxox[abprs]-[\w-]{10,}|\bwhsec_\w{16,}|\bglpat-[\w-]{18,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b\d{8,10}:[A-Za-z0-9_-]{33,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_SAID_KEY = re.compile(
    r"\b(?:(?:api|access|secret|private|auth)[\s_-]?(?:key|token|secret)|bearer|client[\s_-]secret|"
    r"(?:token|secret)(?=\s?[:=]))"
    r"\b\s*(?:is\b|[:=])?\s*[\"']?(?P<value>(?=[^\s\"',;]*\d)[^\s\"',;]{8,})",
    re.IGNORECASE,
)


def passwords(text: str) -> Iterator[Span]:
    for match in _PASSWORD.finditer(text):
        value = match["value"].strip("\"'.!?)")
        said = match["sign"].strip().lower()
        if value and (":" in said or "=" in said or value.lower() not in _NO_PASSWORD):
            yield match.span("value")
    for match in _PIN.finditer(text):
        yield match.span(1 if match[1] else 2)


def keys(text: str) -> Iterator[Span]:
    spans = [match.span() for match in _KEY.finditer(text)]
    yield from spans
    for match in _SAID_KEY.finditer(text):
        start, end = match.span("value")
        if not any(start < other_end and other < end for other, other_end in spans):
            yield start, end
