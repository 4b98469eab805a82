"""Places of a meeting, whom people bring, and how often it was moved."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("meetings", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("meetings", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("meetings", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meetings", sa.Column("secret", sa.String(length=32), nullable=True))
    op.add_column("invitations", sa.Column("guests", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_column("invitations", "guests")
    for column in ("secret", "changed_at", "sequence", "capacity"):
        op.drop_column("meetings", column)
