"""The check digits of cards, accounts, ids and barcodes (pure)."""

import re
from unicodedata import decimal

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
    "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27,
    "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}  # fmt: skip
_CARDS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"30[0-5]|3[689]"), {14, 16, 19}),
    (re.compile(r"6011|64[4-9]|65|62|81"), {16, 17, 18, 19}),
    (re.compile(r"352[89]|35[3-8]"), {16, 17, 18, 19}),
    (re.compile(r"50|5[6-8]|63|67|60|220[0-4]|9792"), {16, 19}),
)
_ODD = {
    **dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)),
    **dict(
        zip(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25,
             24, 23),
            strict=True,
        )
    ),
}  # fmt: skip
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_DNI = re.compile(r"[XYZ]?\d{7,8}[A-Z]")
_NIE_FIRST = {"X": "0", "Y": "1", "Z": "2"}
_ELEVEN = 11
_NINE = 9


def plain_digits(text: str) -> str:
    """The digits of a text, also those of other scripts, as 0 to 9."""
    return "".join(str(decimal(sign)) for sign in text if sign.isdecimal())


def passes_luhn(digits: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (1 + place % 2)
        total += value - 9 if value > _NINE else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """Whether an issuer gives out numbers like this, and its check digit is right."""
    known = any(
        len(digits) in lengths and prefix.match(digits) is not None for prefix, lengths in _CARDS
    )
    return known and passes_luhn(digits)


def is_barcode(digits: str) -> bool:
    """Whether the check digit of a GTIN is right."""
    total = sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(reversed(digits)))
    return total % 10 == 0


def is_iban(bare: str) -> bool:
    if _IBAN_LENGTHS.get(bare[:2]) != len(bare) or not bare.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def is_spanish_id(bare: str) -> bool:
    if not _DNI.fullmatch(bare):
        return False
    number = _NIE_FIRST.get(bare[0], bare[0]) + bare[1:-1]
    return _DNI_LETTERS[int(number) % 23] == bare[-1]


def is_codice_fiscale(text: str) -> bool:
    signs = text.upper()
    total = sum(
        _ODD[sign] if place % 2 == 0 else int(sign, 36) - (10 if sign.isalpha() else 0)
        for place, sign in enumerate(signs[:15])
    )
    return chr(ord("A") + total % 26) == signs[15]


def is_french_id(text: str) -> bool:
    digits = plain_digits(text)
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def passes_eleven(digits: str) -> bool:
    """The Dutch eleven test, and the German tax number's."""
    if len(digits) == _NINE:
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        return (
            sum(int(sign) * weight for sign, weight in zip(digits, weights, strict=True)) % 11 == 0
        )
    if len(digits) != _ELEVEN:
        return False
    product = 10
    for sign in digits[:10]:
        total = (int(sign) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])
