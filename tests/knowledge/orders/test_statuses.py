import pytest

from knowledge.errors import InvalidInput
from knowledge.orders.statuses import (
    STATUSES,
    can_cancel,
    next_statuses,
    previous_statuses,
    read_status,
    status_words,
)


def test_every_order_can_be_handed_over_from_where_it_is() -> None:
    for fulfilment in ("pickup", "delivery"):
        status, way = "placed", ["placed"]
        while (following := next_statuses(status, fulfilment)) != ():
            status = following[-1]
            way.append(status)
        before_last = "ready" if fulfilment == "pickup" else "out_for_delivery"
        assert way == ["placed", "picking", before_last, "handed_over"]


def test_only_what_is_not_picked_can_be_cancelled_by_the_shopper() -> None:
    assert [status for status in STATUSES if can_cancel(status)] == ["placed", "accepted"]
    assert previous_statuses("ready", "delivery") == frozenset()
    assert previous_statuses("ready", "pickup") == {"picking"}


def test_a_status_is_read_as_people_write_it() -> None:
    assert read_status("Out for delivery") == read_status("out-for-delivery") == "out_for_delivery"
    with pytest.raises(InvalidInput, match="one of placed, accepted"):
        read_status("lost")
    assert status_words("handed_over", "delivery") == "delivered"
    assert status_words("handed_over", "pickup") == "collected"
