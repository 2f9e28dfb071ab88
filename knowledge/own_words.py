"""What people call their own things is kept only as a name: no address of the web, no money."""

import re

from knowledge.errors import InvalidInput

_LINK = re.compile(
    r"://|\bwww\.|[\w-]\.(?:com|net|org|io|shop|store|xyz|info|biz|ru|cn|app|link|ly|me)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|dollars?\b|euros?\b|usd\b|eur\b)", re.IGNORECASE)


def only_a_name(text: str) -> str:
    """The text itself. Raises ``InvalidInput`` for what could pass for a word of the shop's."""
    if _LINK.search(text) or _MONEY.search(text):
        raise InvalidInput("That can hold neither a web address nor an amount of money.")
    return text
