"""Turns as they are kept, for tests of what is remembered of them."""

from typing import Any

from langchain_core.messages import AIMessage, ToolMessage

from assistant.memory.start import TurnStart
from assistant.state import TurnState
from assistant.window import Part, turn_parts
from tools.blocks import CartView
from tools.shown import ShownList
from tools.view import CartTotals


def product(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "title": f"Oat Drink {key}", "price": "2.49", "size": "1 l", **more}


def turn(
    said: str = "more oat",
    answer: str = "Here it is.",
    *,
    tool: str = "search_catalog",
    arguments: dict[str, Any] | None = None,
    text: str = "found",
    blocks: list[dict[str, Any]] | None = None,
    number: int = 1,
) -> list[Part]:
    """One call with its result and an answer."""
    call_id = f"call_{number}"
    arguments = {"query": "oat"} if arguments is None else arguments
    calling = AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": call_id}])
    result = ToolMessage(
        text,
        tool_call_id=call_id,
        name=tool,
        artifact={"ok": True, "blocks": blocks or []},
    )
    return turn_parts(said, [calling, result], answer)


def shows(*products: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "products", "title": "Oat", "products": list(products)}]


def start_with(window: list[list[Part]], *, last_seq: int | None = None, **more: Any) -> TurnStart:
    cart = CartView(
        id="k", version=0, lines=[], totals=CartTotals(items="0", total="0"), currency="USD"
    )
    state = TurnState(now="", shop="", channel="web", locale="en", currency="USD", cart=cart)
    seq = len(window) if last_seq is None else last_seq
    return TurnStart(state=state, shown=ShownList([]), window=window, last_seq=seq, **more)
