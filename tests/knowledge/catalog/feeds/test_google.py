import pytest

from knowledge.catalog.import_report import UnreadableImport
from tests.knowledge.catalog.feeds.conftest import ReadFeed

RSS = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<title>Shop</title><link>https://shop.example</link><description>All</description>
<item>
  <title>Oat &lt;b&gt;Drink&lt;/b&gt; 1 l</title>
  <link>https://shop.example/oat</link>
  <description><![CDATA[<p>Creamy &amp; mild.</p><script>alert(1)</script>]]></description>
  <g:id>oat</g:id>
  <g:price>2.19 USD</g:price>
  <g:sale_price>1.99 USD</g:sale_price>
  <g:sale_price_effective_date>2026-11-20T00:00Z/2026-11-30T23:59Z</g:sale_price_effective_date>
  <g:availability>in stock</g:availability>
  <g:image_link>https://shop.example/oat.png</g:image_link>
  <g:brand>Northfield</g:brand><g:gtin>0 7312345678906</g:gtin>
  <g:google_product_category>422</g:google_product_category>
  <g:product_type>Drinks &gt; Plant drinks</g:product_type>
  <g:unit_pricing_measure>1 l</g:unit_pricing_measure>
  <g:shipping><g:country>US</g:country><g:price>99.00 USD</g:price></g:shipping>
  <g:product_detail><g:attribute_name>Season</g:attribute_name>
    <g:attribute_value>all year</g:attribute_value></g:product_detail>
</item>
<item><g:id>tee-s</g:id><title>Tee</title><g:price>15.00 USD</g:price>
  <g:availability>out_of_stock</g:availability><g:item_group_id>tee</g:item_group_id>
  <g:color>Red</g:color><g:size>S</g:size></item>
<item><g:id>eur</g:id><title>Dear</title><g:price>15,00 EUR</g:price></item>
<item><g:id>odd</g:id><title>Odd</title><g:price>1,234 USD</g:price></item>
</channel></rss>"""


def test_rss_is_read_with_its_names_sale_prices_and_details(read_feed: ReadFeed) -> None:
    read = read_feed(RSS)

    oat = read.products["oat"]
    assert read.format == "google-xml"
    assert (oat.title, oat.description) == ("Oat Drink 1 l", "Creamy & mild.")
    assert (str(oat.price), oat.attributes["regular_price"]) == ("1.99", "2.19")
    assert (oat.category, oat.size) == (("Drinks", "Plant drinks"), "1 l")
    assert (oat.brand, oat.gtin, oat.url) == (
        "Northfield", "07312345678906", "https://shop.example/oat",
    )  # fmt: skip
    assert oat.stock is None
    assert oat.attributes["Season"] == "all year"


def test_variants_keep_their_group_and_what_tells_them_apart(read_feed: ReadFeed) -> None:
    tee = read_feed(RSS).products["tee-s"]

    assert (tee.group_id, tee.options) == ("tee", {"color": "Red", "size": "S"})
    assert tee.stock == 0


def test_another_currency_and_an_unclear_price_are_told_by_item_and_column(
    read_feed: ReadFeed,
) -> None:
    problems = read_feed(RSS).problems

    assert [(row, column) for row, column, _ in problems] == [(3, "g:price"), (4, "g:price")]
    assert "sells in USD, not EUR" in problems[0][2]


@pytest.mark.parametrize(
    ("interval", "price"),
    [
        ("", "1.00"),
        ("2026-11-23T00:00:00+00:00/2026-11-24T00:00:00+00:00", "1.00"),
        ("2026-12-01/2026-12-24", "2.00"),
        ("2026-01-01T00:00Z/2026-02-01T00:00Z", "2.00"),
        ("soon", "2.00"),
    ],
)
def test_a_sale_price_holds_only_in_its_time(
    read_feed: ReadFeed, interval: str, price: str
) -> None:
    table = (
        "id\ttitle\tprice\tsale price\tsale price effective date\tavailability\n"
        f"a\tA\t2.00 USD\t1.00 USD\t{interval}\tin_stock\n"
    )

    assert str(read_feed(table).products["a"].price) == price


def test_atom_is_read_by_googles_id_and_the_link_of_the_entry(read_feed: ReadFeed) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
      <entry><id>urn:entry:1</id><g:id>tea</g:id><title>Tea</title><summary>Green.</summary>
      <link rel="edit" href="https://shop.example/edit"/><link href="https://shop.example/tea"/>
      <g:price>3.00 USD</g:price><updated>2026-01-01T00:00:00Z</updated></entry></feed>"""

    tea = read_feed(atom).products["tea"]

    assert (tea.url, tea.description) == ("https://shop.example/tea", "Green.")


def test_markup_in_a_feed_does_not_make_it_a_page(read_feed: ReadFeed) -> None:
    feed = (
        '<?xml version="1.0"?><!-- made by hand -->\n<feed><entry><id>a</id><title>A</title>'
        "<content><![CDATA[<html><body>x</body></html>]]></content><price>1.00</price>"
        "</entry></feed>"
    )

    assert read_feed(feed).products["a"].description == "x"


def test_xml_is_read_in_the_encoding_it_declares(read_feed: ReadFeed) -> None:
    xml = (
        '<?xml version="1.0" encoding="{}"?><rss><channel><item><id>a</id>'
        "<title>Crème brûlée</title><price>1.00</price></item></channel></rss>"
    )
    for encoding in ("iso-8859-1", "windows-1252", "utf-16"):
        read = read_feed(xml.format(encoding).encode(encoding))
        assert read.products["a"].title == "Crème brûlée"


def test_a_table_of_google_may_be_in_utf_16_and_name_columns_with_blanks(
    read_feed: ReadFeed,
) -> None:
    table = "ID\tTitle\tPrice\tImage link\tColor\nä1\tTee\t5.00 USD\thttps://i.example/1.png\tRed\n"

    read = read_feed(table.encode("utf-16"))

    assert read.format == "google-tsv"
    assert read.products["ä1"].attributes == {"color": "Red"}
    assert read.products["ä1"].image_url == "https://i.example/1.png"


def test_problems_of_a_table_name_the_column_as_it_is_written(read_feed: ReadFeed) -> None:
    read = read_feed("id\ttitle\tPrice\tAvailability\na\tA\tfree\tperhaps\n")

    assert {(row, column) for row, column, _ in read.problems} == {
        (1, "Price"),
        (1, "Availability"),
    }


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<!DOCTYPE rss [<!ENTITY a "aaa">]><rss>&a;</rss>', "document type"),
        ('<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        ("<rss><channel><item><id>a</id>", "line 1, column 31"),
        ("<rss><channel>\n<item></channel></rss>", "line 2"),
        ("<html5><item/></html5>", "not an RSS or Atom feed"),
        ("<rss>" + "<a>" * 40 + "</a>" * 40 + "</rss>", "nested too deeply"),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "klingon"),
    ],
)
def test_hostile_or_broken_xml_is_refused_with_its_place(
    read_feed: ReadFeed, xml: str, said: str
) -> None:
    with pytest.raises(UnreadableImport, match=said):
        read_feed(xml)
