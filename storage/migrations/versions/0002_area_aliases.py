"""Areas have aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("areas", sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_column("areas", "aliases")
