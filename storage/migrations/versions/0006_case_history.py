"""Where a line of a case's history came from; nobody can change or remove one."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import dropping, statements

revision = "0006"
down_revision = "0005"

COLUMNS = ("id", "case_id", "at", "actor_id", "action", "from_state", "to_state", "note", "source")


def upgrade() -> None:
    """Bring the database to this version."""
    with op.batch_alter_table("case_events") as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("case_events") as batch_op:
        batch_op.alter_column("source", server_default=None)
    for statement in statements(op.get_context().dialect.name, "case_events", COLUMNS, "note"):
        op.execute(statement)


def downgrade() -> None:
    """Bring the database back to the version before."""
    for statement in dropping(op.get_context().dialect.name, "case_events"):
        op.execute(statement)
    with op.batch_alter_table("case_events") as batch_op:
        batch_op.drop_column("source")
