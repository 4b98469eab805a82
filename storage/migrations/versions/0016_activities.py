"""Activities that repeat and change, changing codes, waiting lists, marks on check-ins, and what volunteers can do."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COLUMNS = {
    "activities": (
        ("secret", sa.String(length=32)),
        ("series_id", BIG_ID),
        ("occurrence", MOMENT),
        ("changed_at", MOMENT),
        ("cancelled_at", MOMENT),
    ),
    "participations": (
        ("checked_in_by", sa.String(length=32)),
        ("device", sa.String(length=32)),
        ("let_in_by_id", BIG_ID),
    ),
    "inbox": (("device", sa.String(length=32)),),
}


def _foreign(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(name, sa.Column("id", BIG_ID, nullable=False), *parts, key)


def upgrade() -> None:
    """Bring the database to this version."""
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_activities_series_id_occurrence", "activities", ["series_id", "occurrence"], unique=True)
    op.create_index(op.f("ix_participations_device"), "participations", ["device"])
    _table(
        "activity_series",
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("organiser_id", BIG_ID, nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("location", sa.JSON(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("rrule", sa.String(length=100), nullable=False),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _foreign("activity_series", "area_id", "areas"),
        _foreign("activity_series", "organiser_id", "people"),
    )
    op.create_table(
        "activity_reminders",
        sa.Column("activity_id", BIG_ID, nullable=False),
        sa.Column("which", sa.String(length=8), nullable=False),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("activity_reminders", "activity_id", "activities"),
        sa.PrimaryKeyConstraint("activity_id", "which", "start", name=op.f("pk_activity_reminders")),
    )
    _table(
        "participation_marks",
        sa.Column("participation_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("participation_marks", "participation_id", "participations", "CASCADE"),
        sa.UniqueConstraint("participation_id", "kind", name=op.f("uq_participation_marks_participation_id_kind")),
    )
    _table(
        "check_in_tries",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("activity_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("check_in_tries", "person_id", "people"),
        _foreign("check_in_tries", "activity_id", "activities"),
    )
    op.create_index("ix_check_in_tries_person_id_at", "check_in_tries", ["person_id", "at"])
    _table(
        "volunteer_profiles",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("volunteer_profiles", "person_id", "people"),
        sa.UniqueConstraint("person_id", name=op.f("uq_volunteer_profiles_person_id")),
    )


def downgrade() -> None:
    """Bring the database back to the version before."""
    for table in (
        "volunteer_profiles",
        "check_in_tries",
        "participation_marks",
        "activity_reminders",
        "activity_series",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_participations_device"), "participations")
    op.drop_index("ix_activities_series_id_occurrence", "activities")
    for table, columns in COLUMNS.items():
        for name, _ in columns:
            op.drop_column(table, name)
