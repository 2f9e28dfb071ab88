from pathlib import Path

import pytest
import yaml

from knowledge.catalog.feeds.mapping import InvalidMapping, read_mapping, to_mapping
from knowledge.catalog.import_report import UnreadableImport
from tests.knowledge.catalog.feeds.conftest import ReadFeed

FIELDS = {"id": "Art. {No}", "title": "Name", "price": "Preis"}
CODED = FIELDS | {"id": "A{No}"}


def test_columns_templates_constants_and_words_make_a_product(read_feed: ReadFeed) -> None:
    table = (
        "No;Marke;Name;Preis;Warengruppe;Unter;Bestand;Allergene;Fett;Farbe\n"
        "7;Hof;Milch <b>frisch</b>;1.234,50 €;Kühlung;Milch;viele;Milch / Ei;3,6;weiß\n"
        "8;;Brot;2,00;Backwaren;;0;keine;;\n"
    )
    mapping = {
        "fields": {
            "id": "A{No}",
            "title": "{Marke} {Name}",
            "price": "Preis",
            "category": "{Warengruppe} > {Unter}",
            "stock": "Bestand",
            "sell_by": "=each",
            "allergens": "Allergene",
            "nutrition.fat": "Fett",
        },
        "values": {"stock": {"VIELE": None}, "allergens": {"Milch / Ei": "milk/eggs"}},
        "decimal_comma": True,
        "list_separator": "/",
        "none_words": ["keine"],
        "other_columns": ["Farbe"],
        "currency": "EUR",
    }

    read = read_feed(table, mapping=mapping, currency="EUR")

    milk, bread = read.products["A7"], read.products["A8"]
    assert (milk.title, str(milk.price), milk.stock) == ("Hof Milch frisch", "1234.50", None)
    assert milk.category == ("Kühlung", "Milch")
    assert milk.allergens == ("milk", "eggs")
    assert milk.nutrition is not None
    assert str(milk.nutrition.fat) == "3.6"
    assert milk.attributes == {"Farbe": "weiß"}
    assert (bread.title, bread.category, bread.in_stock) == ("Brot", ("Backwaren",), False)
    assert bread.allergens == ()


def test_all_other_columns_can_become_attributes(read_feed: ReadFeed) -> None:
    read = read_feed(
        "No,Name,Preis,Farbe,Leer\n1,Hemd,5.00,rot,\n",
        mapping={"fields": CODED, "other_columns": "attributes"},
    )

    assert read.products["A1"].attributes == {"Farbe": "rot"}


def test_an_old_encoding_and_delimiter_can_be_named(read_feed: ReadFeed) -> None:
    read = read_feed(
        "No|Name|Preis\n1|Käse|5.00\n".encode("cp1252"),
        mapping={"fields": CODED, "encoding": "cp1252", "delimiter": "|"},
    )

    assert read.products["A1"].title == "Käse"


def test_problems_name_the_column_of_the_file(read_feed: ReadFeed) -> None:
    read = read_feed(
        "No,Name,Preis,Geld\n1,Käse,1\u20442,\n2,Brot,2.00,EUR\n",
        mapping={"fields": CODED | {"currency": "Geld"}},
    )

    assert [(row, column) for row, column, _ in read.problems] == [(1, "Preis"), (2, "Geld")]


def test_columns_the_file_lacks_are_named(read_feed: ReadFeed) -> None:
    with pytest.raises(UnreadableImport, match=r"lacks: Preis\. It has: No, Name"):
        read_feed("No,Name\n1,Käse\n", mapping={"fields": CODED})


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({}, "fields"),
        ({"fields": {"id": "a"}}, "title, price"),
        ({"fields": FIELDS | {"colour": "x"}}, "'colour'"),
        ({"fields": FIELDS | {"nutrition.magic": "x"}}, "magic"),
        ({"fields": FIELDS, "values": {"stock": {}}}, "'stock'"),
        ({"fields": FIELDS, "encoding": "klingon"}, "klingon"),
        ({"fields": FIELDS, "encoding": "base64"}, "base64"),
        ({"fields": FIELDS, "colour": 1}, "colour"),
        ([1], "dictionary"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(mapping: object, said: str) -> None:
    with pytest.raises(InvalidMapping, match=said):
        to_mapping(mapping)


def test_a_mapping_file_is_yaml_or_json(tmp_path: Path) -> None:
    as_json = '{"fields": {"id": "a", "title": "b", "price": "=2.5"}}'
    for text in ("fields: {id: a, title: b, price: 2.50}", as_json):
        (tmp_path / "mapping").write_text(text)
        assert read_mapping(tmp_path / "mapping").fields["price"] == "=2.5"
    (tmp_path / "mapping").write_text("fields: {id: [")
    with pytest.raises(InvalidMapping, match=r"line 1, column"):
        read_mapping(tmp_path / "mapping")
    with pytest.raises(InvalidMapping, match="cannot be read"):
        read_mapping(tmp_path / "none")
    (tmp_path / "mapping").write_text(" " * 200_000)
    with pytest.raises(InvalidMapping, match="larger"):
        read_mapping(tmp_path / "mapping")


def test_the_mapping_of_the_documentation_works(read_feed: ReadFeed) -> None:
    text = (Path(__file__).parents[4] / "docs" / "feeds.md").read_text("utf-8")
    mapping = yaml.safe_load(text.split("```yaml")[1].split("```")[0])
    table = (
        "index,product,category,sub_category,brand,sale_price,market_price,type,rating\n"
        '7,Water Bottle,"Kitchen, Garden",Storage,Mastercook,180,200.50,Bottles,\n'
    )

    bottle = read_feed(table, mapping=mapping, currency="INR").products["bb-7"]

    assert bottle.category == ("Kitchen, Garden", "Storage", "Bottles")
    assert (str(bottle.price), bottle.rating) == ("180.00", None)
    assert bottle.attributes == {"regular_price": "200.50"}
