import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.memory.conversation import conversation_messages
from assistant.memory.summary import Summary
from tests.assistant.memory.turns import start_with, turn
from tests.stand_ins.conftest import Vendor, open_vendor, vendor
from tests.stand_ins.model_server import Reply

__all__ = ["open_vendor", "vendor"]

# Calls have the same id in every turn, as those of some models do.
WINDOW = [turn(f"said {number}", text="a line\n" * 200) for number in range(9)]


@pytest.mark.parametrize("budget", [20_000, 3_000, 700, 150])
@pytest.mark.parametrize("summary", [None, Summary(wishes=["oat"]).written()])
def test_every_vendor_takes_the_history(vendor: Vendor, budget: int, summary: str | None) -> None:
    start = start_with(WINDOW, last_seq=20, summary=summary, summary_until=9 if summary else 0)
    messages: tuple[BaseMessage, ...] = (
        SystemMessage("You sell."),
        *conversation_messages(start, budget_tokens=budget),
        HumanMessage("and now?"),
    )

    vendor.whole(Reply("Fine."), messages)

    assert vendor.server.problems == []
