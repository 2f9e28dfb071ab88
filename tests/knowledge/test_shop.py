import pytest

from knowledge.errors import Contended
from knowledge.shop import ATTEMPTS, Shop
from knowledge.work import Work


def test_a_change_that_lost_to_a_rival_is_done_again_from_the_start(market: Shop) -> None:
    tries: list[str] = []

    def create(work: Work) -> str:
        shopper = work.shoppers.create_anonymous("web")
        tries.append(shopper.id)
        if len(tries) < 3:
            raise Contended
        return shopper.id

    assert market.change(create) == tries[2]
    with market.read() as work:
        assert work.shoppers.get(tries[2]).id == tries[2]
        for lost in tries[:2]:
            with pytest.raises(Exception, match="no such shopper"):
                work.shoppers.get(lost)


def test_who_always_loses_is_told(market: Shop) -> None:
    tries: list[int] = []

    def lose(work: Work) -> None:
        del work
        tries.append(1)
        raise Contended

    with pytest.raises(Contended):
        market.change(lose)
    assert len(tries) == ATTEMPTS


def test_other_errors_are_not_tried_again(market: Shop) -> None:
    tries: list[int] = []

    def fail(work: Work) -> None:
        del work
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        market.change(fail)
    assert tries == [1]
