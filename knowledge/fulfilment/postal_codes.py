"""Postal codes and the patterns a zone names them by: exact, "941*", "10000-10999" (pure)."""

import re

from knowledge.errors import InvalidInput

_STEM = re.compile(r"^[A-Z0-9]{1,10}$")
_CODE = re.compile(r"^[A-Z0-9]{2,10}$")
_RANGE = re.compile(r"^(\d{2,10})\s*-\s*(\d{2,10})$")
_ZIP_PLUS_4 = re.compile(r"^(\d{5})-?\d{4}$")
_UK = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$")


def bare(code: str) -> str:
    """Letters and digits alone, in capitals; of a ZIP+4 the ZIP."""
    text = re.sub(r"\s+", "", code).upper()
    plus_4 = _ZIP_PLUS_4.match(text)
    return plus_4[1] if plus_4 else text.replace("-", "")


def spoken_code(code: str) -> str:
    """As people write it: "SW1A 2AA"."""
    british = _UK.match(code.upper())
    return f"{british[1]} {british[2]}" if british else code.upper()


def check_pattern(pattern: str) -> str:
    """Return the pattern when it can be read. Raises ``InvalidInput``."""
    text = pattern.strip().upper()
    ends = _range(text)
    if ends is not None:
        if ends[0] > ends[1]:
            raise InvalidInput(f"The range of postal codes {pattern!r} is the wrong way round.")
        return text
    pattern_of_stem = _STEM if text.endswith("*") else _CODE
    if pattern_of_stem.match(bare(text.removesuffix("*"))):
        return text
    raise InvalidInput(
        f'{pattern!r} is no pattern of postal codes; write "94110", "941*" or "10000-10999".'
    )


def covers(pattern: str, code: str) -> bool:
    """Whether a postal code falls under a pattern that ``check_pattern`` has read."""
    wanted, text = bare(code), pattern.strip().upper()
    ends = _range(text)
    if ends is not None:
        first, last = ends
        return wanted.isdigit() and len(wanted) == len(first) and first <= wanted <= last
    if text.endswith("*"):
        return wanted.startswith(bare(text[:-1]))
    return wanted == bare(text)


def _range(pattern: str) -> tuple[str, str] | None:
    """Both ends of a range; "00-950" is a Polish code and "1000-001" a Portuguese one."""
    match = _RANGE.match(pattern)
    if match is None or len(match[1]) != len(match[2]):
        return None
    return match[1], match[2]
