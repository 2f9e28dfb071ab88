import pytest

from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.fulfilment.address_text import read_address
from knowledge.fulfilment.addresses import MOST
from tests.calls import Talk

ELM = read_address("12 Elm Street, Maple Falls, WA 98266").place
OAK = read_address("9 Oak Road, Maple Falls, WA 98266").place


def test_addresses_have_names_and_are_one_shoppers_own(talk: Talk) -> None:
    me = talk.caller.shopper_id
    with talk.shop.write() as work:
        saved = work.addresses.save(me, "Home", ELM)
        stranger = work.shoppers.create_anonymous("web").id

        assert work.addresses.find("my home", shopper_id=me) == saved
        assert work.addresses.find("home", shopper_id=stranger) is None
        with pytest.raises(NotFound):
            work.addresses.get(saved.id, shopper_id=stranger)
        assert work.addresses.save(me, "HOME", OAK).id == saved.id
        assert [one.place for one in work.addresses.of(me)] == [OAK]


def test_an_address_without_a_name_goes_by_its_street_and_is_kept_once(talk: Talk) -> None:
    me = talk.caller.shopper_id
    with talk.shop.write() as work:
        saved = work.addresses.save(me, None, ELM)
        again = read_address("12 elm street, maple falls WA 98266-1234").place
        other = read_address("14 Elm Street, Maple Falls, WA 98266").place

        assert saved.name == "Elm Street"
        assert work.addresses.save(me, None, again) == saved
        assert work.addresses.save(me, None, other).name == "Elm Street 2"


def test_the_book_has_an_end_and_names_a_length(talk: Talk) -> None:
    me = talk.caller.shopper_id
    with talk.shop.write() as work:
        for number in range(MOST):
            work.addresses.save(me, f"place {number}", ELM)
        with pytest.raises(Conflict, match="remove one"):
            work.addresses.save(me, "one more", ELM)
        with pytest.raises(InvalidInput):
            work.addresses.save(me, "x" * 41, ELM)
        work.addresses.remove(me, "Place 3")
        with pytest.raises(NotFound):
            work.addresses.remove(me, "Place 3")


def test_the_address_used_last_comes_first(talk: Talk) -> None:
    me = talk.caller.shopper_id
    with talk.shop.write() as work:
        work.addresses.save(me, "home", ELM)
        office = work.addresses.save(me, "office", OAK)
        work.addresses.note_use(office.id)

        assert [one.name for one in work.addresses.of(me)] == ["office", "home"]
