"""What was asked to be erased of cases on legal hold; messages whose words go once they are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
_HOLDS = sa.table(
    "legal_holds", sa.column("id", BIG_ID), sa.column("case_id", BIG_ID), sa.column("kept", sa.JSON(none_as_null=True))
)
_CASES = sa.table("cases", sa.column("id", BIG_ID), sa.column("reporter_id", BIG_ID))
_PEOPLE = sa.table("people", sa.column("id", BIG_ID), sa.column("erased_at", MOMENT))
_WISHES = sa.table(
    "held_wishes",
    sa.column("hold_id", BIG_ID),
    sa.column("person_id", BIG_ID),
    sa.column("asked_at", MOMENT),
    sa.column("parts", sa.JSON(none_as_null=True)),
    sa.column("kept", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "held_wishes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("hold_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("parts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kept", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("address", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["hold_id"], ["legal_holds.id"], name=op.f("fk_held_wishes_hold_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_held_wishes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_wishes")),
        sa.UniqueConstraint("hold_id", "person_id", name=op.f("uq_held_wishes_hold_id_person_id")),
    )
    op.create_index(op.f("ix_held_wishes_person_id"), "held_wishes", ["person_id"])
    connection = op.get_bind()
    kept = (
        sa.select(_HOLDS.c.id, _HOLDS.c.kept, _PEOPLE.c.id, _PEOPLE.c.erased_at)
        .join(_CASES, _CASES.c.id == _HOLDS.c.case_id)
        .join(_PEOPLE, _PEOPLE.c.id == _CASES.c.reporter_id)
        .where(_HOLDS.c.kept.is_not(None), _PEOPLE.c.erased_at.is_not(None))
    )
    for hold, words, person, at in connection.execute(kept).all():
        told = {name: value for name, value in words.items() if value is not None}
        wish = {"hold_id": hold, "person_id": person, "asked_at": at, "parts": [], "kept": told}
        connection.execute(sa.insert(_WISHES).values(**wish))
    op.drop_column("legal_holds", "kept")
    op.add_column("outbox", sa.Column("fleeting", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_column("outbox", "fleeting")
    op.add_column("legal_holds", sa.Column("kept", sa.JSON(none_as_null=True), nullable=True))
    op.execute(
        "UPDATE legal_holds SET kept = (SELECT held_wishes.kept FROM held_wishes"
        " WHERE held_wishes.hold_id = legal_holds.id ORDER BY held_wishes.id LIMIT 1)"
    )
    op.drop_index(op.f("ix_held_wishes_person_id"), "held_wishes")
    op.drop_table("held_wishes")
