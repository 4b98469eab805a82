"""The outbox: since when a message fails."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("outbox", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_column("outbox", "failing_since")
