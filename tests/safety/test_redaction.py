"""What is taken out of a message, and what a shop must keep."""

from decimal import Decimal
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.check_digits import is_barcode, is_card, is_iban, passes_luhn
from assistant.safety.redaction import redact
from knowledge.ids import new_id
from knowledge.shop import Shop

CARD = "4111111111111111"
SECRETS = [
    ("my card is 4111 1111 1111 1111", "my card is [card number removed]", ("card",)),
    ("4111-1111-1111-1111", "[card number removed]", ("card",)),
    ("4111.1111.1111.1111", "[card number removed]", ("card",)),
    ("x4111111111111111x", "x[card number removed]x", ("card",)),
    ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card number removed]", ("card",)),
    ("41111111 11111111", "[card number removed]", ("card",)),
    ("\uff14\uff11" + "\uff11" * 14, "[card number removed]", ("card",)),
    ("41\u200b11 1111\u200b1111 1111", None, ("card",)),
    ("amex 3782 822463 10005", "amex [card number removed]", ("card",)),
    ("1 4111 1111 1111 1111", "1 [card number removed]", ("card",)),
    ("visa: 4222222222222", "visa: [card number removed]", ("card",)),
    ("diners 3056 930902 5904", "diners [card number removed]", ("card",)),
    (
        "5105 1051 0510 5100 exp 04/28 cvv 999, add 2 milk",
        "[card number removed] exp [card date removed] cvv [card code removed], add 2 milk",
        ("card_code", "card", "card_expiry"),
    ),
    (
        "4111111111111111, 04/2028, 999 and 500 g oats",
        "[card number removed], [card date removed], [card code removed] and 500 g oats",
        ("card", "card_expiry", "card_code"),
    ),
    ("the security code is 123", "the security code is [card code removed]", ("card_code",)),
    ("DE89 3704 0044 0532 0130 00 please", "[account number removed] please", ("iban",)),
    ("iban gb82west12345698765432", "iban [account number removed]", ("iban",)),
    ("ssn 123-45-6789", "ssn [personal id removed]", ("national_id",)),
    ("my social security number is 123456789", None, ("national_id",)),
    ("RSSMRA85T10A562S", "[personal id removed]", ("national_id",)),
    ("my dni is 12345678Z", "my dni is [personal id removed]", ("national_id",)),
    ("bsn 111222333", "bsn [personal id removed]", ("national_id",)),
    ("my password is hunter2", "my password is [password removed]", ("password",)),
    ('Passwort: "not safe"', "Passwort: [password removed]", ("password",)),
    ("my pin is 1234", "my pin is [password removed]", ("password",)),
    ("use sk-proj-abcdefghij1234567890", "use [secret key removed]", ("key",)),
    ("AKIAIOSFODNN7EXAMPLE", "[secret key removed]", ("key",)),
    ("api key: 9f8e7d6c5b4a", "api key: [secret key removed]", ("key",)),
    ("4111|1111|1111|1111", "[card number removed]", ("card",)),
    ("(4111) (1111) (1111) (1111)", None, ("card",)),
    ("4111:1111:1111:1111", "[card number removed]", ("card",)),
    ("four one one one " + "one " * 12, "[card number removed] ", ("card",)),
    ("it is four triple one, double one double one, quadruple one, quadruple one", None, ("card",)),
    ("forty-one eleven eleven eleven eleven eleven eleven eleven, ok?", None, ("card",)),
    ("four oh one two " + "eight " * 8 + "one eight eight one", None, ("card",)),
    ("4111-one-one-one-one-1111-1111", "[card number removed]", ("card",)),
    (
        "first half 4111 1111 and then 1111 1111",
        "first half [card number removed] and then [card number removed]",
        ("card",),
    ),
    (
        "4111111111111111 exp 0429 cvv one two three",
        "[card number removed] exp [card date removed] cvv [card code removed]",
        ("card_code", "card", "card_expiry"),
    ),
    ("4111111111111111 04 29 123", None, ("card", "card_expiry", "card_code")),
    ("expires april 2029: 4111111111111111", None, ("card", "card_expiry")),
    (
        "the digits on the back are 123",
        "the digits on the back are [card code removed]",
        ("card_code",),
    ),
    ("cvv: 1 2 3", "cvv: [card code removed]", ("card_code",)),
    ("my iban is de 89 3704 0044 0532 0130 00", "my iban is [account number removed]", ("iban",)),
    (
        "ssn one two three four five six seven eight nine",
        "ssn [personal id removed]",
        ("national_id",),
    ),
    ("my password's hunter2", "my password's [password removed]", ("password",)),
    ("the password for my account is hunter2", None, ("password",)),
    ("password - hunter2", "password - [password removed]", ("password",)),
    ("contrase\u00f1a: hola123", "contrase\u00f1a: [password removed]", ("password",)),
    ("token: 9f8e7d6c5b4a", "token: [secret key removed]", ("key",)),
    ("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "[secret key removed]", ("key",)),
]
KEPT = [
    "4006381333931",
    "barcode 4012345678901 and 4006381333931",
    "call me at +49 171 1234567 or 415 555 0189",
    "415 555 0189 415 555 0123 650 555 0100",
    "12 Elm Street, Maple Falls, WA 98266",
    "order SC-100123, total $4,111.11",
    "1234567812345678",
    "2 x 500 g, 3 x 750 ml and 12 eggs under $20.00",
    "P001 P002 P003 c1 c2 #3",
    "deliver on 12/27 between 10 and 12",
    "my password is not working",
    "I forgot my password",
    "the rolling pin is 12.99",
    "is the almond milk in isle 4 or 5?",
    "a gift card for 50, please",
    "mail me at anna@example.com",
    "what is your bank account for?",
    "give me 22 apples and 3 pears for 4 people",
    "is 26 apples and pears too many for us all?",
    "two dozen eggs, twelve rolls, one 2 kg bag and three milk",
    "the password for the wifi is broken",
    "5000 g and then 4000 g",
    "between 12:30 and 14:30-16:30 on 12.12.2026",
    "pass the salt - 2 kg",
]


