"""Policy documents with numbered versions, of which one of each title is current, and with their imprint."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBER_VERSIONS = """
UPDATE policy_documents SET version = (
    SELECT COUNT(*) FROM policy_documents AS earlier
    WHERE earlier.title = policy_documents.title AND earlier.id <= policy_documents.id
)
"""


def upgrade() -> None:
    """Bring the database to this version."""
    with op.batch_alter_table("policy_documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("issuer", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("number", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("published_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("effective_on", sa.Date(), nullable=True))
    op.execute(_NUMBER_VERSIONS)
    with op.batch_alter_table("policy_documents", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_policy_documents_title_version"), ["title", "version"])
    current = sa.text("superseded_at IS NULL")
    op.create_index(
        "uq_policy_documents_current",
        "policy_documents",
        ["title"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("uq_policy_documents_current", table_name="policy_documents")
    with op.batch_alter_table("policy_documents", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_policy_documents_title_version"), type_="unique")
        for column in ("effective_on", "published_on", "number", "issuer", "version"):
            batch_op.drop_column(column)
