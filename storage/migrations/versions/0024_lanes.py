"""Lanes with one sender each; the outbox is read in the order in which it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "lanes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("handed", sa.Integer(), nullable=False),
        sa.Column("rests_until", MOMENT, nullable=True),
        sa.Column("stopped", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint("channel", "account", name=op.f("uq_lanes_channel_account")),
    )
    op.drop_column("outbox", "lease_until")
    op.drop_index("ix_outbox_lane", "outbox")
    op.create_index("ix_outbox_lane", "outbox", ["channel", "account", "state", "priority", "due_at", "id"])


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_index("ix_outbox_lane", "outbox")
    op.create_index("ix_outbox_lane", "outbox", ["channel", "account", "state", "due_at"])
    op.add_column("outbox", sa.Column("lease_until", MOMENT, nullable=True))
    op.drop_table("lanes")