@pytest.mark.parametrize(("text", "kept", "found"), SECRETS)
def test_a_secret_is_taken_out(text: str, kept: str | None, found: tuple[str, ...]) -> None:
    redacted = redact(text)

    assert redacted.found == found
    assert kept is None or redacted.text == kept


@pytest.mark.parametrize("text", KEPT)
def test_what_a_shop_needs_stays(text: str) -> None:
    assert redact(text).text == text


def test_what_was_redacted_stays_as_it_is() -> None:
    for text, _, _ in SECRETS:
        once = redact(text).text
        assert redact(once).text == once


def _with_check_digit(body: str) -> str:
    return next(body + str(digit) for digit in range(10) if passes_luhn(body + str(digit)))


GAPS = st.sampled_from(["", " ", "-", ".", "\u00a0", " - "])
AROUND = st.sampled_from(["", "card ", "x", "pay with:", "(", "no"])


@settings(max_examples=40)
@given(st.from_regex(r"4\d{14}|5[1-5]\d{13}|6011\d{11}", fullmatch=True), GAPS, AROUND, AROUND)
def test_every_card_number_is_taken_out(body: str, gap: str, before: str, after: str) -> None:
    digits = _with_check_digit(body)
    spelt = gap.join(digits[at : at + 4] for at in range(0, 16, 4))

    redacted = redact(f"{before}{spelt}{after}")

    assert "card" in redacted.found
    assert digits[4:12] not in redacted.text.replace(gap, "")


@settings(max_examples=40)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_a_barcode_stays(body: str) -> None:
    code = next(body + str(digit) for digit in range(10) if is_barcode(body + str(digit)))
    assert redact(f"do you have {code}?").text == f"do you have {code}?"


@settings(max_examples=40)
@given(st.from_regex(r"[1-9]00[0-9]{10}", fullmatch=True))
def test_a_barcode_of_a_case_stays(body: str) -> None:
    code = next(body + str(digit) for digit in range(10) if is_barcode(body + str(digit)))
    assert redact(f"a case of {code}").text == f"a case of {code}"


@settings(max_examples=40)
@given(st.sampled_from(["o", "cv", "f", "a", "j"]))
def test_our_own_ids_stay(prefix: str) -> None:
    id_ = new_id(prefix)
    assert redact(f"where is {id_}").text == f"where is {id_}"


@settings(max_examples=40)
@given(
    st.sampled_from(["+1", "+49", "+44", "001", "0"]),
    st.from_regex(r"[1-9][0-9]{8}", fullmatch=True),
)
def test_a_phone_number_stays(country: str, number: str) -> None:
    for spelt in (f"{country}{number}", f"{country} {number[:3]} {number[3:6]} {number[6:]}"):
        assert redact(f"reach me at {spelt}").text == f"reach me at {spelt}"


@settings(max_examples=40)
@given(st.decimals(0, 99999, places=2), st.integers(1, 99999))
def test_prices_and_postal_codes_stay(price: Decimal, code: int) -> None:
    text = f"under ${price}, deliver to {code:05d}"
    assert redact(text).text == text


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert len(redact(text).found) <= 7


def test_the_check_digits_are_right() -> None:
    assert is_card("378282246310005")
    assert not is_card("378282246310006")
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("NL92ABNA0417164300")


def test_nothing_of_the_sample_shop_is_taken_for_a_secret(shop: Shop) -> None:
    with shop.read() as work:
        products = list(work.catalog.iterate())
    codes = [one.gtin for one in products if one.gtin]
    assert len(codes) > 400
    texts = [
        *(f"do you have {code}?" for code in codes),
        *(f"{one}, {other}" for one, other in pairwise(codes)),
        *(f"{one} and then {other}" for one, other in pairwise(codes)),
        *(f"{one}\n{other}" for one, other in pairwise(codes)),
        *(f"{one.id} {one.title} {one.size} {one.brand} for {one.price}" for one in products),
        *(one.description or "" for one in products),
        *(one.ingredients or "" for one in products),
    ]
    assert [text for text in texts if redact(text).found] == []


@settings(max_examples=60)
@given(
    st.lists(st.from_regex(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", fullmatch=True),
             min_size=1, max_size=3)
)  # fmt: skip
def test_order_numbers_stay(numbers: list[str]) -> None:
    text = f"where are {' and '.join(numbers)}?"
    assert redact(text).text == text


@pytest.mark.parametrize(
    "text",
    ["4111 " * 800, "one " * 1000, "4 - " * 1000, "4111 and then " * 280, "de 1 2 " * 570,
     "password for " * 300, "(1) " * 1000],
)  # fmt: skip
def test_no_text_keeps_the_reader_long(text: str) -> None:
    began = process_time()
    redact(text[:4000])
    assert process_time() - began < 1.0
