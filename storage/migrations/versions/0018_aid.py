"""Mutual aid: what is asked for, what is offered, and who helps whom."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

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
    _table(
        "aid_requests",
        sa.Column("community_id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("requester_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("for_whom", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("start", MOMENT, nullable=True),
        sa.Column("end", MOMENT, nullable=True),
        sa.Column("part", sa.String(length=16), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("helpers_told_at", MOMENT, nullable=True),
        sa.Column("staff_told_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        _foreign("aid_requests", "community_id", "areas"),
        _foreign("aid_requests", "area_id", "areas"),
        _foreign("aid_requests", "requester_id", "people"),
        indexed=("community_id", "area_id", "requester_id", "state", "expires_at"),
    )
    _table(
        "aid_offers",
        sa.Column("community_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("start", MOMENT, nullable=True),
        sa.Column("end", MOMENT, nullable=True),
        sa.Column("part", sa.String(length=16), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        _foreign("aid_offers", "community_id", "areas"),
        _foreign("aid_offers", "person_id", "people"),
        indexed=("community_id", "person_id", "expires_at"),
    )
    _table(
        "aid_matches",
        sa.Column("request_id", BIG_ID, nullable=False),
        sa.Column("helper_id", BIG_ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("helper_phone", sa.String(length=80), nullable=True),
        sa.Column("requester_phone", sa.String(length=80), nullable=True),
        sa.Column("helper_told_id", BIG_ID, nullable=True),
        sa.Column("requester_told_id", BIG_ID, nullable=True),
        sa.Column("asked_back_at", MOMENT, nullable=True),
        sa.Column("thanked_at", MOMENT, nullable=True),
        sa.Column("points", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("complaint_by_id", BIG_ID, nullable=True),
        sa.Column("complaint_state", sa.String(length=32), nullable=True),
        _foreign("aid_matches", "request_id", "aid_requests"),
        _foreign("aid_matches", "helper_id", "people"),
        _foreign("aid_matches", "helper_told_id", "outbox"),
        _foreign("aid_matches", "requester_told_id", "outbox"),
        _foreign("aid_matches", "decided_by_id", "people"),
        _foreign("aid_matches", "complaint_by_id", "people"),
        sa.UniqueConstraint("request_id", "helper_id", name=op.f("uq_aid_matches_request_id_helper_id")),
        indexed=("request_id", "helper_id", "until"),
    )


def downgrade() -> None:
    """Bring the database back to the version before."""
    for table in ("aid_matches", "aid_offers", "aid_requests"):
        op.drop_table(table)
