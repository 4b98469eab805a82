"""The clocks of cases: pauses, reminders, escalations, and the deadlines that areas set."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RUNNING = sa.text("next_check_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database to this version; what is unfinished is looked at when it is due."""
    op.add_column("cases", sa.Column("deadline_days", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE cases SET next_check_at = respond_by WHERE state = 'open'")
    op.execute("UPDATE cases SET next_check_at = due_at WHERE state IN ('accepted', 'in_progress')")
    op.create_index(
        "ix_cases_next_check_at", "cases", ["next_check_at"], sqlite_where=RUNNING, postgresql_where=RUNNING
    )
    op.drop_index(op.f("ix_cases_state"), "cases")
    op.create_index("ix_cases_state_kind", "cases", ["state", "kind"])
    op.create_table(
        "area_deadlines",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_deadlines_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_deadlines")),
        sa.UniqueConstraint("area_id", "category", name=op.f("uq_area_deadlines_area_id_category")),
    )
    op.create_table(
        "case_reminders",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", BIG_ID, nullable=False),
        sa.Column("clock", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reminders_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_reminders_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reminders")),
        sa.UniqueConstraint("case_id", "clock", "mark", name=op.f("uq_case_reminders_case_id_clock_mark")),
    )
    op.create_index("ix_case_reminders_person_id_at", "case_reminders", ["person_id", "at"])
    op.create_table(
        "case_escalations",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", BIG_ID, nullable=False),
        sa.Column("clock", sa.String(length=32), nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("vacant", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_case_escalations_area_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_escalations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_escalations")),
        sa.UniqueConstraint("case_id", "clock", "area_id", name=op.f("uq_case_escalations_case_id_clock_area_id")),
    )
    op.create_index(op.f("ix_case_escalations_area_id"), "case_escalations", ["area_id"])
    op.create_table(
        "calendar_versions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_versions_name")),
    )


def downgrade() -> None:
    """Bring the database back to the version before."""
    for table in ("calendar_versions", "case_escalations", "case_reminders", "area_deadlines"):
        op.drop_table(table)
    op.drop_index("ix_cases_state_kind", "cases")
    op.create_index(op.f("ix_cases_state"), "cases", ["state"])
    op.drop_index("ix_cases_next_check_at", "cases")
    with op.batch_alter_table("cases") as batch_op:
        for column in ("next_check_at", "waiting_since", "deadline_days"):
            batch_op.drop_column(column)
