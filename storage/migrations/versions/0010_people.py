"""Confirmed and joined persons, erasure, consents, the history of roles, and codes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _table(name: str, *parts: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        name, sa.Column("id", BIG_ID, nullable=False), *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("people", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.add_column("people", sa.Column("confirmed_by_id", BIG_ID, nullable=True))
    op.add_column("people", sa.Column("erased_at", MOMENT, nullable=True))
    op.add_column("people", sa.Column("merged_into_id", BIG_ID, nullable=True))
    op.create_index(op.f("ix_people_merged_into_id"), "people", ["merged_into_id"])
    _table(
        "consents",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        _foreign("consents", "person_id", "people"),
        indexed=("person_id",),
    )
    _table(
        "role_changes",
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _foreign("role_changes", "actor_id", "people"),
        _foreign("role_changes", "person_id", "people"),
        _foreign("role_changes", "area_id", "areas"),
        indexed=("person_id", "area_id"),
    )
    _table(
        "binding_codes",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _foreign("binding_codes", "person_id", "people"),
        sa.UniqueConstraint("code", name=op.f("uq_binding_codes_code")),
        indexed=("person_id", "made_at"),
    )
    _table(
        "invitation_codes",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("made_by_id", BIG_ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        _foreign("invitation_codes", "area_id", "areas"),
        _foreign("invitation_codes", "made_by_id", "people"),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_codes_code")),
        indexed=("area_id",),
    )
    _table(
        "households",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        _foreign("households", "area_id", "areas"),
        sa.UniqueConstraint("code", name=op.f("uq_households_code")),
        sa.UniqueConstraint("area_id", "label", name=op.f("uq_households_area_id_label")),
    )
    _table(
        "legal_holds",
        sa.Column("case_id", BIG_ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("kept", sa.JSON(none_as_null=True), nullable=True),
        _foreign("legal_holds", "case_id", "cases"),
        indexed=("case_id",),
    )
    _table(
        "personal_files",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("is_photo", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("remove", sa.Boolean(), nullable=False),
        _foreign("personal_files", "person_id", "people"),
        indexed=("person_id",),
    )


def downgrade() -> None:
    """Take it back."""
    for table in (
        "personal_files",
        "legal_holds",
        "households",
        "invitation_codes",
        "binding_codes",
        "role_changes",
        "consents",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_people_merged_into_id"), "people")
    for column in ("merged_into_id", "erased_at", "confirmed_by_id", "confirmed_at"):
        op.drop_column("people", column)
