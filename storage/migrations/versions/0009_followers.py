"""What somebody who reports the same thing said, when a reporter urged or was asked, and photos of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Bring the database to this version."""
    with op.batch_alter_table("case_followers") as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("photos", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("location", JSON, nullable=True))
    with op.batch_alter_table("case_followers") as batch_op:
        for column in ("text", "anonymous", "photos"):
            batch_op.alter_column(column, server_default=None)
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("photos", JSON, nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("photos")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("asked_at")
        batch_op.drop_column("urged_at")
    with op.batch_alter_table("case_followers") as batch_op:
        for column in ("location", "photos", "anonymous", "text"):
            batch_op.drop_column(column)
