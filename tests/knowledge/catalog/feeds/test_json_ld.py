import json

import pytest

from knowledge.catalog.import_report import UnreadableImport
from tests.knowledge.catalog.feeds.conftest import ReadFeed

OAT = {
    "@context": "https://schema.org",
    "@type": "Product",
    "sku": "oat",
    "name": "Oat Drink",
    "description": "Creamy &amp; mild",
    "image": [{"@type": "ImageObject", "url": "https://i.example/oat.png"}],
    "brand": {"@type": "Brand", "name": "Northfield"},
    "gtin13": "7312345678906",
    "category": "Drinks > Plant drinks",
    "weight": {"@type": "QuantitativeValue", "value": 1, "unitCode": "LTR"},
    "offers": {
        "@type": "Offer",
        "price": "2,19",
        "priceCurrency": "usd",
        "availability": "http://schema.org/InStock",
    },
    "aggregateRating": {"ratingValue": "8,8", "bestRating": 10, "reviewCount": 12},
    "additionalProperty": [{"@type": "PropertyValue", "name": "Season", "value": "all year"}],
}


def test_a_product_document_is_read(read_feed: ReadFeed) -> None:
    read = read_feed(json.dumps(OAT))

    oat = read.products["oat"]
    assert read.format == "json-ld"
    assert (oat.title, oat.description, oat.brand) == ("Oat Drink", "Creamy & mild", "Northfield")
    assert (str(oat.price), oat.size, oat.gtin) == ("2.19", "1 l", "7312345678906")
    assert (str(oat.rating), oat.ratings_count) == ("4.4", 12)
    assert oat.image_url == "https://i.example/oat.png"
    assert oat.attributes == {"Season": "all year"}


def test_pages_graphs_and_arrays_are_searched_for_products(read_feed: ReadFeed) -> None:
    tea = {
        "@type": ["Product"],
        "@id": "https://shop.example/p/tea#it",
        "name": "Tea",
        "offers": [{"price": 3, "priceCurrency": "EUR"}, {"price": 3.5, "priceCurrency": "USD"}],
    }
    graph = json.dumps({"@graph": [{"@type": "WebSite"}, OAT]})
    page = (
        "<!DOCTYPE html><html><head>\n"
        f'<script type="application/ld+json">{graph}</script>\n'
        '<script type="application/ld+json">{"broken": </script>'
        f'<script type="APPLICATION/LD+JSON; charset=utf-8">{json.dumps([tea])}</script>'
        "<script>var x = {};</script></head></html>"
    )

    read = read_feed(page)

    assert list(read.products) == ["oat", "tea"]
    assert str(read.products["tea"].price) == "3.50"
    assert read.problems == [(2, "script", "the JSON is broken in line 3, column 12")]


def test_a_group_gives_its_variants_with_options(read_feed: ReadFeed) -> None:
    group = {
        "@type": "ProductGroup",
        "name": "Tee",
        "productGroupID": "tee",
        "brand": "Cottonworks",
        "hasVariant": [
            {"@type": "Product", "sku": "t-s", "name": "Tee S", "size": "S", "color": "Red",
             "offers": {"price": "15.00", "priceCurrency": "USD",
                        "availability": "https://schema.org/SoldOut"}},
            {"@type": "Product", "sku": "t-m", "name": "Tee M", "size": "M",
             "offers": {"@type": "AggregateOffer", "lowPrice": "14", "highPrice": "16",
                        "priceCurrency": "USD"}},
            {"@type": "Product", "sku": "t-l", "name": "Tee L",
             "offers": {"priceSpecification": {"price": "15.00", "priceCurrency": "USD"},
                        "availability": "Discontinued"}},
        ],
    }  # fmt: skip

    read = read_feed(json.dumps(group), "page.jsonld")

    small, middle = read.products.values()
    assert (small.group_id, small.options, small.brand) == (
        "tee", {"color": "Red", "size": "S"}, "Cottonworks",
    )  # fmt: skip
    assert small.stock == 0
    assert (str(middle.price), middle.attributes) == ("14.00", {"price_up_to": "16"})
    assert read.hidden == ["t-l"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"@type": "Product",\n "name": }', "line 2, column 10"),
        ('{"@type": "Recipe"}', "no schema.org Product"),
        ("<html><body>nothing</body></html>", "no <script>"),
        ("<html>\xff</html>".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_holds_no_product_is_refused(
    read_feed: ReadFeed, content: str | bytes, said: str
) -> None:
    with pytest.raises(UnreadableImport, match=said):
        read_feed(content)


def test_nesting_without_end_harms_nobody(read_feed: ReadFeed) -> None:
    deep = '{"@graph": ' * 200 + "[]" + "}" * 200
    with pytest.raises(UnreadableImport):
        read_feed(deep)
    with pytest.raises(UnreadableImport):
        read_feed('{"@graph":' * 100_000)
