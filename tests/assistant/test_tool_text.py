"""Tool calls that come as text: what is shown of them (nothing), and what is called."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tool_text import ToolTextFilter

NAMES = ("search_catalog", "get_cart", "add_to_cart")
CALL = '{"name": "search_catalog", "arguments": {"query": "oat } milk"}}'
WANTED = [("search_catalog", {"query": "oat } milk"})]
FORMS = {
    "tagged": f"<tool_call>\n{CALL}\n</tool_call>",
    "tagged, not closed": f"<tool_call>{CALL}",
    "fenced": f"```json\n{CALL}\n```",
    "fenced, no language": f"```\n[{CALL}]\n```",
    "function tag": '<function=search_catalog>{"query": "oat } milk"}</function>',
    "function tag, llama": '<function=search_catalog{"query": "oat } milk"}</function>',
    "tags in tags": '<tool_call><function=search_catalog>{"query": "oat } milk"}</function>'
    "</tool_call>",
    "mistral": f"[TOOL_CALLS] [{CALL}]",
    "mistral, new": '[TOOL_CALLS]search_catalog[ARGS]{"query": "oat } milk"}',
    "bare": CALL,
    "bare list": f"[{CALL}]",
    "parameters": '{"name": "search_catalog", "parameters": {"query": "oat } milk"}}',
    "arguments first": '{"arguments": {"query": "oat } milk"}, "name": "search_catalog"}',
    "as OpenAI keeps it": json.dumps(
        {
            "type": "function",
            "id": "call_1",
            "function": {"name": "search_catalog", "arguments": '{"query": "oat } milk"}'},
        }
    ),
    "many, wrapped": f'{{"tool_calls": [{CALL}]}}',
    "flat": '{"name": "search_catalog", "query": "oat } milk"}',
    "functions": 'functions.search_catalog({"query": "oat } milk"})',
    "functions, numbered": 'functions.search_catalog:0{"query": "oat } milk"}',
}
PROSE = [
    "Have fun with functions.",
    'The label says {"milk": "yes", "name": "Oat Drink"}, so it is not vegan.',
    '{"name": "Oat Drink", "price": 2.19}',
    '{"name": "milk", "size": "1 l"} is what the file says.',
    "[Oat Drink](https://shop.example/oat) is < 3 dollars, I <3 it :[",
    "[TODO] buy milk",
    "```python\nprint({})\n```",
    "```\nmilk\neggs\n```",
    "Use `c1` or {c2} or [#3]. {}",
    "Prices: [1, 2, 3] and {1: 2}",
    '{"ingredients": ["oats", {"name": "salt"}]}',
    "functions.php is no tool, functions.get_carts neither",
    "it says <b>fat</b>, <tools> and a < b",
    "fff functional {'milk': 2}",
    "{",
    "ends with half a dict {oats",
]


def passed(text: str, cuts: list[int] | None = None) -> tuple[str, list[tuple[str, Any]]]:
    """What is shown and called when the text comes in pieces of these lengths."""
    sieve = ToolTextFilter(NAMES)
    shown, at = "", 0
    for length in cuts or [len(text)]:
        shown += sieve.feed(text[at : at + length])
        at += length
    shown += sieve.feed(text[at:])
    rest, calls = sieve.finish()
    return shown + rest, [(call["name"], call["args"]) for call in calls]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_form_becomes_a_call_and_is_not_shown(form: str) -> None:
    assert passed(form) == ("", WANTED)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_words_before_and_after_a_call_are_shown(form: str) -> None:
    if form.endswith("}}") and form.startswith("<tool_call>"):
        form += "</tool_call>"

    shown, calls = passed(f"Let me look. {form} One moment.")

    assert calls == WANTED
    assert shown.split() == ["Let", "me", "look.", "One", "moment."]


@pytest.mark.parametrize("text", PROSE[:-2])
def test_prose_is_left_as_it_is(text: str) -> None:
    assert passed(text) == (text, [])


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_half_a_call_is_never_shown(form: str) -> None:
    for end in range(1, len(form)):
        shown, calls = passed("Well. " + form[:end])
        left = shown.removeprefix("Well. ")
        # What any sentence or list may end with is let through; no letter of a call is.
        assert (
            left == ""
            or (form[:end] == left and left.strip() in ("`", "``", "```"))
            or ("functions.".startswith(left))
        ), left
        assert calls in ([], WANTED)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*FORMS.values(), *PROSE, "\n", " ", "Milk. "]), max_size=4),
    st.lists(st.integers(1, 9), max_size=60),
)
def test_pieces_of_any_size_give_the_same(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)

    assert passed(text, cuts) == passed(text) == passed(text, [1] * len(text))


@settings(max_examples=300, deadline=None)
@given(
    st.text('{}[]"`<>: \n\\fnu', max_size=25),
    st.lists(st.integers(1, 4), max_size=20),
    st.sampled_from(["", *FORMS.values()]),
)
def test_noise_in_any_pieces_gives_the_same(noise: str, cuts: list[int], form: str) -> None:
    assert passed(noise + form, cuts) == passed(noise + form)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="<[{`"), max_size=80))
def test_plain_words_come_through_whole_and_at_once(text: str) -> None:
    sieve = ToolTextFilter(NAMES)

    shown = sieve.feed(text)

    assert text.startswith(shown)
    assert len(text) - len(shown) <= len("functions.search_catalog")
    assert shown + sieve.finish()[0] == text


def test_little_is_held_back() -> None:
    sieve = ToolTextFilter(NAMES)

    assert sieve.feed('See {"mi') == 'See {"mi'
    assert sieve.feed(" or fun") == " or "
    assert sieve.feed("ds.") == "funds."


@pytest.mark.parametrize(
    "text",
    [
        "<tool_call>" + CALL.replace("search_catalog", "drop_tables") + "</tool_call>",
        CALL.replace("search_catalog", "drop_tables"),
        "<function=drop_tables>{}</function>",
        "[TOOL_CALLS] [" + CALL.replace("search_catalog", "drop_tables") + "]",
        "<tool_call>what is this</tool_call>",
    ],
)
def test_what_calls_no_tool_of_ours_is_no_call_and_not_shown(text: str) -> None:
    assert passed(text) == ("", [])


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "get_cart", "arguments": {nonsense}}',
        "{'name': 'get_cart', 'arguments': {'a': 1}}",
        "functions.get_cart({nonsense})",
        "<function=get_cart>nonsense</function>",
    ],
)
def test_a_call_that_cannot_be_read_is_told_to_be_one(text: str) -> None:
    """The runner refuses it, in words the model can mend its call by."""
    shown, [(name, arguments)] = passed(text)

    assert (shown, name) == ("", "get_cart")
    assert list(arguments) == ["unreadable_arguments"]


def test_several_calls_keep_their_order() -> None:
    text = f'{CALL}\n{{"name": "get_cart"}}\n<function=get_cart></function>functions.get_cart()'

    shown, calls = passed(text)

    assert shown.strip() == ""
    assert [name for name, _ in calls] == ["search_catalog", "get_cart", "get_cart", "get_cart"]
