import pytest

from knowledge.errors import ErrorKind
from knowledge.orders.decisions import Decision, carry_out
from tests.calls import Talk, block_of
from tests.tools.test_order_tools import buy
from tools.blocks import ChoicesBlock, ConfirmationBlock, NoticeBlock, OrderBlock
from tools.runner import Outcome


def yes(talk: Talk, outcome: Outcome) -> Decision:
    asked = block_of(outcome, ConfirmationBlock).confirmation
    with talk.shop.write() as work:
        return carry_out(work, work.confirmations.get(asked.id), "yes", "web")


def advance(talk: Talk, order_id: str, *statuses: str) -> None:
    with talk.shop.write() as work:
        for status in statuses:
            work.orders.advance(order_id, status, actor="owner")  # type: ignore[arg-type]  # they are


def test_cancelling_asks_first_and_tells_of_it_afterwards(talk: Talk) -> None:
    assert talk.call("get_orders", action="cancel").kind == ErrorKind.NOT_FOUND
    buy(talk, oats=2)

    asked = talk.done("get_orders", action="cancel", reason="wrong day")
    assert "has to say yes" in asked.text
    assert yes(talk, asked).outcome == "done"

    (order,) = block_of(talk.done("get_orders", order="last"), OrderBlock).orders
    assert (order.status, order.can_cancel) == ("cancelled", False)
    assert order.history is not None
    assert [(one.status, one.by, one.note) for one in order.history] == [
        ("placed", "you", None),
        ("cancelled", "you", None),
    ]


def test_of_several_open_orders_the_shopper_chooses(talk: Talk) -> None:
    buy(talk, oats=1)
    buy(talk, tea=1)

    outcome = talk.done("get_orders", action="change")

    options = block_of(outcome, ChoicesBlock).options
    assert len(options) == 2
    number = options[0].value.removeprefix("change order ")
    asked = talk.done("get_orders", action="change", order=number)
    assert number in block_of(asked, ConfirmationBlock).confirmation.text


def test_too_late_offers_a_person(talk: Talk) -> None:
    order_id = buy(talk, oats=1)
    advance(talk, order_id, "picking")

    outcome = talk.done("get_orders", action="cancel")

    assert "being picked already" in block_of(outcome, NoticeBlock).text
    assert [one.value for one in block_of(outcome, ChoicesBlock).options] == ["call a human"]


@pytest.mark.parametrize("product", ["oats", "#1", "rolled oats"])
def test_things_are_given_back_by_id_place_or_name(talk: Talk, product: str) -> None:
    order_id = buy(talk, oats=2, tea=1)
    advance(talk, order_id, "picking", "ready", "handed_over")

    asked = talk.done(
        "get_orders",
        action="return",
        items=[{"product": product, "quantity": 1}],
        reason="costs $1.00",
    )
    assert "1 x Rolled Oats 500 g" in block_of(asked, ConfirmationBlock).confirmation.text
    yes(talk, asked)

    (order,) = block_of(talk.done("get_orders", order="last"), OrderBlock).orders
    assert order.returns is not None
    (returned,) = order.returns
    assert (returned.status, returned.why) == ("requested", "costs $1.00")
    assert [(line.name, line.value) for line in returned.lines] == [("Rolled Oats 500 g", "1")]


def test_what_cannot_be_given_back_is_told(talk: Talk) -> None:
    order_id = buy(talk, oats=2, tea=1)
    assert "cancelled instead" in talk.call("get_orders", action="return").text
    advance(talk, order_id, "picking", "ready", "handed_over")

    unknown = talk.call("get_orders", action="return", items=[{"product": "cheese"}])
    assert unknown.kind == ErrorKind.NOT_FOUND
    assert "it held Rolled Oats 500 g, Green Tea 20 bags" in unknown.text
    for arguments in (
        {"items": [{"product": "oats"}]},
        {"action": "cancel", "items": [{"product": "oats"}]},
        {"action": "cancel", "reorder": True},
    ):
        assert talk.call("get_orders", **arguments).kind == ErrorKind.INVALID
