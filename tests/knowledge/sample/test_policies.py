"""Policies of the sample shop read as pages with sections and agree with each other."""

import re

import pytest

from tests.knowledge.sample.shop_files import SAMPLE


@pytest.mark.parametrize(
    "name",
    [
        "allergens-and-recalls",
        "delivery",
        "opening-hours-and-contact",
        "payment",
        "pickup",
        "privacy",
        "returns",
        "substitutions",
    ],
)
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
    assert re.findall(r"\$(\d+\.\d\d)", delivery) == ["5.95", "60.00", "25.00"]
