from typing import Any

import pytest

from knowledge.catalog.models import Product
from knowledge.catalog.readable import readable
from knowledge.money import Money


def product(**facts: Any) -> Product:
    return Product(**{"id": "p", "title": "Oats", "price": Money.parse("2.00", "USD"), **facts})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\x1b[31mOats\x1b[0m", "Oats"),
        ("\x1b]8;;https://evil.example\x07Oats\x1b]8;;\x07", "Oats"),
        ("Oats \u202e00.1$\u202c", "Oats 00.1$"),
        ("O\u200bats\ufeff\U000e0041", "Oats"),
        ("Oats, see https://evil.example/x now", "Oats, see now"),
        ("www.evil.example", "-"),
    ],
)
def test_a_title_holds_nothing_but_what_is_read(written: str, read: str) -> None:
    assert readable(product(title=written)).title == read


def test_other_texts_keep_their_links_and_lines() -> None:
    made = readable(product(description="a\n\tb\x07 www.example.com", labels=("fa\u202eir",)))

    assert made.description == "a\n\tb www.example.com"
    assert made.labels == ("fair",)


@pytest.mark.parametrize(
    "title", ["Oats", "Crème brûlée", "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645"]
)
def test_ordinary_products_stay_as_they_are(title: str) -> None:
    given = product(title=title, brand="Caf\u00e9 do S\u00e3o", size="500 g")
    assert readable(given) is given
