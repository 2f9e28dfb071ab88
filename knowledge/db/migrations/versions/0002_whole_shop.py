"""whole shop."""

import sqlalchemy as sa
from alembic import op

from knowledge.db.types import Amount, Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery_zones",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("postal_codes", Json, nullable=False),
        sa.Column("fee", Amount(), nullable=False),
        sa.Column("minimum", Amount(), nullable=False),
        sa.Column("free_from", Amount(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_zones")),
    )
    op.create_table(
        "enrichments",
        sa.Column("gtin", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("data", Json, nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("gtin", "source", name=op.f("pk_enrichments")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("mapping", Json, nullable=True),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("last_pulled_at", UtcDateTime(), nullable=True),
        sa.Column("last_status", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    op.create_table(
        "import_stage",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("product", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_runs.id"],
            name=op.f("fk_import_stage_run_id_import_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_import_stage")),
    )
    op.create_table(
        "checkouts",
        sa.Column("cart_id", sa.String(length=64), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("fulfilment", sa.String(length=16), nullable=False),
        sa.Column("address_id", sa.String(length=64), nullable=True),
        sa.Column("slot_id", sa.String(length=64), nullable=True),
        sa.Column("contact", Json, nullable=False),
        sa.Column("notes", Json, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_checkouts_address_id_addresses")
        ),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_checkouts_cart_id_carts")),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["shoppers.id"], name=op.f("fk_checkouts_shopper_id_shoppers")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["delivery_slots.id"], name=op.f("fk_checkouts_slot_id_delivery_slots")
        ),
        sa.PrimaryKeyConstraint("cart_id", name=op.f("pk_checkouts")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handovers_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["shoppers.id"], name=op.f("fk_handovers_shopper_id_shoppers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_shopper_id"), ["shopper_id"], unique=False)

    op.create_table(
        "coupon_uses",
        sa.Column("promotion_id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_coupon_uses_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_coupon_uses_promotion_id_promotions")
        ),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["shoppers.id"], name=op.f("fk_coupon_uses_shopper_id_shoppers")
        ),
        sa.PrimaryKeyConstraint("promotion_id", "order_id", name=op.f("pk_coupon_uses")),
    )
    with op.batch_alter_table("coupon_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coupon_uses_shopper_id"), ["shopper_id"], unique=False)

    op.create_table(
        "returns",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("shopper_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("refund", Amount(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_returns_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["shoppers.id"], name=op.f("fk_returns_shopper_id_shoppers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("delivery_slots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone_id", sa.String(length=64), nullable=True))

    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("status", sa.String(length=16), server_default="done", nullable=False)
        )
        batch_op.add_column(sa.Column("feed_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=128), nullable=True))
        batch_op.create_index("ix_jobs_key", ["key"], unique=True)

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("age_limit", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unit", sa.String(length=16), nullable=True))

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slot_id", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_orders_slot_id"), ["slot_id"], unique=False)

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feed_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("enriched", Json, nullable=True))
        batch_op.create_index(batch_op.f("ix_products_feed_id"), ["feed_id"], unique=False)

    with op.batch_alter_table("recipes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=16), server_default="recipe", nullable=False)
        )
        batch_op.add_column(sa.Column("tags", Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("aliases", Json, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("recipes", schema=None) as batch_op:
        batch_op.drop_column("aliases")
        batch_op.drop_column("tags")
        batch_op.drop_column("kind")

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_products_feed_id"))
        batch_op.drop_column("enriched")
        batch_op.drop_column("feed_id")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_slot_id"))
        batch_op.drop_column("slot_id")

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_column("unit")
        batch_op.drop_column("age_limit")

    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_key")
        batch_op.drop_column("key")

    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.drop_column("position")
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("feed_id")
        batch_op.drop_column("status")

    with op.batch_alter_table("delivery_slots", schema=None) as batch_op:
        batch_op.drop_column("zone_id")

    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_column("used_at")

    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_order_id"))

    op.drop_table("returns")
    with op.batch_alter_table("coupon_uses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coupon_uses_shopper_id"))

    op.drop_table("coupon_uses")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_shopper_id"))

    op.drop_table("handovers")
    op.drop_table("checkouts")
    op.drop_table("import_stage")
    op.drop_table("feeds")
    op.drop_table("enrichments")
    op.drop_table("delivery_zones")
