import hashlib

import pytest
from sqlalchemy import select, update

from knowledge.db.rows.people import SessionRow, ShopperRow
from knowledge.errors import NotFound, Unauthenticated
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.fixed_clock import FixedClock


def token_of(shop: Shop, shopper: Shopper) -> str:
    with shop.write() as work:
        return work.shoppers.issue_token(shopper.id, "web")[0]


def test_a_new_shopper_has_an_empty_cart_of_their_own(market: Shop) -> None:
    with market.write() as work:
        one, other = (work.shoppers.create_anonymous("web") for _ in range(2))

    assert one.cart_id != other.cart_id
    with market.read() as work:
        assert work.shoppers.get(one.id) == one
        assert work.carts.get(one.cart_id).lines == ()


def test_a_token_recognises_its_shopper(market: Shop, customer: Shopper) -> None:
    token = token_of(market, customer)

    with market.read() as work:
        assert work.shoppers.authenticate(token) == customer


def test_of_a_token_only_the_hash_is_kept(market: Shop, customer: Shopper) -> None:
    token = token_of(market, customer)

    with market.read() as work:
        (row,) = work.session.scalars(select(SessionRow))
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(row))
    assert len(token) >= 43  # 256 bits in base 64


def test_tokens_are_never_alike(market: Shop, customer: Shopper) -> None:
    assert len({token_of(market, customer) for _ in range(20)}) == 20


def test_a_session_lasts_thirty_days(market: Shop, customer: Shopper, clock: FixedClock) -> None:
    with market.write() as work:
        token, expires_at = work.shoppers.issue_token(customer.id, "web")
    clock.advance(-1, days=30)
    with market.read() as work:
        assert work.shoppers.authenticate(token) == customer
    clock.advance(1)

    assert clock.now() == expires_at
    with market.read() as work, pytest.raises(Unauthenticated, match="expired"):
        work.shoppers.authenticate(token)


def test_a_revoked_token_is_not_known_again(market: Shop, customer: Shopper) -> None:
    token, other = token_of(market, customer), token_of(market, customer)
    with market.write() as work:
        work.shoppers.revoke(token)
        work.shoppers.revoke("never issued")

    with market.read() as work:
        with pytest.raises(Unauthenticated):
            work.shoppers.authenticate(token)
        assert work.shoppers.authenticate(other) == customer


@pytest.mark.parametrize("token", ["", "guess", "x" * 10_000, "\u0000"])
def test_made_up_tokens_are_refused(market: Shop, token: str) -> None:
    with market.read() as work, pytest.raises(Unauthenticated):
        work.shoppers.authenticate(token)


def test_who_was_merged_is_the_shopper_that_is_left(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        guest = work.shoppers.create_anonymous("web")
        token = work.shoppers.issue_token(guest.id, "web")[0]
        merge = update(ShopperRow).where(ShopperRow.id == guest.id)
        work.session.execute(merge.values(merged_into=customer.id))

    with market.read() as work:
        assert work.shoppers.authenticate(token) == customer


def test_who_was_erased_is_not_found(market: Shop, customer: Shopper, clock: FixedClock) -> None:
    token = token_of(market, customer)
    with market.write() as work:
        erase = update(ShopperRow).where(ShopperRow.id == customer.id)
        work.session.execute(erase.values(erased_at=clock.now()))

    with market.read() as work:
        with pytest.raises(NotFound):
            work.shoppers.get(customer.id)
        with pytest.raises(Unauthenticated):
            work.shoppers.authenticate(token)
