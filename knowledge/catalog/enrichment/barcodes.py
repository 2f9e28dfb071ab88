"""Barcodes as other sources know them: GTIN-13 or GTIN-8, with the right check digit."""

_LENGTHS = (8, 12, 13, 14)
_EAN8, _UPC12, _EAN13 = 8, 12, 13
# GS1 General Specifications, 1.4: for use within a store, so the same code means other things
# elsewhere; prefixes of GTIN-13.
_WITHIN_A_STORE = ("02", "04", "2")


def normalise(gtin: str | None) -> str | None:
    """``None`` for what names no product to the world: a wrong digit, a code of one store."""
    digits = (gtin or "").replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _LENGTHS:
        return None
    if digits[-1] != _check_digit(digits[:-1]):
        return None
    if len(digits) == _EAN8:
        return None if digits.startswith(("0", "2")) else digits
    if len(digits) == _UPC12:
        digits = f"0{digits}"
    elif len(digits) > _EAN13:
        if not digits.startswith("0"):
            return None  # a case of several, not the thing itself
        digits = digits[1:]
    return None if digits.startswith(_WITHIN_A_STORE) else digits


def _check_digit(digits: str) -> str:
    """GS1 General Specifications, 7.9: weights 3 and 1 from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits[::-1]))
    return str(-total % 10)
