"""Minutes of meetings: who was there, what was published, and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

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
        "attendances",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("meeting_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("attendances", "meeting_id", "meetings"),
        _foreign("attendances", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_attendances_meeting_id_person_id")),
    )
    _index("attendances", "meeting_id", "person_id")
    op.create_table(
        "minutes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("meeting_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _foreign("minutes", "meeting_id", "meetings"),
        _foreign("minutes", "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("meeting_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", BIG_ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("due_told_at", MOMENT, nullable=True),
        _foreign("decisions", "meeting_id", "meetings"),
        _foreign("decisions", "person_id", "people"),
        _foreign("decisions", "done_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_decisions_meeting_id_number")),
    )
    _index("decisions", "meeting_id", "person_id", "due")


def downgrade() -> None:
    """Bring the database back to the version before."""
    for table in ("decisions", "minutes", "attendances"):
        op.drop_table(table)
