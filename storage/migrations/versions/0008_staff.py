"""Transfers that wait for an answer, outcomes, reports on behalf of others, and what a message answers or is about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database to this version."""
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("outcome_code", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("offered_to_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("filed_by_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("on_behalf_of", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("on_behalf_phone", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(op.f("fk_cases_offered_to_id"), "people", ["offered_to_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_cases_filed_by_id"), "people", ["filed_by_id"], ["id"])
        batch_op.create_index("ix_cases_offered", ["offered_to_id", "offered_until"])
        batch_op.create_index(op.f("ix_cases_offered_until"), ["offered_until"])
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.add_column(sa.Column("reply_to", sa.String(length=160), nullable=True))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("about", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("platform_id", sa.String(length=160), nullable=True))
        batch_op.create_foreign_key(op.f("fk_outbox_about"), "cases", ["about"], ["id"])
        batch_op.create_index("ix_outbox_platform_id", ["channel", "account", "platform_id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index("ix_outbox_platform_id")
        batch_op.drop_constraint(op.f("fk_outbox_about"), type_="foreignkey")
        batch_op.drop_column("platform_id")
        batch_op.drop_column("about")
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.drop_column("reply_to")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_index(op.f("ix_cases_offered_until"))
        batch_op.drop_index("ix_cases_offered")
        batch_op.drop_constraint(op.f("fk_cases_filed_by_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_cases_offered_to_id"), type_="foreignkey")
        for column in (
            "on_behalf_phone",
            "on_behalf_of",
            "filed_by_id",
            "offered_until",
            "offered_to_id",
            "outcome_code",
        ):
            batch_op.drop_column(column)
