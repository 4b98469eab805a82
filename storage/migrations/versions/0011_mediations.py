"""Mediations: their parties, what those tell the mediator, sessions, agreements and return visits."""

import sqlalchemy as sa
from alembic import op

from storage.append_only import dropping, statements

revision = "0011"
down_revision = "0010"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATEMENT_COLUMNS = ("id", "party_id", "text", "at")


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "mediations",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", BIG_ID, nullable=False),
        sa.Column("mediator_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("court_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("court_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mediations_case_id")),
        sa.ForeignKeyConstraint(["mediator_id"], ["people.id"], name=op.f("fk_mediations_mediator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediations")),
    )
    op.create_index(op.f("ix_mediations_case_id"), "mediations", ["case_id"])
    op.create_index(op.f("ix_mediations_mediator_id"), "mediations", ["mediator_id"])
    op.create_index("ix_mediations_state_due_at", "mediations", ["state", "due_at"])
    op.create_table(
        "mediation_agreements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("mediation_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_agreements_mediation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_agreements")),
        sa.UniqueConstraint("mediation_id", "version", name=op.f("uq_mediation_agreements_mediation_id_version")),
    )
    op.create_table(
        "mediation_parties",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("mediation_id", BIG_ID, nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=200), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_words", sa.Text(), nullable=False),
        sa.Column("extension", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_parties_mediation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mediation_parties_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_parties")),
        sa.UniqueConstraint("code", name=op.f("uq_mediation_parties_code")),
        sa.UniqueConstraint("mediation_id", "side", name=op.f("uq_mediation_parties_mediation_id_side")),
    )
    op.create_index(op.f("ix_mediation_parties_person_id"), "mediation_parties", ["person_id"])
    op.create_table(
        "mediation_sessions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("mediation_id", BIG_ID, nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("came", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hour_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_sessions_mediation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_sessions")),
    )
    op.create_index(op.f("ix_mediation_sessions_mediation_id"), "mediation_sessions", ["mediation_id"])
    op.create_index("ix_mediation_sessions_start", "mediation_sessions", ["start"])
    op.create_table(
        "mediation_visits",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("mediation_id", BIG_ID, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_visits_mediation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_visits")),
    )
    op.create_index("ix_mediation_visits_due_at", "mediation_visits", ["due_at"])
    op.create_index(op.f("ix_mediation_visits_mediation_id"), "mediation_visits", ["mediation_id"])
    op.create_table(
        "mediation_agreement_answers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("agreement_id", BIG_ID, nullable=False),
        sa.Column("party_id", BIG_ID, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["mediation_agreements.id"], name=op.f("fk_mediation_agreement_answers_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["mediation_parties.id"], name=op.f("fk_mediation_agreement_answers_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_agreement_answers")),
    )
    op.create_index(
        op.f("ix_mediation_agreement_answers_agreement_id"), "mediation_agreement_answers", ["agreement_id"]
    )
    op.create_table(
        "mediation_statements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("party_id", BIG_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["mediation_parties.id"], name=op.f("fk_mediation_statements_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_statements")),
    )
    op.create_index(op.f("ix_mediation_statements_party_id"), "mediation_statements", ["party_id"])
    for statement in statements(op.get_context().dialect.name, "mediation_statements", STATEMENT_COLUMNS, "text"):
        op.execute(statement)


def downgrade() -> None:
    """Bring the database back to the version before."""
    for statement in dropping(op.get_context().dialect.name, "mediation_statements"):
        op.execute(statement)
    for table in (
        "mediation_statements",
        "mediation_agreement_answers",
        "mediation_visits",
        "mediation_sessions",
        "mediation_parties",
        "mediation_agreements",
        "mediations",
    ):
        op.drop_table(table)
