import pytest

from assistant.offline.phrasebook import read_yes_no

YES = (
    "yes", "Yes.", "YES!", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "yes please",
    "Yes, please.", "go ahead", "yes go ahead", "please do", "confirm", "I confirm",
    "yes, place it", "place the order", "yes do it", "do it", "absolutely", "definitely",
    "of course", "for sure", "that's correct", "yes that's right", "that is right", "correct",
    "sounds good", "looks good to me", "yes, I agree", "certainly", "indeed", "affirmative",
    "uh huh", "that works", "yes thank you", "yea", "sure thing", "oh yes", "yes yes",
    "yes I am sure", "👍", "make it so", "proceed", "yes please, go ahead", "by all means",
    "alright, do it", "i would like that", "yes of course",
)  # fmt: skip
NO = (
    "no", "No.", "NO!", "n", "nope", "nah", "no thanks", "No, thank you.", "not now", "not yet",
    "cancel", "cancel it", "don't", "do not do it", "please don't", "stop", "never mind",
    "no way", "absolutely not", "definitely not", "not really", "of course not",
    "I don't want that", "i don't think so", "no i don't", "wait", "hold on", "that's wrong",
    "that is not right", "no, cancel that", "negative", "leave it", "no please don't",
    "rather not", "i changed my mind", "no, that's incorrect", "👎", "naw", "not today",
    "don't place the order", "no, don't do that",
)  # fmt: skip
NEITHER = (
    "yes but change the pasta", "yes?", "maybe", "perhaps", "no idea", "I don't know",
    "not sure", "what does it cost?", "yes and no", "ok what else", "add milk", "yes, add milk",
    "no, add milk", "how much is it", "yes if it is cheap", "unless it is late",
    "do you deliver?", "", "   ", "???", "hello", "thanks", "why", "is that right?",
    "sure about that?", "yes I would like you to take the long way round and then some",
    "no problem", "not a problem", "why not", "checkout", "the second one", "swap that",
    "yes, swap that", "yes only two", "confirm what", "I can't say no to that", "or cancel",
    "yesterday", "know", "nobody", "ok but delivery", "yes except the eggs",
    "first show me the cart", "later", "do it later",
)  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_clear_yes_is_a_yes(text: str) -> None:
    assert read_yes_no(text) == "yes"


@pytest.mark.parametrize("text", NO)
def test_a_clear_no_is_a_no(text: str) -> None:
    assert read_yes_no(text) == "no"


@pytest.mark.parametrize("text", NEITHER)
def test_anything_else_is_neither(text: str) -> None:
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("empty it", "place_order"),
        ("yes, empty the cart", "place_order"),
        ("order it", "empty_cart"),
        ("place my order", "cancel_order"),
        ("buy it", "forget_me"),
        ("cancel it", "cancel_order"),
    ],
)
def test_a_yes_to_something_else_than_was_asked_is_none(text: str, about: str) -> None:
    assert read_yes_no(text, about=about) is None


@pytest.mark.parametrize(
    ("text", "about", "answer"),
    [
        ("place the order", "place_order", "yes"),
        ("yes, empty it", "empty_cart", "yes"),
        ("cancel", "place_order", "no"),
        ("cancel that", "forget_me", "no"),
        ("yes please", "cancel_order", "yes"),
    ],
)
def test_what_was_asked_may_be_named(text: str, about: str, answer: str) -> None:
    assert read_yes_no(text, about=about) == answer
