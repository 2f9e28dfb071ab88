from datetime import UTC, datetime

from sqlalchemy import update

from knowledge.db.rows.talk import ConversationRow
from knowledge.shop import Shop
from tests.connectors.cli.conftest import Run, printed


def test_old_talks_are_counted_then_deleted(run: Run, small_shop: Shop) -> None:
    with small_shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
        talk = work.conversations.open(
            shopper_id=shopper.id, cart_id=shopper.cart_id, channel="web"
        )
        work.session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == talk.id)
            .values(updated_at=datetime(2020, 1, 1, tzinfo=UTC))
        )

    counted = printed(run("admin", "privacy", "clear", "--dry-run", "--json"))
    assert (counted["conversations"], counted["dry_run"]) == (1, True)
    assert "Deleted 1 conversations" in run("admin", "privacy", "clear").stdout
    assert "Deleted 0 conversations" in run("admin", "privacy", "clear", "--days", "9").stdout
    with small_shop.read() as work:
        assert [one.actor for one in work.audit.latest()] == ["owner"]
