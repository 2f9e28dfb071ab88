from pathlib import Path

import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import InvalidInput
from knowledge.policies.policies import Policies, read_policy
from tests.fixed_clock import FixedClock
from tests.sample_shop import SAMPLE


def test_a_page_is_cut_at_its_headings() -> None:
    sections = read_policy(
        "# Delivery\n\nWe deliver.\n\n## Fee\nIt costs 5.\nAlways.\n\n## Empty\n", "delivery.md"
    )

    assert [(one.policy, one.section, one.text) for one in sections] == [
        ("Delivery", "Delivery", "We deliver."),
        ("Delivery", "Fee", "It costs 5.\nAlways."),
    ]
    assert sections[0].source == "delivery.md"
    assert len({one.id for one in sections}) == 2


def test_loading_again_replaces_what_was_there(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "returns.md").write_text("# Returns\n## Time\nThirty days.\n", encoding="utf-8")
    with units.write() as session:
        Policies(session, clock).load(SAMPLE / "policies")
    with units.write() as session:
        policies = Policies(session, clock)
        assert policies.load(tmp_path) == 1
        assert policies.load(tmp_path) == 1

    with units.read() as session:
        assert [one.text for one in Policies(session, clock).all()] == ["Thirty days."]


def test_a_folder_without_policies_empties_nothing(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    with sqlite_units.write() as session:
        Policies(session, clock).load(SAMPLE / "policies")
    with pytest.raises(InvalidInput), sqlite_units.write() as session:
        Policies(session, clock).load(tmp_path)

    with sqlite_units.read() as session:
        assert Policies(session, clock).all()


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What is your return policy?", "returns.md"),
        ("how much is delivery", "delivery.md"),
        ("do you deliver on sundays?", "delivery.md"),
        ("can I pay with paypal", "payment.md"),
        ("when do you open", "opening-hours-and-contact.md"),
        ("my eggs arrived broken", "returns.md"),
        ("what do you do with my data", "privacy.md"),
        ("what happens if something is out of stock", "substitutions.md"),
        ("can i pick my order up myself", "pickup.md"),
        ("do you have gift cards", "payment.md"),
        ("whats the dellivery fee", "delivery.md"),
    ],
)
def test_questions_find_the_page_that_answers(
    sqlite_units: UnitsOfWork, clock: FixedClock, question: str, source: str
) -> None:
    with sqlite_units.write() as session:
        policies = Policies(session, clock)
        policies.load(SAMPLE / "policies")

        found = policies.search(question)

    assert source in [one.source for one in found]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("What is your return policy?", "Unopened goods"),
        ("how much is delivery", "Delivery fee and minimum order"),
        ("is there free delivery", "Delivery fee and minimum order"),
        ("what is the minimum order", "Delivery fee and minimum order"),
        ("do you deliver on sundays", "Time slots"),
        ("what are the delivery hours", "Time slots"),
        ("do you deliver to my address", "Where we deliver"),
        ("can I cancel my delivery", "Changing or canceling a delivery"),
        ("when do you close on sunday", "Store hours"),
        ("what time do you close on sundays", "Store hours"),
        ("when are you open", "Store hours"),
        ("are you open on christmas", "Holidays"),
        ("where is the store", "Address"),
        ("what is your phone number", "Call or write"),
        ("can I pay with paypal", "How you can pay"),
        ("do you take gift cards", "Coupons and gift cards"),
        ("what if something is out of stock", "When something is out of stock"),
        ("will a substitute cost more", "What a substitute costs"),
        ("how do you handle recalls", "Recalls"),
        ("what do I do with a recalled product", "What to do with a recalled product"),
        ("can someone else pick up my order", "Someone else collects"),
        ("my milk was spoiled when it arrived", "Fresh, chilled and frozen goods"),
        ("something is missing from my order", "Wrong or missing items"),
        ("how long do you keep my data", "How long we keep it"),
    ],
)
def test_the_first_passage_answers(
    sqlite_units: UnitsOfWork, clock: FixedClock, question: str, section: str
) -> None:
    with sqlite_units.write() as session:
        policies = Policies(session, clock)
        policies.load(SAMPLE / "policies")

        found = policies.search(question)

    assert found[0].section == section


@pytest.mark.parametrize(
    "question",
    ["who is the president of france", "what is the weather today", "", "tell me a joke"],
)
def test_what_no_policy_answers_finds_nothing(
    sqlite_units: UnitsOfWork, clock: FixedClock, question: str
) -> None:
    with sqlite_units.write() as session:
        policies = Policies(session, clock)
        policies.load(SAMPLE / "policies")

        assert policies.search(question) == []
