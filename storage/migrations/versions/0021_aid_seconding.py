"""Credits for help among neighbours that a second person has to agree to."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database to this version."""
    with op.batch_alter_table("credit_requests") as table:
        table.add_column(sa.Column("aid_match_id", BIG_ID, nullable=True))
        table.create_foreign_key(op.f("fk_credit_requests_aid_match_id"), "aid_matches", ["aid_match_id"], ["id"])


def downgrade() -> None:
    """Take the database back to the version before."""
    with op.batch_alter_table("credit_requests") as table:
        table.drop_constraint(op.f("fk_credit_requests_aid_match_id"), type_="foreignkey")
        table.drop_column("aid_match_id")
