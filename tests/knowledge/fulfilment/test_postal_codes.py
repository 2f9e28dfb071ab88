import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import InvalidInput
from knowledge.fulfilment.postal_codes import check_pattern, covers


@pytest.mark.parametrize(
    ("pattern", "code", "hits"),
    [
        ("94110", "94110", True),
        ("94110", "94110-1234", True),
        ("94110", "94111", False),
        ("941*", "94199", True),
        ("941*", "94299", False),
        ("10000-10999", "10115", True),
        ("10000-10999", "11000", False),
        ("10000-10999", "1011", False),
        ("00-950", "00-950", True),
        ("00-950", "00-951", False),
        ("1000-001", "1000-001", True),
        ("SW1A*", "sw1a 2aa", True),
        ("1015*", "1015 AA", True),
    ],
)
def test_a_pattern_covers_the_codes_it_means(
    pattern: str,
    code: str,
    hits: bool,  # noqa: FBT001
) -> None:
    assert covers(check_pattern(pattern), code) is hits


@pytest.mark.parametrize("pattern", ["", "*", "10999-10000", "9411 0!", "[0-9]+", "94110,94111"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput):
        check_pattern(pattern)


codes = st.integers(0, 99_999).map("{:05}".format)


@given(codes, codes, codes)
def test_a_range_holds_exactly_what_lies_between_its_ends(a: str, b: str, code: str) -> None:
    first, last = sorted((a, b))

    assert covers(f"{first}-{last}", code) == (first <= code <= last)


@given(codes, st.integers(1, 5))
def test_a_prefix_holds_exactly_what_begins_with_it(code: str, length: int) -> None:
    assert covers(f"{code[:length]}*", code)
    assert not covers(f"{(int(code[0]) + 1) % 10}*", code)
