from assistant.state import read_state, write_state
from assistant.state_builder import build_state
from tests.calls import Talk


def test_the_state_tells_of_the_household_and_of_a_person_called(talk: Talk) -> None:
    shopper_id, cart_id = talk.caller.shopper_id, talk.caller.cart_id
    with talk.shop.write() as work:
        opened = work.conversations.open(shopper_id=shopper_id, cart_id=cart_id, channel="web")
        plain = build_state(work, opened, channel="web", locale="en-US")
    assert "household" not in write_state(plain)
    assert "human_called_at" not in write_state(plain)

    talk.caller.conversation_id = opened.id
    talk.done("set_preferences", member="Anna", allergens=["milk"])
    talk.done("call_a_human", reason="Help")
    with talk.shop.read() as work:
        conversation = work.conversations.get(opened.id)
        state = build_state(work, conversation, channel="web", locale="en-US")

    assert [(one.name, one.allergens) for one in state.household] == [("Anna", ["milk"])]
    assert state.human_called_at is not None
    assert read_state(write_state(state)) == state
