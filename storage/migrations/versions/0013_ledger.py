"""The points ledger as double entries, a chain for each community; nobody can change or remove one."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.append_only import dropping, statements

revision = "0013"
down_revision = "0012"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS = "0" * 64
COLUMNS = (
    *("id", "chain_id", "position", "from_id", "to_id", "amount", "reason", "source", "reverses_id"),
    *("granted_by_id", "seconded_by_id", "at", "previous_hash", "hash"),
)


def upgrade() -> None:
    """Bring the database to this version; what was booked is booked again, each entry in the chain of its community."""
    connection = op.get_bind()
    booked = connection.execute(
        sa.text(
            "SELECT e.person_id, e.amount, e.reason, e.source, e.granted_by_id, e.at, a.path FROM points_entries e"
            " JOIN people p ON p.id = e.person_id JOIN areas a ON a.id = p.area_id ORDER BY e.id"
        ).columns(at=sa.DateTime(timezone=True))
    ).all()
    communities = set(connection.scalars(sa.text("SELECT id FROM areas WHERE kind = 'community'")))
    op.drop_table("points_entries")
    op.create_table(
        "points_accounts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("chain_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["areas.id"], name=op.f("fk_points_accounts_chain_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_points_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_accounts")),
    )
    op.create_index("ix_points_accounts_chain_id_kind", "points_accounts", ["chain_id", "kind"])
    op.create_index("ix_points_accounts_person_id_kind", "points_accounts", ["person_id", "kind"], unique=True)
    entries = op.create_table(
        "points_entries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("chain_id", BIG_ID, nullable=False),
        sa.Column("position", BIG_ID, nullable=False),
        sa.Column("from_id", BIG_ID, nullable=False),
        sa.Column("to_id", BIG_ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("reverses_id", BIG_ID, nullable=True),
        sa.Column("granted_by_id", BIG_ID, nullable=True),
        sa.Column("seconded_by_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_points_entries_amount")),
        sa.ForeignKeyConstraint(["chain_id"], ["areas.id"], name=op.f("fk_points_entries_chain_id")),
        sa.ForeignKeyConstraint(["from_id"], ["points_accounts.id"], name=op.f("fk_points_entries_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["points_accounts.id"], name=op.f("fk_points_entries_to_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["points_entries.id"], name=op.f("fk_points_entries_reverses_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_points_entries_granted_by_id")),
        sa.ForeignKeyConstraint(["seconded_by_id"], ["people.id"], name=op.f("fk_points_entries_seconded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_entries")),
        sa.UniqueConstraint("chain_id", "position", name=op.f("uq_points_entries_chain_id_position")),
        sa.UniqueConstraint("hash", name=op.f("uq_points_entries_hash")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_points_entries_reverses_id")),
        sa.UniqueConstraint("source", name=op.f("uq_points_entries_source")),
    )
    op.create_index("ix_points_entries_from_id_at", "points_entries", ["from_id", "at"])
    op.create_index("ix_points_entries_to_id_at", "points_entries", ["to_id", "at"])
    _book_again(connection, entries, booked, communities)
    for statement in statements(op.get_context().dialect.name, "points_entries", COLUMNS):
        op.execute(statement)


def _book_again(
    connection: sa.Connection, entries: sa.Table, booked: Sequence[sa.Row[Any]], communities: set[int]
) -> None:
    accounts: dict[tuple[str, int | None, int], int] = {}
    chains: dict[int, tuple[int, str]] = {}

    def account(kind: str, person_id: int | None, chain_id: int) -> int:
        key = kind, person_id, chain_id
        if key not in accounts:
            accounts[key] = len(accounts) + 1
            row = {"id": accounts[key], "kind": kind, "person_id": person_id, "chain_id": chain_id}
            into = (
                "INSERT INTO points_accounts (id, kind, person_id, chain_id) VALUES (:id, :kind, :person_id, :chain_id)"
            )
            connection.execute(sa.text(into), row)
        return accounts[key]

    for person_id, amount, reason, source, granted_by_id, at, path in booked:
        if amount == 0:
            continue
        above = [int(part) for part in str(path).strip("/").split("/")]
        chain_id = next((area for area in reversed(above) if area in communities), above[-1])
        position, previous = chains.get(chain_id, (0, GENESIS))
        own = account("person", person_id, chain_id)
        other = account("issue" if amount > 0 else "shop", None, chain_id)
        row = {
            "chain_id": chain_id,
            "position": position + 1,
            "from_id": other if amount > 0 else own,
            "to_id": own if amount > 0 else other,
            "amount": abs(amount),
            "reason": reason,
            "source": source,
            "reverses_id": None,
            "granted_by_id": granted_by_id,
            "seconded_by_id": None,
            "at": _aware(at),
            "previous_hash": previous,
        }
        row["hash"] = _digest(row)
        chains[chain_id] = (position + 1, row["hash"])
        connection.execute(entries.insert(), row)
    if accounts and op.get_context().dialect.name == "postgresql":
        op.execute("SELECT setval('points_accounts_id_seq', (SELECT max(id) FROM points_accounts))")


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _digest(row: dict[str, Any]) -> str:
    at = int(row["at"].timestamp() * 1_000_000)
    said = [*(row[column] for column in COLUMNS[1:11]), at, row["previous_hash"]]
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


def downgrade() -> None:
    """Bring the database back to the version before; its ledger begins anew, as a chain cannot be unwound."""
    for statement in dropping(op.get_context().dialect.name, "points_entries"):
        op.execute(statement)
    op.drop_table("points_entries")
    op.drop_table("points_accounts")
    op.create_table(
        "points_entries",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("granted_by_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_points_entries_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_points_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_points_entries_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_points_entries_previous_hash")),
        sa.UniqueConstraint("source", name=op.f("uq_points_entries_source")),
    )
    op.create_index("ix_points_entries_person_id", "points_entries", ["person_id"])
