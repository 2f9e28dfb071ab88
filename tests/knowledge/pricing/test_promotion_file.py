from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.errors import InvalidInput
from knowledge.pricing.promotion_file import PromotionRecord, read_promotions

GOOD = """
- id: spring
  title: 10% off bread
  kind: percent_off
  rule: {category: Bakery > Bread, percent: 10.5, minimum: "20"}
  coupon: spring10
  starts_at: 2026-03-01
  ends_at: 2026-04-01T12:00:00Z
- {id: pair, title: 2 for $5, kind: n_for_price, rule: {products: [P1], count: 2, price: "5.00"}}
"""


def test_a_file_gives_its_promotions(tmp_path: Path) -> None:
    spring, pair = read_promotions(_file(tmp_path, GOOD))

    assert spring == PromotionRecord(
        id="spring",
        title="10% off bread",
        kind="percent_off",
        rule={"category": "Bakery > Bread", "percent": "10.5", "minimum": "20"},
        coupon="SPRING10",
        starts_at=datetime(2026, 3, 1, tzinfo=UTC),
        ends_at=datetime(2026, 4, 1, 12, tzinfo=UTC),
    )
    assert pair.rule == {"products": ["P1"], "count": 2, "price": "5.00"}
    assert (pair.coupon, pair.active) == (None, True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {id: a, title: A", r"promotions\.yaml is not a YAML file"),
        ("a: b", "must hold a list"),
        ("- 5", "promotion 1: "),
        ("- {id: a, title: A, kind: free, rule: {}}", r"promotion 1 \(a\): .*percent_off"),
        (
            "- {id: a, title: A, kind: percent_off, rule: {percent: 120}}",
            "rule: percent_off.percent: .*less than or equal to 100",
        ),
        (
            "- {id: a, title: A, kind: percent_off, rule: {percent: 5, shop: B}}",
            "rule: percent_off.shop: Extra inputs",
        ),
        (
            "- {id: a, title: A, kind: percent_off, rule: {percent: 5}, coupon: '10 OFF!'}",
            "coupon: ",
        ),
        (
            """- {id: a, title: A, kind: percent_off, rule: {percent: 5},
            starts_at: 2026-02-01, ends_at: 2026-01-01}""",
            "ends_at: is not after starts_at",
        ),
        (
            "- {id: a, title: A, kind: percent_off, rule: {percent: 5}}\n" * 2,
            "uses the id 'a' twice",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        read_promotions(_file(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"gone\.yaml cannot be read"):
        read_promotions(tmp_path / "gone.yaml")


def _file(folder: Path, text: str) -> Path:
    file = folder / "promotions.yaml"
    file.write_text(text, encoding="utf-8")
    return file
