"""Model calls, summaries of talks, prompt variants."""

import sqlalchemy as sa
from alembic import op

from knowledge.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=True),
        sa.Column("shopper_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.Integer(), nullable=True),
        sa.Column("first_token_ms", sa.Integer(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
    )
    with op.batch_alter_table("model_calls", schema=None) as batch_op:
        batch_op.create_index("ix_model_calls_at", ["at", "cost_micros"], unique=False)
        batch_op.create_index("ix_model_calls_shopper_at", ["shopper_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_model_calls_turn_id"), ["turn_id"], unique=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("summary_until", sa.Integer(), server_default="0", nullable=False)
        )

    with op.batch_alter_table("experiments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("about", sa.String(length=32), server_default="prompts", nullable=False)
        )
        batch_op.add_column(sa.Column("winner", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("stopped_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prompt_variant", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_column("prompt_variant")

    with op.batch_alter_table("experiments", schema=None) as batch_op:
        batch_op.drop_column("stopped_at")
        batch_op.drop_column("winner")
        batch_op.drop_column("about")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("summary_until")

    with op.batch_alter_table("model_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_model_calls_turn_id"))
        batch_op.drop_index("ix_model_calls_shopper_at")
        batch_op.drop_index("ix_model_calls_at")

    op.drop_table("model_calls")
