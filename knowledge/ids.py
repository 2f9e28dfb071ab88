"""Ids of things we store: short, unguessable, roughly in the order they were made."""

import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_LINE = re.compile(r"^c(\d{1,6})$")


def _encode(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def new_id(prefix: str) -> str:
    """``prefix_`` with 9 characters of time (milliseconds) and 13 random ones (65 bits)."""
    moment = _encode(int(time.time() * 1000), 9)
    return f"{prefix}_{moment}{_encode(secrets.randbits(65), 13)}"


def line_id(number: int) -> str:
    """The id of the n-th line ever added to a cart: ``c1``, ``c2`` ..."""
    return f"c{number}"


def line_number(line: str) -> int | None:
    """The number within a cart line id, or None when it is something else."""
    match = _LINE.match(line)
    return int(match[1]) if match else None
