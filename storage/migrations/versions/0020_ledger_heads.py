"""The last entry of each chain of the points ledger, in a row that whoever appends holds."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS = "0" * 64


def upgrade() -> None:
    """Bring the database to this version; what is booked already has its heads."""
    op.create_table(
        "points_heads",
        sa.Column("chain_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("position", BIG_ID, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["areas.id"], name=op.f("fk_points_heads_chain_id")),
        sa.PrimaryKeyConstraint("chain_id", name=op.f("pk_points_heads")),
    )
    op.execute(
        "INSERT INTO points_heads (chain_id, position, previous_hash, hash)"
        " SELECT chain_id, position, previous_hash, hash FROM points_entries AS e WHERE NOT EXISTS"
        " (SELECT 1 FROM points_entries AS later WHERE later.chain_id = e.chain_id AND later.position > e.position)"
    )
    op.execute(
        "INSERT INTO points_heads (chain_id, position, previous_hash, hash)"
        f" SELECT DISTINCT chain_id, 0, '{GENESIS}', '{GENESIS}' FROM points_accounts"
        " WHERE chain_id NOT IN (SELECT chain_id FROM points_heads)"
    )


def downgrade() -> None:
    """Take the database back to the version before."""
    op.drop_table("points_heads")
