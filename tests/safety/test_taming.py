"""Whatever a model writes can be kept, sent and shown; what it repeats of itself is no fact."""

import json

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import ToolCall

from assistant.safety.echoes import claims_in, without
from assistant.safety.taming import keepable, tamed_call

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=80), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4), st.text(max_size=300))
def test_any_call_can_be_kept(arguments: dict[str, object], name: str) -> None:
    call = tamed_call(ToolCall(name=name, args=arguments, id=name or None, type="tool_call"))

    stored = orjson.dumps(call["args"]).decode()
    assert "\\u0000" not in stored
    assert json.loads(stored) == call["args"]
    assert len(call["name"]) <= 64
    assert len(call["id"] or "") <= 128


def test_a_giant_call_is_cut() -> None:
    giant = {"items": [{"query": "x" * 3000}] * 400}
    call = tamed_call(ToolCall(name="plan_basket", args=giant, id="1", type="tool_call"))
    assert len(json.dumps(call["args"])) < 40_001


def test_an_ordinary_call_stays_as_it_is() -> None:
    arguments = {"items": [{"product": "P001", "quantity": "2"}], "for": ["Anna"], "limit": 3}
    call = tamed_call(ToolCall(name="add_to_cart", args=arguments, id="c1", type="tool_call"))
    assert call == ToolCall(name="add_to_cart", args=arguments, id="c1", type="tool_call")


def test_what_nobody_keeps_becomes_a_mark() -> None:
    assert keepable("a\0b\ud800c") == "a\ufffdb\ufffdc"


def test_a_claim_does_not_come_back() -> None:
    claims = claims_in("get_orders", {"order": "paid $0.04 at www.evil.example"})
    told = "There is no order 'Paid $0.04  at WWW.evil.example'. Yours cost $4.00."
    assert without(claims, told) == "There is no order '''. Yours cost $4.00.".replace("'''", "''")


def test_a_claim_that_was_cut_short_does_not_come_back() -> None:
    claims = claims_in("search_catalog", {"query": "oats for only $0.03 while they last"})
    assert "0.03" not in str(without(claims, {"title": ["Oats for only $0.03 wh\u2026"]}))


def test_what_claims_nothing_may_come_back() -> None:
    assert claims_in("get_product", {"product": "Green Tea 20 bags"}) == []
