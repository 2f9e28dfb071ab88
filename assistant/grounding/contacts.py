"""Finds links, paths, mail addresses and telephone numbers, written in any of the usual ways."""

import re
import unicodedata
from functools import lru_cache

_ENDINGS = (
    "com|net|org|shop|store|example|io|co|uk|de|es|fr|eu|us|info|biz|app|dev|ly|me|market|online|"
    "site|link|test|local|gov|edu|ca|ch|at|it|nl"
)
# Those that are no words, and so may be told even where blanks stand around their stop.
_SURE_ENDINGS = "com|net|org|shop|store|example|io|co|uk|eu|info|biz|test|dev|gov|edu"
_REST = r"[^\s)>\]\"'*|]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,12}}://|www\.){_REST}+"
    rf"|(?<![\w@.-])(?:[^\W_][\w-]*\.)+(?:{_ENDINGS})\b(?:[/?#:]{_REST}*)?"
    rf"|(?<![\w@.-])[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{{2,6}}/{_REST}+"
    r"|(?<=\]\()[^\s)]+"
    r"|(?<![\w@.-])[\w-]+\.(?:pdf|html?|php|docx?|md|png|jpe?g|svg)\b"
    r"|(?<![\w@.-])[a-z0-9]+-[\w-]+\.(?-i:[a-z]{3,12})\b|[\w-]+%2e[\w-]+"
    r"|(?<![\w.+-])@[a-z][\w.]{2,}",
    re.IGNORECASE,
)
# "javascript:alert(1)", "data:text/html", "https: //host .shop/x".
_SCHEME = re.compile(
    r"\b(?:(?:java|vb|live)script\s?:\s?\S|(?:data|file|intent|blob|about|view-source|magnet|market|"
    r"whatsapp|tg|skype|viber|sms|smsto|bitcoin|ftps?|sftp|ssh|wss?)\s?:(?=[^\s*_]))[^\s\"'>\]|]*"
    r"|\b[a-z]{2,10}\s?:\s?/\s?/\s?[^\s)>\]\"'*|]*(?:\s\.\s?[\w-][^\s)>\]\"'*|]*)*"
    r"|\b[a-z][a-z0-9+.-]{2,15}:(?![/\s])[\w.]+[(/?=][^\s\"'>\]|]*",
    re.IGNORECASE,
)
# "//host/path", "/item?id=P142", "/cart"; no "4.99 /kg" and no "his/her".
_PATH = re.compile(
    rf"(?<![\w:/.])//\w{_REST}*"
    r"|(?<![\w/.)<])/(?!(?:kilos?|kg|g|ml|cl|l|lb|oz|pieces?|packs?|units?|each|serving|persona?|"
    r"lit(?:re|er)s?|week|month|day|hour|h|stück|person|kopf|unidad|ud|pc|bag|jar|can|bottle|roll)"
    rf"(?![\w/?#=-]))[a-z][\w-]*(?:[/?#=&.]{_REST}*)?",
    re.IGNORECASE,
)
# "deals [dot] example", "deals . example/x", "w w w . deals", "orders (at) deals".
_SPELLED = re.compile(
    r"[\w-]+\s?(?:[\[({]\s?(?:\.|dot|punkt|punto)\s?[\])}])\s?[\w-]+"
    rf"|\b[\w-]+\s(?:dot|punkt|punto)\s(?:{_SURE_ENDINGS})\b"
    rf"|[\w-]+\s\.\s?(?:{_SURE_ENDINGS})\b(?:[/?#]{_REST}*)?"
    rf"|[\w-]+\.\s(?:{_SURE_ENDINGS})/{_REST}*"
    r"|\bw\s?w\s?w\s?\.\s?[\w-]+|\bwww\s(?:dot|punkt|punto)\s[\w-]+"
    r"|[\w.+-]+\s?[\[({]\s?(?:at|@|arroba)\s?[\])}]\s?[\w-]+"
    r"|\b[\w.+-]+\sat\s[\w-]+\sdot\s[a-z]+",
    re.IGNORECASE,
)
_DOT_SAID = re.compile(
    r"\s*[\[({]\s*(?:\.|dot|punkt|punto)\s*[\])}]\s*|\s+(?:dot|punkt|punto)\s+|\s*\.\s+|\s+\.\s*"
)
_AT_SAID = re.compile(r"\s*[\[({]\s*(?:at|@|arroba)\s*[\])}]\s*|\s+at\s+")
_CALLED = re.compile(r"\b(?:mailto|tel|callto)\s?:\s?(?:/\s?/)?(?=[\w+(])", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,$€£-])\+?\(?\d[\d ().\u2011/-]{6,}\d(?![\w%])|\b(?:1-)?8\d\d-[A-Z]{4,}\b"
)
_SPOKEN_PHONE = re.compile(
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b[\s,.-]*){7,}", re.IGNORECASE
)
_LEAST_DIGITS = 7
_LEAST_SPOKEN = 24
"""Letters that seven digits take when spelled out."""
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DOTS = str.maketrans({"\u3002": ".", "\uff61": ".", "\u2024": "."})
# What has to be there for the slower patterns to find anything.
_ODD = re.compile(r"[A-Za-z\u00c0-\uffff].*[./@][\w/]|[\w)]\.[a-z]|://|^@|\]\(|%2e", re.IGNORECASE)
_MAYBE_SPELLED = re.compile(
    r"[\[({]\s?(?:\.|dot|at|@|punkt|punto|arroba)|\s\.|\s(?:dot|punkt|punto)\s|w w|\.\s\w+/",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def contacts_in(text: str) -> frozenset[str]:
    """As they compare: without scheme, www and the stops of a sentence."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_DOTS)
    rest = _CALLED.sub(" ", text) if ":" in text else text
    mails = {one.lower().rstrip(".") for one in _MAIL.findall(rest)} if "@" in rest else set()
    rest = _MAIL.sub(" ", rest) if mails else rest
    odd = " ".join(one for one in rest.split() if _ODD.search(one))
    links = {_plain(one) for one in _LINK.findall(odd)} if odd else set()
    rest = _LINK.sub(" ", rest) if links else rest
    links |= set(_others(rest))
    return frozenset(mails | links | _phones(rest))


def _phones(text: str) -> set[str]:
    found: set[str] = set()
    if any(one.isdigit() for one in text):
        found |= {
            _without_country(re.sub(r"[^\dA-Z]", "", one))
            for one in _PHONE.findall(_PLAIN_DATE.sub(" ", text))
            if _is_long(one) and not _are_years(one)
        }
    if len(text) > _LEAST_SPOKEN:
        found |= set(_SPOKEN_PHONE.findall(text))
    return found


def _others(text: str) -> list[str]:
    """What stands in no plain form: schemes without slashes, paths, spelled-out hosts."""
    found: list[str] = []
    if ":" in text:
        found += [_plain(one) for one in _SCHEME.findall(text)]
        text = _SCHEME.sub(" ", text) if found else text
    if "/" in text:
        found += [_plain(one) for one in _PATH.findall(text)]
    if _MAYBE_SPELLED.search(text):
        found += [_unspelled(one.lower()) for one in _SPELLED.findall(text)]
    return found


def _unspelled(text: str) -> str:
    return _AT_SAID.sub("@", _DOT_SAID.sub(".", text))


def _plain(link: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?|^www\.", "", link.rstrip(".,;:!?"), flags=re.IGNORECASE)
    host, slash, path = bare.rstrip("/").partition("/")
    return f"{host.lower()}{slash}{path}"


def _is_long(text: str) -> bool:
    return sum(one.isdigit() or one.isupper() for one in text) >= _LEAST_DIGITS


def _without_country(digits: str) -> str:
    return digits[1:] if len(digits) == _LEAST_DIGITS + 4 and digits[0] == "1" else digits


def _are_years(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d\W+(?:19|20)\d\d", text) is not None
