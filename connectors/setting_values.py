"""How single settings are read and what is wrong with them, in words for an operator."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import SecretStr

from knowledge.errors import InvalidInput
from prompts.checking import problems as problems_in_prompts

WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def known_zone(name: str) -> str:
    if name not in available_timezones():
        message = "not a time zone; use a name such as Europe/Berlin"
        raise ValueError(message)
    return name


def week_day(value: object) -> object:
    name = str(value).strip().lower()
    if name in WEEK_DAYS:
        return WEEK_DAYS.index(name)
    return value


def listed(value: object) -> object:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def readable(read: Callable[[str], object], secret: SecretStr) -> None:
    """Pydantic shows what a ``ValueError`` says, and nothing of another error."""
    try:
        read(secret.get_secret_value())
    except InvalidInput as error:
        raise ValueError(str(error)) from None


def web_address(url: SecretStr | None) -> SecretStr | None:
    """The path of such an address is often what lets somebody in; so it is kept as a secret."""
    if url is not None and not re.match(r"https?://[^\s/]", url.get_secret_value()):
        message = "it should begin with https:// or http://"
        raise ValueError(message)
    return url


def existing(path: Path) -> Path:
    if not path.exists():
        message = f"there is no {path}"
        raise ValueError(message)
    return path


def usable_prompts(folder: Path) -> Path:
    found = problems_in_prompts(folder)
    if found:
        raise ValueError("; ".join(found))
    return folder
