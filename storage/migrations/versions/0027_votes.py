"""Votes: ballots, what was chosen, and apart from that who has voted."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "ballots",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("meeting_id", BIG_ID, nullable=True),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("begun_by_id", BIG_ID, nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("per", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("electorate", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("tally", sa.JSON(), nullable=True),
        sa.Column("turnout", sa.Integer(), nullable=True),
        _foreign("ballots", "meeting_id", "meetings"),
        _foreign("ballots", "area_id", "areas"),
        _foreign("ballots", "begun_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
    )
    _index("ballots", "meeting_id", "area_id", "closes_at", "closed_at")
    op.create_table(
        "votes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ballot_id", BIG_ID, nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        _foreign("votes", "ballot_id", "ballots"),
        _foreign("votes", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
        sa.UniqueConstraint("ballot_id", "person_id", name=op.f("uq_votes_ballot_id_person_id")),
    )
    _index("votes", "ballot_id", "person_id")
    op.create_table(
        "ballot_voters",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ballot_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        _foreign("ballot_voters", "ballot_id", "ballots"),
        _foreign("ballot_voters", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_voters")),
        sa.UniqueConstraint("ballot_id", "person_id", name=op.f("uq_ballot_voters_ballot_id_person_id")),
    )
    _index("ballot_voters", "ballot_id", "person_id")


def downgrade() -> None:
    """Bring the database back to the version before."""
    for table in ("ballot_voters", "votes", "ballots"):
        op.drop_table(table)
