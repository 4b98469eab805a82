"""The indices on who is offered a case hold those cases alone that are offered to somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

INDICES = {"ix_cases_offered": ["offered_to_id", "offered_until"], "ix_cases_offered_until": ["offered_until"]}


def upgrade() -> None:
    """Bring the database to this version."""
    for name, columns in INDICES.items():
        offered = sa.text(f"{columns[0]} IS NOT NULL")
        op.drop_index(name, "cases")
        op.create_index(name, "cases", columns, sqlite_where=offered, postgresql_where=offered)


def downgrade() -> None:
    """Bring the database back to the version before."""
    for name, columns in INDICES.items():
        op.drop_index(name, "cases")
        op.create_index(name, "cases", columns)
