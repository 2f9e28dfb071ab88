from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from assistant.window import turn_parts, window_blocks, window_messages
from tools.blocks import NoticeBlock
from tools.runner import dump_blocks


def result(call_id: str) -> ToolMessage:
    return ToolMessage(
        "found",
        tool_call_id=call_id,
        name="search_catalog",
        artifact={"ok": True, "blocks": dump_blocks([NoticeBlock(text="seen")])},
    )


def test_a_turn_comes_back_as_the_messages_it_was() -> None:
    calling = AIMessage(
        "thinking aloud",
        tool_calls=[{"name": "search_catalog", "args": {"query": "x"}, "id": "1"}],
        additional_kwargs={"smartcart": {"asked": 1}},
    )
    final = AIMessage("wrong words", additional_kwargs={"smartcart": {"asked": 2}})

    parts = turn_parts("hi", [calling, result("1"), final], "shown words")
    human, again, tool, said = window_messages([parts])

    assert isinstance(human, HumanMessage)
    assert human.text == "hi"
    assert isinstance(again, AIMessage)
    assert again.tool_calls[0]["args"] == {"query": "x"}
    assert again.additional_kwargs == {"smartcart": {"asked": 1}}
    assert isinstance(tool, ToolMessage)
    assert tool.artifact == {"ok": True, "blocks": dump_blocks([NoticeBlock(text="seen")])}
    assert isinstance(said, AIMessage)
    assert said.text == "shown words"
    assert said.additional_kwargs == {"smartcart": {"asked": 2}}
    assert window_blocks([parts]) == [NoticeBlock(text="seen")]


def test_a_call_that_was_cut_off_is_left_out() -> None:
    calling = AIMessage(
        "",
        tool_calls=[
            {"name": "search_catalog", "args": {}, "id": "1"},
            {"name": "add_to_cart", "args": {}, "id": "2"},
        ],
    )

    _, again, _, _ = window_messages([turn_parts("hi", [calling, result("1")], "sorry")])

    assert isinstance(again, AIMessage)
    assert [call["id"] for call in again.tool_calls] == ["1"]


def test_a_turn_without_any_result_has_only_words() -> None:
    calling = AIMessage("", tool_calls=[{"name": "get_cart", "args": {}, "id": "1"}])

    messages = window_messages([turn_parts("hi", [calling], "sorry")])

    assert [type(one) for one in messages] == [HumanMessage, AIMessage]
