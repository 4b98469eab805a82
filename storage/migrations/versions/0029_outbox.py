"""The outbox: since when a message fails, and whether it was cancelled while it was on its way."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("outbox", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("revoked", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Bring the database back to the version before."""
    for column in ("revoked", "failing_since"):
        op.drop_column("outbox", column)
