from datetime import timedelta

import pytest

from knowledge.db.rows.people import ChannelIdentityRow, ShopperRow
from knowledge.errors import InvalidInput
from knowledge.fulfilment.contacts import read_contact
from knowledge.fulfilment.models import Contact
from tests.calls import Talk


@pytest.mark.parametrize(
    ("text", "phone", "email"),
    [
        ("(415) 555-0189", "+14155550189", None),
        ("1-415-555-0189", "+14155550189", None),
        ("call me at +49 171 2345678 please", "+491712345678", None),
        ("+\u0664\u0669 171 234567\u0668", "+491712345678", None),
        ("0049 30 1234567", "+49301234567", None),
        ("anna@Example.COM", None, "anna@example.com"),
        ("mail: x.y+z@foo.co.uk!", None, "x.y+z@foo.co.uk"),
    ],
)
def test_a_phone_number_or_a_mail_address_is_found(
    text: str, phone: str | None, email: str | None
) -> None:
    assert read_contact(text) == Contact(phone, email)


@pytest.mark.parametrize(
    "text",
    ["", "call me", "12345", "+0123456789", "555-0189", "+1234567890123456", "a@b", "@x.de",
     "anna@", "anna@-x.de", "a b@c", f"{'a' * 65}@example.com"],
)  # fmt: skip
def test_what_cannot_be_reached_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_contact(text)


def test_elsewhere_a_national_number_stays_as_it_was_said() -> None:
    assert read_contact("0171 2345678", country="DE").phone == "01712345678"


def test_a_contact_is_masked() -> None:
    assert Contact(phone="+14155550189", email="anna@example.com").masked == (
        "..89, a..@example.com"
    )
    assert Contact(channel="telegram").masked == "telegram"


def test_the_account_or_the_channel_gives_a_contact(talk: Talk) -> None:
    shopper_id = talk.caller.shopper_id
    now = talk.shop.clock.now()
    with talk.shop.write() as work:
        assert not work.contacts.known(shopper_id)
        for number, (channel, peer) in enumerate([("web", None), ("sms", "+14155550111")]):
            work.session.add(
                ChannelIdentityRow(
                    id=f"i{number}", channel=channel, peer_hash=f"h{number}", peer=peer,
                    shopper_id=shopper_id, locale=None, status="active", last_inbound_at=None,
                    created_at=now + timedelta(seconds=number),
                )
            )  # fmt: skip
        work.session.flush()
        assert work.contacts.known(shopper_id) == Contact(phone="+14155550111")
        row = work.session.get(ShopperRow, shopper_id)
        assert row is not None
        row.email = "anna@example.com"
        work.session.flush()
        assert work.contacts.known(shopper_id) == Contact(email="anna@example.com")
