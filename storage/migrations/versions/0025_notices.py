"""Notices to several areas and roles, of kinds that people may refuse, repeated, corrected and accounted for."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


_NOTICE = (
    ("kind", sa.String(length=32), "general"),
    ("roles", sa.JSON(), None),
    ("urgent_why", sa.String(length=200), None),
    ("rrule", sa.String(length=100), None),
    ("repeats_id", BIG_ID, None),
    ("corrects_id", BIG_ID, None),
    ("takes_back", sa.Boolean(), sa.false()),
    ("fed_to", BIG_ID, "0"),
    ("started_at", MOMENT, None),
    ("finished_at", MOMENT, None),
    ("called_at", MOMENT, None),
    ("reminded", sa.Integer(), "0"),
)
_RECIPIENT = (("grid_id", BIG_ID), ("variant", sa.String(length=32)))


def upgrade() -> None:
    """Bring the database to this version."""
    for name, kind, default in _NOTICE:
        op.add_column("notices", sa.Column(name, kind, nullable=default is None, server_default=default))
    op.create_index("ix_notices_repeats_id", "notices", ["repeats_id", "send_at"], unique=True)
    op.create_index("ix_notices_state_send_at", "notices", ["state", "send_at"])
    op.create_index("ix_notices_author_id", "notices", ["author_id"])
    for name, column in _RECIPIENT:
        op.add_column("recipients", sa.Column(name, column, nullable=True))
    op.create_table(
        "notice_areas",
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        _foreign("notice_areas", "notice_id", "notices"),
        _foreign("notice_areas", "area_id", "areas"),
        sa.PrimaryKeyConstraint("notice_id", "area_id", name=op.f("pk_notice_areas")),
    )
    op.create_index("ix_notice_areas_area_id", "notice_areas", ["area_id"])
    op.create_table(
        "notice_optouts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _foreign("notice_optouts", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_optouts")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_notice_optouts_person_id_kind")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Every row is changed once, when it is queued: with room left in each page no index is written again for that.
        op.execute("ALTER TABLE recipients SET (fillfactor = 50)")
    op.execute("INSERT INTO notice_areas (notice_id, area_id) SELECT id, area_id FROM notices")
    # All that was frozen before was queued at once.
    op.execute("UPDATE notices SET started_at = send_at, finished_at = send_at WHERE state = 'sent'")
    op.execute("UPDATE recipients SET skipped = 'unsubscribed' WHERE skipped = '退订'")
    op.execute("UPDATE recipients SET skipped = 'no_account' WHERE skipped = '没有可用账号'")


def downgrade() -> None:
    """Bring the database back to the version before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE recipients RESET (fillfactor)")
    op.execute("UPDATE recipients SET skipped = '退订' WHERE skipped = 'unsubscribed'")
    op.execute("UPDATE recipients SET skipped = '没有可用账号' WHERE skipped = 'no_account'")
    op.drop_table("notice_optouts")
    op.drop_table("notice_areas")
    for name, _ in reversed(_RECIPIENT):
        op.drop_column("recipients", name)
    for index in ("ix_notices_author_id", "ix_notices_state_send_at", "ix_notices_repeats_id"):
        op.drop_index(index, "notices")
    for name, _, _ in reversed(_NOTICE):
        op.drop_column("notices", name)
