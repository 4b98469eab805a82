"""Accounts on which their owners cannot be written to any more."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("identities", sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_column("identities", "unreachable_since")
