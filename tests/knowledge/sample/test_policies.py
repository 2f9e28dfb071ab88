"""Policies of the sample shop read as pages with sections and agree with each other."""

import re

import pytest

from knowledge.pricing.promotion_file import read_promotions
from knowledge.profile import DeliveryTerms, ShopProfile
from tests.knowledge.sample.shop_files import SAMPLE

PAGES = (
    "age-restricted-goods",
    "allergens",
    "coupons-and-promotions",
    "delivery",
    "opening-hours-and-contact",
    "orders",
    "payment",
    "pickup",
    "privacy",
    "recalls",
    "returns",
    "substitutions",
)


@pytest.mark.parametrize("name", PAGES)
def test_policies_have_one_title_and_several_sections_with_text(name: str) -> None:
    text = (SAMPLE / "policies" / f"{name}.md").read_text()
    title, *sections = re.split(r"^## ", text, flags=re.MULTILINE)

    assert re.fullmatch(r"# [^\n]+\n\n", title)
    assert len(sections) >= 4
    assert all(len(section.split("\n", maxsplit=1)[1].strip()) > 40 for section in sections)


def test_policies_name_the_same_figures_everywhere() -> None:
    pages = [path.read_text() for path in sorted((SAMPLE / "policies").glob("*.md"))]
    text = "\n".join(pages)

    assert set(re.findall(r"\(555\) \d{3}-\d{4}", text)) == {"(555) 013-0147"}
    assert set(re.findall(r"aged (\d+) or older (?:with|and|must)", text)) == {"21"}
    assert set(re.findall(r"within (\d+) hours", text)) == {"48"}
    assert set(re.findall(r"within (\d+) days of pickup|unopened within (\d+) days", text)) == {
        ("30", ""),
        ("", "30"),
    }


def test_policies_say_that_pickup_is_free_and_what_delivery_costs() -> None:
    pickup = (SAMPLE / "policies" / "pickup.md").read_text()
    delivery = (SAMPLE / "policies" / "delivery.md").read_text()

    assert "Pickup is our standard and it is free" in pickup
    terms = DeliveryTerms()
    assert re.findall(r"\$(\d+\.\d\d)", delivery) == [
        str(amount) for amount in (terms.fee, terms.free_from, terms.minimum)
    ]


def test_no_policy_page_is_left_unread() -> None:
    assert {path.stem for path in (SAMPLE / "policies").glob("*.md")} == set(PAGES)


@pytest.mark.parametrize(
    ("page", "promise"),
    [
        ("orders", "cancel or change an order until we start picking it"),
        ("orders", "confirmation by mail"),
        ("returns", f"{ShopProfile().return_days} days after you got the order"),
        ("age-restricted-goods", "aged 21 or older must show a valid ID"),
        ("age-restricted-goods", "no more than 0.5 percent alcohol"),
        ("delivery", "two-hour slots"),
        ("delivery", "zones by ZIP code"),
        ("recalls", "off sale at once"),
        ("allergens", "may contain"),
        ("substitutions", "ask me first, best match, or no substitute"),
        ("privacy", "copy of your data"),
        ("payment", "cannot move money"),
    ],
)
def test_policies_promise_what_the_shop_does(page: str, promise: str) -> None:
    assert promise in (SAMPLE / "policies" / f"{page}.md").read_text()


def test_the_coupons_named_are_those_of_the_promotions() -> None:
    page = (SAMPLE / "policies" / "coupons-and-promotions.md").read_text()
    coupons = {
        one.coupon: one.rule for one in read_promotions(SAMPLE / "promotions.yaml") if one.coupon
    }

    assert dict(re.findall(r"\b([A-Z]+\d+) takes (\d+) percent off", page)) == {
        coupon: rule["percent"] for coupon, rule in coupons.items()
    }
    assert re.findall(r"\$(\d+\.\d\d)", page) == [
        rule["minimum"] for rule in coupons.values() if "minimum" in rule
    ]
