import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.catalog.feeds.exporting import ExportFormat, ExportTerms, export
from knowledge.catalog.feeds.google_fields import OPTIONS
from knowledge.catalog.feeds.opening import open_feed
from knowledge.catalog.feeds.rows import ReadingTerms
from knowledge.catalog.models import ALLERGENS, DIETS, Nutrition, Product
from knowledge.catalog.record import read_record
from knowledge.money import Money
from tests.knowledge.catalog.feeds.conftest import NOW

# Feeds carry words on one line, without markup; ours also carry line ends and tabs.
_WORD = st.sampled_from(
    ("Oat", "drink", "1/2", '"quoted"', "ünïcode", "5%", "a;b", "x,y", "日本", "it's", "-", "=1+1",
     "🥛", "(new)", "A&B", "café")
)  # fmt: skip
_WORDS = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_NAMES = st.sampled_from(("flavour", "a.b", "für_zwei"))
_LISTED = st.lists(_WORD, max_size=3, unique=True).map(tuple)
_CENTS = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)
_MAYBE_ALLERGENS = st.none() | st.lists(st.sampled_from(ALLERGENS), unique=True).map(tuple)


def _money(amount: Decimal) -> Money:
    return Money(amount, "USD")


GOOGLE = st.builds(
    Product,
    id=st.sampled_from(("a", "B-1.2_x", "0", "é" * 50)),
    title=_WORDS,
    price=_CENTS.map(_money),
    gtin=st.sampled_from((None, "73123456", "07312345678906")),
    group_id=st.sampled_from((None, "g1")),
    brand=st.none() | _WORDS,
    category=st.lists(_WORDS, max_size=3).map(tuple),
    description=st.none() | _WORDS,
    size=st.none() | st.sampled_from(["1 l", "500 g", "2.5kg", "6 ct"]),
    stock=st.sampled_from([None, Decimal(0)]),
    url=st.none() | st.just("https://shop.example/a?b=1&c=2"),
    image_url=st.none() | st.just("https://shop.example/a.png"),
    age_limit=st.sampled_from([None, 18]),
)
NATIVE = st.builds(
    replace,
    GOOGLE,
    description=st.none() | _WORDS.map(lambda text: f'"{text}",\n;|\t{text}.'),
    stock=st.none() | st.integers(0, 9999).map(Decimal),
    rating=st.none() | st.decimals(0, 5, places=1),
    allergens=_MAYBE_ALLERGENS,
    traces=_MAYBE_ALLERGENS,
    diets=st.lists(st.sampled_from(DIETS), unique=True).map(tuple),
    nutrition=st.none()
    | st.builds(Nutrition, fat=st.none() | st.decimals(0, 100, places=1), salt=st.just(Decimal(1))),
    labels=_LISTED,
    packaging=_LISTED,
    options=st.dictionaries(_NAMES, _WORDS, max_size=2),
    attributes=st.dictionaries(_NAMES, _WORDS, max_size=2),
    carbon_kg_per_kg=st.none() | _CENTS,
    season=st.none() | _WORDS,
    updated_at=st.just(NOW),
)
Back = Callable[[list[Product], ExportFormat], list[Product]]


@pytest.fixture(scope="module")
def there_and_back(tmp_path_factory: pytest.TempPathFactory) -> Back:
    path: Path = tmp_path_factory.mktemp("round") / "feed"

    def go(products: list[Product], export_format: ExportFormat) -> list[Product]:
        out = io.StringIO(newline="")
        terms = ExportTerms(export_format, "Shop", "https://shop.example")
        assert export(lambda: products, terms, out) == len(products)
        path.write_text(out.getvalue(), "utf-8", newline="")
        with open_feed(path, ReadingTerms("USD", NOW)) as feed:
            assert feed.format == export_format
            return [read_record(row.data, "USD") for row in feed.rows()]

    return go


def bounded(test: Any) -> Any:
    return settings(
        max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )(test)


@bounded
@given(products=st.lists(NATIVE, min_size=1, max_size=4))
@pytest.mark.parametrize("export_format", ["jsonl", "csv"])
def test_our_own_formats_carry_everything(
    there_and_back: Back, products: list[Product], export_format: ExportFormat
) -> None:
    assert there_and_back(products, export_format) == products


@bounded
@given(
    products=st.lists(GOOGLE, min_size=1, max_size=4),
    options=st.dictionaries(st.sampled_from(OPTIONS[:1] + OPTIONS[2:]), _WORDS, max_size=2),
    attributes=st.dictionaries(_NAMES, _WORDS, max_size=2),
)
@pytest.mark.parametrize("export_format", ["google-xml", "google-tsv"])
def test_google_feeds_carry_what_google_knows(
    there_and_back: Back,
    products: list[Product],
    options: dict[str, str],
    attributes: dict[str, str],
    export_format: ExportFormat,
) -> None:
    details = attributes if export_format == "google-xml" else {}
    made = [
        replace(one, options=options, attributes=details)
        if one.group_id
        else replace(one, attributes=options | details)
        for one in products
    ]

    assert there_and_back(made, export_format) == made


def test_a_sale_goes_out_and_comes_back_with_its_regular_price(there_and_back: Back) -> None:
    sold = Product("a", "A", Money(Decimal("1.50"), "USD"), attributes={"regular_price": "2.00"})

    assert there_and_back([sold], "google-xml") == [sold]
    assert there_and_back([sold], "google-tsv") == [sold]


def test_facts_of_other_sources_are_not_passed_on(there_and_back: Back) -> None:
    own = Product("a", "A", Money(Decimal(1), "USD"), attributes={"mpn": "1"})
    enriched = replace(
        own,
        allergens=("milk",),
        labels=("Fair trade",),
        attributes={"mpn": "1", "nova_group": "4"},
        enriched=dict.fromkeys(("allergens", "labels", "attributes.nova_group"), "x"),
    )

    assert there_and_back([enriched], "jsonl") == [own]
