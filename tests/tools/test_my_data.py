from decimal import Decimal

from sqlalchemy import func, select

from knowledge.carts.models import Actor
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import AuditRow
from knowledge.db.rows.talk import ConversationRow
from knowledge.lists.models import ListItem
from knowledge.orders.decisions import Decision, carry_out
from knowledge.shoppers.preferences import ShopperPreferences
from knowledge.work import Work
from tests.calls import Talk, block_of
from tests.market import fill_cart
from tests.orders import place_order
from tools.blocks import ConfirmationBlock


def known(talk: Talk) -> ShopperPreferences:
    with talk.shop.read() as work:
        return work.preferences.of(talk.caller.shopper_id)


def answer(talk: Talk, block: ConfirmationBlock, *, yes: bool) -> Decision:
    def decide(work: Work) -> Decision:
        asked = work.confirmations.get(block.confirmation.id)
        return carry_out(work, asked, "yes" if yes else "no", "web")

    return talk.shop.change(decide)


def settle(talk: Talk) -> None:
    """Leave something of every kind."""
    shopper_id, cart_id = talk.caller.shopper_id, talk.caller.cart_id
    talk.done("set_preferences", diets=["vegan"])
    talk.done("set_preferences", member="Anna", allergens=["nuts"])
    talk.done("set_budget", amount="40", period="week")
    with talk.shop.write() as work:
        work.lists.save(shopper_id, "Weekly", [ListItem("milk", Decimal(1))])
        work.conversations.open(shopper_id=shopper_id, cart_id=cart_id, channel="web")


def test_nothing_is_kept_of_whom_nothing_is_known(talk: Talk) -> None:
    told = talk.done("my_data").plain

    assert told.startswith("Nothing lasting is remembered about you. There are 0 orders")
    assert "after 365 days" in told


def test_it_tells_what_is_kept_and_since_when_and_what_was_agreed_to(talk: Talk) -> None:
    settle(talk)

    told = talk.done("my_data", action="tell").plain

    for piece in (
        "diets: vegan (said on 2026-11-23)",
        "Anna: avoids: nuts",
        "Weekly (1 products)",
        "$40.00 for this week",
        "You agreed to remembering preferences on 2026-11-23.",
        "1 conversation.",
    ):
        assert piece in told, piece


def test_preferences_and_household_are_forgotten_at_once_and_undo_brings_them_back(
    talk: Talk,
) -> None:
    settle(talk)

    talk.done("my_data", action="forget")
    assert known(talk) == ShopperPreferences()
    talk.done("undo")
    assert known(talk).diets == ("vegan",)
    talk.done("my_data", action="forget", what="household")
    assert "Anna" not in talk.done("my_data").text
    talk.done("undo")
    assert "Anna" in talk.done("my_data").text


def test_there_may_be_nothing_to_forget(talk: Talk) -> None:
    assert not talk.call("my_data", action="forget").ok
    assert not talk.call("my_data", action="forget", what="household").ok


def test_everything_is_deleted_only_after_the_yes_and_orders_stay(talk: Talk) -> None:
    settle(talk)
    with talk.shop.read() as work:
        shopper = work.shoppers.get(talk.caller.shopper_id)
    fill_cart(talk.shop, shopper, milk="2")
    place_order(talk.shop, shopper)

    asked = block_of(talk.done("my_data", action="forget", what="everything"), ConfirmationBlock)
    assert "Orders stay" in asked.confirmation.text
    assert known(talk).diets == ("vegan",)
    done = answer(talk, asked, yes=True)

    assert done.text.startswith("Everything that was kept of you is deleted")
    told = talk.done("my_data").plain
    assert "vegan" not in told
    assert "Anna" not in told
    assert "1 order and 0 conversations" in told
    assert not talk.call("undo").ok
    with talk.shop.read() as work:
        assert work.session.scalar(select(func.count()).select_from(OrderRow)) == 1
        assert work.session.scalar(select(func.count()).select_from(ConversationRow)) == 0
        noted = work.session.scalars(select(AuditRow.action)).all()
    assert "privacy.forget" in noted
    assert answer(talk, asked, yes=True).outcome == "already"


def test_a_no_deletes_nothing(talk: Talk) -> None:
    settle(talk)
    asked = block_of(talk.done("my_data", action="forget", what="talks"), ConfirmationBlock)

    assert answer(talk, asked, yes=False).text == "Nothing is deleted."
    assert "1 conversation" in talk.done("my_data").text


def test_lists_and_addresses_are_deleted_by_themselves(talk: Talk) -> None:
    settle(talk)
    for what in ("lists", "addresses"):
        asked = block_of(talk.done("my_data", action="forget", what=what), ConfirmationBlock)
        answer(talk, asked, yes=True)

    told = talk.done("my_data").plain
    assert "Weekly" not in told
    assert "vegan" in told


def test_whoever_is_not_to_be_remembered_is_for_this_talk_only(talk: Talk) -> None:
    talk.done("my_data", remember=False)

    said = talk.done("set_preferences", allergens=["peanuts"]).plain
    assert "this conversation only" in said
    assert known(talk).allergens == ("peanuts",)
    assert "kept for this talk only" in talk.done("my_data").text
    refused = talk.call("set_preferences", member="Anna", diets=["vegan"])
    assert not refused.ok
    assert "nothing be remembered" in refused.text

    with talk.shop.write() as work:
        work.preferences.begin_talk(talk.caller.shopper_id)
    assert known(talk) == ShopperPreferences()


def test_remembering_may_be_allowed_again(talk: Talk) -> None:
    talk.done("my_data", remember=False)
    talk.done("set_preferences", allergens=["peanuts"])
    talk.done("my_data", remember=True)

    with talk.shop.write() as work:
        work.preferences.begin_talk(talk.caller.shopper_id)
    assert known(talk).allergens == ("peanuts",)


def test_an_export_is_a_link_where_there_are_links(talk: Talk) -> None:
    assert "/api/v1/me/data" in talk.done("my_data", action="export").text
    talk.caller.channel = "sms"
    assert "/api" not in talk.done("my_data", action="export").text


def test_nobody_else_says_the_yes(talk: Talk) -> None:
    settle(talk)
    asked = block_of(talk.done("my_data", action="forget", what="everything"), ConfirmationBlock)
    with talk.shop.write() as work:
        other = work.shoppers.create_anonymous("web")

        assert not work.confirmations.decide(asked.confirmation.id, other.id, "yes")
        assert Actor(other.id, "web").shopper_id != talk.caller.shopper_id
