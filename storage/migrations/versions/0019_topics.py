"""Topics that residents propose for consultation, and who seconds them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "topics",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("community_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("proposer_id", BIG_ID, nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("meeting_id", BIG_ID, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", BIG_ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        _foreign("topics", "community_id", "areas"),
        _foreign("topics", "area_id", "areas"),
        _foreign("topics", "proposer_id", "people"),
        _foreign("topics", "meeting_id", "meetings"),
        _foreign("topics", "answered_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    for column in ("community_id", "area_id", "proposer_id", "state", "asked_at", "meeting_id"):
        op.create_index(op.f(f"ix_topics_{column}"), "topics", [column])
    op.create_table(
        "topic_seconds",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("topic_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("topic_seconds", "topic_id", "topics"),
        _foreign("topic_seconds", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_seconds")),
        sa.UniqueConstraint("topic_id", "person_id", name=op.f("uq_topic_seconds_topic_id_person_id")),
    )
    for column in ("topic_id", "person_id"):
        op.create_index(op.f(f"ix_topic_seconds_{column}"), "topic_seconds", [column])


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_table("topic_seconds")
    op.drop_table("topics")
