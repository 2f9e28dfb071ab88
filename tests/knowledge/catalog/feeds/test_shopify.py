import pytest

from tests.knowledge.catalog.feeds.conftest import ReadFeed

OLD = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Variant Image,Gift Card,Status,Price / Canada
oat-drink,Oat Drink,<p>Mild</p>,Northfield,Drinks,"vegan, new",TRUE,Title,Default Title,,,,1000,shopify,7,deny,2.19,2.49,'7312345678906,https://i.example/oat.png,,FALSE,active,2.99
oat-drink,,,,,,,,,,,,,,,,,,,https://i.example/oat2.png,,,,
tee,Tee,,Cottonworks,Shirts,,TRUE,Size,S,Color,Red,TEE-S,120,shopify,-2,deny,15.00,,,https://i.example/tee.png,https://i.example/tee-s.png,FALSE,active,
tee,,,,,,,,M,,Red,TEE-M,130,shopify,0,continue,15.00,,,,,,,
draft,Draft,,,,,TRUE,Title,Default Title,,,D1,,,,,1.00,,,,,,draft,
gone,Gone,,,,,FALSE,Title,Default Title,,,G1,,,,,1.00,,,,,,active,
"""  # noqa: E501 - the file as it is exported
NEW = """Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Price,Compare-at price,Unit price total measure,Unit price total measure unit,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Product image URL,Image position,Gift card
Honey,honey,Wild,Bee & Co,Food > Spreads,Honey,,TRUE,Active,H-350,,Size,350 g,,5.00,,,,shopify,3,DENY,500,https://i.example/h.png,1,FALSE
,honey,,,,,,,,H-500,,,500 g,,6.50,,,,shopify,0,CONTINUE,700,,,
,honey,,,,,,,,,,,,,,,,,,,,,https://i.example/h2.png,2,
Oil,,,,,,,TRUE,Active,,,,,,9.00,,750,ml,,,,,,,
,lost,,,,,,,,L1,,,x,,1.00,,,,,,,,,,
"""  # noqa: E501


def test_the_old_dialect_gives_variants_and_skips_rows_of_pictures(read_feed: ReadFeed) -> None:
    read = read_feed(OLD, "products_export.csv")

    assert read.format == "shopify-csv"
    assert list(read.products) == ["oat-drink", "TEE-S", "TEE-M"]
    assert read.problems == []
    oat, small, middle = read.products.values()
    assert (oat.title, dict(oat.options), oat.group_id) == ("Oat Drink", {}, None)
    assert (oat.size, oat.gtin, oat.category) == ("1000 g", "7312345678906", ("Drinks",))
    assert oat.attributes == {"compare_at_price": "2.49", "tags": "vegan, new"}
    assert (small.title, small.group_id) == ("Tee, S / Red", "tee")
    assert small.options == {"Size": "S", "Color": "Red"}
    assert [str(one.stock) for one in (oat, small, middle)] == ["7", "0", "None"]
    assert (small.image_url, middle.image_url) == (
        "https://i.example/tee-s.png", "https://i.example/tee.png",
    )  # fmt: skip


def test_drafts_and_what_is_not_published_are_hidden(read_feed: ReadFeed) -> None:
    assert read_feed(OLD).hidden == ["D1", "G1"]


def test_the_new_dialect_is_read_by_its_own_names(read_feed: ReadFeed) -> None:
    read = read_feed(NEW)

    honey, more, oil = read.products.values()
    assert (honey.id, honey.size, str(honey.stock), honey.category) == (
        "H-350", "350 g", "3", ("Food", "Spreads"),
    )  # fmt: skip
    assert (more.brand, more.size, more.stock) == ("Bee & Co", "500 g", None)
    assert (oil.id, oil.size, oil.stock) == ("oil", "750 ml", None)
    assert read.problems == [
        (5, "URL handle", "continues 'lost', which is not the product above it")
    ]


@pytest.mark.parametrize(("price", "column"), [("-1", "Variant Price"), ("1.999", "Variant Price")])
def test_a_wrong_price_is_told_by_row_and_column(
    read_feed: ReadFeed, price: str, column: str
) -> None:
    table = f"Handle,Title,Vendor,Variant SKU,Variant Price\na,A,V,A1,{price}\n"

    assert [problem[:2] for problem in read_feed(table).problems] == [(1, column)]
