"""Sentences of shoppers who never saw the code, and what they are told."""

from pathlib import Path

import pytest

from assistant.offline.language import load_language
from assistant.offline.memory import Memory
from assistant.offline.phrase import Phrasing
from assistant.offline.pictures import name_pictures
from tests.assistant.offline.catalogs import CATALOGS, understanding_of
from tests.assistant.offline.readings import short
from tests.assistant.offline.talking_to import Talker

FOLDER = Path(__file__).parent / "sentences"


def table(catalog: str) -> list[tuple[str, str, str]]:
    lines = (FOLDER / f"shoppers_{catalog}.txt").read_text("utf-8").splitlines()
    rows = [line.split(" => ") for line in lines if line and not line.startswith("#")]
    return [(catalog, sentence, acts) for sentence, acts in rows]


@pytest.mark.parametrize(
    ("catalog", "sentence", "acts"), [row for catalog in CATALOGS for row in table(catalog)]
)
def test_other_shoppers_are_understood(catalog: str, sentence: str, acts: str) -> None:
    before, _, text = sentence.rpartition(" | ")
    reading = understanding_of(catalog).read(text, Memory(acts=(before,) if before else ()))
    assert "; ".join(short(act) for act in reading.acts) == acts


@pytest.mark.parametrize(
    ("text", "named"),
    [("add 6 🍋", "add 6 lemon"), ("add salmon 🐟", "add salmon 🐟"), ("ok 👍", "ok 👍")],
)
def test_an_emoji_is_a_word_only_where_one_is_missing(text: str, named: str) -> None:
    lexicon = understanding_of("grocery").lexicon
    assert " ".join(name_pictures(text, load_language(), lexicon).split()) == named


def test_a_sentence_is_not_said_twice_while_there_is_another() -> None:
    language = load_language()
    first = Phrasing(language, "USD", seed=1).say("found_next")
    assert Phrasing(language, "USD", seed=1, said=f"Well. {first}").say("found_next") != first


def test_cards_are_not_read_out(talker: Talker) -> None:
    turn = talker.say("find oat milk")
    (block,) = turn.blocks("products")
    named = [card for card in block["products"] if card["title"] in turn.text]
    assert len(named) < len(block["products"])
    assert "2. " not in turn.text


def test_a_product_chosen_for_its_kind_is_named_with_its_price(talker: Talker) -> None:
    turn = talker.say("add oat milk")
    line = turn.cart.lines[0]
    assert line.title in turn.text
    assert line.unit_price in turn.text
    assert "show oat milk" in turn.text


def test_a_product_can_be_added_by_its_number(talker: Talker) -> None:
    turn = talker.say("2x P107 and 1 p119")
    assert {line.product: line.quantity for line in turn.cart.lines} == {"P107": "2", "P119": "1"}


def test_two_of_each_changes_what_is_there(talker: Talker) -> None:
    talker.say("add P107 and P109")
    turn = talker.say("two of each would be lovely")
    assert {line.product: line.quantity for line in turn.cart.lines} == {"P107": "2", "P109": "2"}


def test_a_swap_says_why(talker: Talker) -> None:
    talker.say("add P147")
    turn = talker.say("anything cheaper?")
    (block,) = turn.blocks("swaps")
    if block["swaps"]:
        assert block["swaps"][0]["reason"].rstrip(".") in turn.text


@pytest.mark.parametrize("text", ["I ate peanuts and can't breathe, add milk", "chest pain"])
def test_an_emergency_is_no_shopping(talker: Talker, text: str) -> None:
    turn = talker.say(text)
    assert turn.calls == []
    assert "emergency number" in turn.text


def test_a_question_to_a_doctor_is_not_guessed(talker: Talker) -> None:
    turn = talker.say("can I take ibuprofen with red wine?")
    assert turn.calls == []
    assert "pharmacist" in turn.text
