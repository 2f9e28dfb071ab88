import pytest

from knowledge.conversations.handovers import Handover
from knowledge.errors import NotFound
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper


@pytest.fixture
def conversation(market: Shop, customer: Shopper) -> str:
    with market.write() as work:
        return work.conversations.open(
            shopper_id=customer.id, cart_id=customer.cart_id, channel="web"
        ).id


def call(shop: Shop, shopper: Shopper, conversation: str | None, reason: str) -> Handover:
    with shop.write() as work:
        return work.handovers.open(
            shopper.id,
            conversation_id=conversation,
            channel="web",
            reason=reason,
            summary=f"They say: {reason}",
        )


def test_one_call_is_open_until_it_is_dealt_with(
    market: Shop, customer: Shopper, conversation: str
) -> None:
    first = call(market, customer, conversation, "wrong order")
    again = call(market, customer, conversation, "very wrong order")

    assert again.id == first.id
    assert again.reason == "very wrong order; before: wrong order"
    assert again.summary == "They say: very wrong order"
    with market.read() as work:
        assert work.handovers.list() == [again]
        assert work.conversations.get(conversation).handed_over_at == again.created_at

    with market.write() as work:
        assert work.handovers.close(first.id).status == "done"
        assert work.handovers.close(first.id).status == "done"
    with market.read() as work:
        assert work.handovers.list() == []
        assert [one.id for one in work.handovers.list(None)] == [first.id]
        assert work.conversations.get(conversation).handed_over_at is None
    assert call(market, customer, conversation, "and again").id != first.id


def test_calls_outside_of_a_conversation_are_ones_own(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        other = work.shoppers.create_anonymous("web")
    first = call(market, customer, None, "x" * 600)

    assert len(first.reason) == 500
    assert call(market, customer, None, "x" * 600).reason == first.reason
    assert call(market, other, None, "hello").id != first.id


def test_a_call_nobody_made_cannot_be_closed(market: Shop) -> None:
    with market.write() as work, pytest.raises(NotFound, match="no handover 'hv1'"):
        work.handovers.close("hv1")
