"""Every product of the sample shop has a picture, and every picture is safe to serve."""

import re
from xml.etree import ElementTree as ET

from tests.knowledge.sample.shop_files import SAMPLE, Product

FOLDER = SAMPLE / "pictures"
SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 2_500
DRAWING = {"svg", "g", "defs", "use", "clipPath", "path", "circle", "ellipse", "rect"}


def test_every_product_has_a_picture_and_every_picture_a_product(groceries: list[Product]) -> None:
    shown = {product.image_url for product in groceries}

    assert shown == {f"/pictures/{path.name}" for path in FOLDER.iterdir()}


def test_pictures_are_small_drawings_on_one_canvas() -> None:
    for path in FOLDER.iterdir():
        drawing = ET.fromstring(path.read_text())  # noqa: S314  # our own files

        assert re.fullmatch(r"[a-z0-9-]+\.svg", path.name)
        assert path.stat().st_size <= MOST_BYTES, path.name
        assert drawing.get("viewBox") == "0 0 96 96", path.name
        assert {node.tag.removeprefix(SVG) for node in drawing.iter()} <= DRAWING, path.name


def test_pictures_run_nothing_and_fetch_nothing() -> None:
    for path in FOLDER.iterdir():
        drawing = ET.fromstring(path.read_text())  # noqa: S314  # our own files
        named = {node.get("id") for node in drawing.iter()}
        for name, value in (pair for node in drawing.iter() for pair in node.items()):
            assert not name.startswith("on"), path.name
            assert name != "style", path.name
            if name == "href" or "url(" in value:
                referred = re.fullmatch(r"#(\w+)|url\(#(\w+)\)", value)
                assert referred, (path.name, value)
                assert (referred[1] or referred[2]) in named, (path.name, value)
