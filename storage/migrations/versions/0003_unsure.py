"""Messages that the bot was not sure to understand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "unsure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ranking", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("chosen", sa.String(length=32), nullable=True),
        sa.Column("label", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsure")),
    )
    op.create_index(op.f("ix_unsure_state"), "unsure", ["state"])
    op.create_index(op.f("ix_unsure_heard_at"), "unsure", ["heard_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("unsure")
