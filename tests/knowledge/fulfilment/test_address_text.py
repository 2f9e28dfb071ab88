from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import SmartCartError
from knowledge.fulfilment.address_text import AddressIncomplete, read_address
from knowledge.fulfilment.models import Address


@pytest.mark.parametrize(
    ("text", "lines", "code", "city", "region", "country"),
    [
        ("12 Elm Street, Springfield, IL 62704", ["12 Elm Street"], "62704", "Springfield", "IL",
         "US"),
        ("12 Elm Street, Apt 4, Springfield, IL 62704-1234, USA", ["12 Elm Street", "Apt 4"],
         "62704-1234", "Springfield", "IL", "US"),
        ("12 Elm St\nSpringfield, IL\n62704", ["12 Elm St"], "62704", "Springfield", "IL", "US"),
        ("12 Elm Street Springfield IL 62704", ["12 Elm Street"], "62704", "Springfield", "IL",
         "US"),
        ("12345 Main Street, New York, New York 10001", ["12345 Main Street"], "10001", "New York",
         "New York", "US"),
        ("deliver to 9 Oak Rd, Maple Falls WA 98266", ["9 Oak Rd"], "98266", "Maple Falls", "WA",
         "US"),
        ("Lindenweg 5, 10115 Berlin, Germany", ["Lindenweg 5"], "10115", "Berlin", None, "DE"),
        ("Lindenweg 5 10115 Berlin, Deutschland", ["Lindenweg 5"], "10115", "Berlin", None, "DE"),
        ("10 Elm Street, London SW1A 2AA", ["10 Elm Street"], "SW1A 2AA", "London", None, "GB"),
        ("Kade 100, 1015 AA Amsterdam, Netherlands", ["Kade 100"], "1015 AA", "Amsterdam", None,
         "NL"),
        ("ul. Lipowa 5, 00-950 Warszawa, Poland", ["ul. Lipowa 5"], "00-950", "Warszawa", None,
         "PL"),
        ("10 Rue Haute, Montréal, QC H2X 1Y4", ["10 Rue Haute"], "H2X 1Y4", "Montréal", "QC", "CA"),
    ],
)  # fmt: skip
def test_addresses_are_read_as_people_type_them(
    text: str, lines: list[str], code: str, city: str, region: str | None, country: str
) -> None:
    place = read_address(text).place

    assert (list(place.lines), place.postal_code, place.city) == (lines, code, city)
    assert (place.region, place.country) == (region, country)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("12 Elm Street", ("postal code", "city")),
        ("Springfield", ("street and number", "postal code", "city")),
        ("12 Elm Street, Springfield", ("postal code",)),
        ("12345 Elm Street, Springfield", ("postal code",)),
        ("12 Elm Street, 62704", ("city",)),
        ("Springfield 62704", ("street",)),
        ("Elm Street, Springfield, IL 62704", ("house number",)),
    ],
)
def test_what_is_missing_is_named(text: str, missing: tuple[str, ...]) -> None:
    with pytest.raises(AddressIncomplete) as refused:
        read_address(text)

    assert refused.value.missing == missing
    assert "12 Elm Street, Springfield, IL 62704" in str(refused.value)


def test_a_name_in_front_is_taken_as_its_name() -> None:
    assert read_address("my office: 12 Elm Street, Springfield, IL 62704").name == "my office"


def test_texts_name_an_address_without_its_numbers() -> None:
    place = read_address("12 Elm Street, Apt 4, Springfield, IL 62704").place

    assert Address("a1", "home", place).short == "home (Elm Street, 62704 Springfield)"
    assert Address("a1", "Elm Street", place).short == "Elm Street, 62704 Springfield"
    assert len(Address("a1", "x" * 90, place).short) <= 56


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    with suppress(SmartCartError):
        place = read_address(text).place
        assert place.city
        assert 1 <= len(place.lines) <= 4
