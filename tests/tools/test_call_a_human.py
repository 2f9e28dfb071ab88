from pathlib import Path

import pytest

from knowledge.conversations.handovers import Handover
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk, block_of
from tests.market import fill_cart
from tests.orders import ask, place_order
from tools.blocks import NoticeBlock, PassagesBlock

POLICY = """# Contact

## Call or write
Call (555) 013-0147. We answer mail within one business day.

# Returns

## Damaged goods
Bring them back within 14 days.
"""


@pytest.fixture
def conversing(talk: Talk) -> Talk:
    """Within a conversation that has a turn behind it and one that goes on."""
    shopper = shopper_of(talk)
    with talk.shop.write() as work:
        conversation = work.conversations.open(
            shopper_id=shopper.id, cart_id=shopper.cart_id, channel="web"
        )
        work.conversations.append(
            conversation.id,
            turn_id="t0",
            parts=[
                {"type": "user", "text": "my eggs\x07 were broken"},
                {"type": "answer", "text": "Sorry!", "blocks": []},
            ],
            schema_version=1,
            outcome="done",
            started_at=work.clock.now(),
        )
    talk.caller.conversation_id = conversation.id
    return talk


def shopper_of(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


def waiting(talk: Talk) -> list[Handover]:
    with talk.shop.read() as work:
        return work.handovers.list()


def test_hands_over_with_all_a_person_should_know(conversing: Talk) -> None:
    shopper = shopper_of(conversing)
    fill_cart(conversing.shop, shopper, oats="2")
    number = place_order(conversing.shop, shopper).number
    fill_cart(conversing.shop, shopper, apples="0.5")
    ask(conversing.shop, shopper, conversation_id=conversing.caller.conversation_id)

    outcome = conversing.done("call_a_human", reason="Broken eggs, wants money back")

    (handover,) = waiting(conversing)
    lines = handover.summary.splitlines()
    assert lines[0] == "Reason: Broken eggs, wants money back"
    assert lines[1] == "Shopper: my eggs were broken"
    assert lines[2].startswith("Waits for an answer to: ")
    assert lines[3] == "Cart: The cart has 1 line, total $1.50. 0.5 kg x Apples by Weight"
    assert lines[4].startswith(f"Latest order: {number}, placed, ")
    assert "has been told, with a summary" in block_of(outcome, NoticeBlock).text


def test_asking_again_adds_to_the_same_call(conversing: Talk) -> None:
    conversing.done("call_a_human", reason="Broken eggs")
    outcome = conversing.done("call_a_human", reason="And the milk is off")

    (handover,) = waiting(conversing)
    assert handover.reason == "And the milk is off; before: Broken eggs"
    assert "has been told again" in outcome.text
    with conversing.shop.read() as work:
        conversation = work.conversations.get(handover.conversation_id or "")
        jobs = [job for job in work.jobs.list("waiting") if job.kind == "owner_mail"]
    assert conversation.handed_over_at == handover.created_at
    assert [job.payload["handover_id"] for job in jobs] == [handover.id]


def test_the_summary_has_an_end(conversing: Talk) -> None:
    fill_cart(conversing.shop, shopper_of(conversing), oats="1", tea="1", milk="1")

    conversing.done("call_a_human", reason="long " * 100)

    assert len(waiting(conversing)[0].summary) <= 1000


def test_says_how_from_the_policies(conversing: Talk, tmp_path: Path) -> None:
    (tmp_path / "contact.md").write_text(POLICY, "utf-8")
    with conversing.shop.write() as work:
        work.policies.load(tmp_path)

    outcome = conversing.done("call_a_human", reason="Help")

    passages = block_of(outcome, PassagesBlock).passages
    assert [one.section for one in passages] == ["Call or write"]
    assert "(555) 013-0147" in outcome.text


def test_works_outside_of_a_conversation(talk: Talk) -> None:
    outcome = talk.done("call_a_human", reason="Help")

    assert waiting(talk)[0].conversation_id is None
    assert [block.type for block in outcome.blocks] == ["notice"]
    assert not talk.call("call_a_human", reason=" ").ok
