"""Credits that need a second person, the history of decisions about points, objections, and household ties."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import dropping, statements

revision = "0017"
down_revision = "0016"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HISTORY = ("id", "at", "kind", "person_id", "actor_id", "about", "amount", "source", "note")


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "household_ties",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("first_id", BIG_ID, nullable=False),
        sa.Column("second_id", BIG_ID, nullable=False),
        sa.Column("confirmed_by_id", BIG_ID, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", BIG_ID, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_people("household_ties", "first_id", "second_id", "confirmed_by_id", "ended_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_ties")),
    )
    op.create_index("ix_household_ties_first_id", "household_ties", ["first_id"])
    op.create_index("ix_household_ties_second_id", "household_ties", ["second_id"])
    op.create_table(
        "credit_requests",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("participation_id", BIG_ID, nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by_id", BIG_ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("settled_by_id", BIG_ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_credit_requests_area_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participations.id"], name=op.f("fk_credit_requests_participation_id")
        ),
        *_people("credit_requests", "person_id", "asked_by_id", "settled_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_requests")),
    )
    op.create_index("ix_credit_requests_participation_id", "credit_requests", ["participation_id"])
    op.create_index("ix_credit_requests_person_id", "credit_requests", ["person_id"])
    op.create_index("ix_credit_requests_state_expires_at", "credit_requests", ["state", "expires_at"])
    op.create_table(
        "points_history",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        *_people("points_history", "person_id", "actor_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_history")),
    )
    op.create_index("ix_points_history_about", "points_history", ["about"])
    op.create_index("ix_points_history_person_id", "points_history", ["person_id"])
    op.create_table(
        "objections",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("entry_id", BIG_ID, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_id", BIG_ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("settled_by_id", BIG_ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_objections_area_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["points_entries.id"], name=op.f("fk_objections_entry_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["points_entries.id"], name=op.f("fk_objections_hold_id")),
        *_people("objections", "by_id", "person_id", "settled_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("entry_id", "by_id", name=op.f("uq_objections_entry_id_by_id")),
    )
    for column in ("by_id", "entry_id", "state"):
        op.create_index(f"ix_objections_{column}", "objections", [column])
    for statement in statements(op.get_context().dialect.name, "points_history", HISTORY, "note"):
        op.execute(statement)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([each], ["people.id"], name=op.f(f"fk_{table}_{each}")) for each in columns]


def downgrade() -> None:
    """Bring the database back to the version before."""
    for statement in dropping(op.get_context().dialect.name, "points_history"):
        op.execute(statement)
    for table in ("objections", "points_history", "credit_requests", "household_ties"):
        op.drop_table(table)
