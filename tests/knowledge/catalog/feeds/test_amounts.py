import pytest

from knowledge.catalog.feeds.amounts import UnclearNumber, read_price
from knowledge.catalog.feeds.wording import plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15.00 USD", ("15.00", "USD")),
        ("USD 15", ("15", "USD")),
        ("15,00 eur", ("15.00", "EUR")),
        ("€1.234,50", ("1234.50", "EUR")),
        ("$1,234.50", ("1234.50", None)),
        ("1 234 567 PLN", ("1234567", "PLN")),
        ("1'234.50 CHF", ("1234.50", "CHF")),
        ("-3.00 USD", ("-3.00", "USD")),
        ("₹220", ("220", "INR")),
    ],
)
def test_prices_are_read_as_feeds_write_them(text: str, expected: tuple[str, str | None]) -> None:
    assert read_price(text) == expected


@pytest.mark.parametrize("text", ["1,234", "free", "", "1.2.3", "1,23,4", "12 34", "NaN", "1e9"])
def test_what_is_no_number_or_could_mean_two_is_refused(text: str) -> None:
    with pytest.raises(UnclearNumber):
        read_price(text)


def test_an_owner_can_say_what_a_comma_means() -> None:
    assert read_price("1,234", decimal_comma=True) == ("1.234", None)
    assert read_price("1,234", decimal_comma=False) == ("1234", None)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Fish < 5 kg & chips", "Fish < 5 kg & chips"),
        ("<p>One</p><p>Two<br>Three</p>", "One Two Three"),
        ("&lt;ul&gt;&lt;li&gt;A&lt;/li&gt;&lt;/ul&gt;", "A"),
        ("<style>p{}</style>Tea&nbsp;&#8211; green<script>x()</script>", "Tea \u2013 green"),
        ("<b>unclosed", "unclosed"),
        ("<script>never ends", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text
