"""Households on the roll: a household's vote is found by the household, and every open vote by its line of the roll."""

import hashlib
import hmac

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

_BALLOTS = sa.table("ballots", sa.column("id"), sa.column("key"), sa.column("per"))
_VOTES = sa.table("votes", sa.column("id"), sa.column("ballot_id"))
_ROLL = sa.table(
    "ballot_voters", sa.column("id"), sa.column("ballot_id"), sa.column("person_id"), sa.column("household")
)
_PEOPLE = sa.table("people", sa.column("id"), sa.column("home"), sa.column("area_id"))
_AREAS = sa.table("areas", sa.column("id"), sa.column("kind"), sa.column("parent_id"))


def upgrade() -> None:
    """Bring the database to this version."""
    op.add_column("ballot_voters", sa.Column("household", sa.Text(), nullable=True))
    for key, per, line, person in _open_lines():
        _rename(key, str(person), f"line:{line}")
        home = _home(person) if per == "household" else None
        if home is not None:
            op.execute(_ROLL.update().where(_ROLL.c.id == line).values(household=home))


def downgrade() -> None:
    """Bring the database back to the version before."""
    for key, _per, line, person in _open_lines():
        _rename(key, f"line:{line}", str(person))
    op.drop_column("ballot_voters", "household")


def _open_lines() -> list[tuple[str, str, int, int]]:
    roll = sa.select(_BALLOTS.c.key, _BALLOTS.c.per, _ROLL.c.id, _ROLL.c.person_id)
    roll = roll.join_from(_BALLOTS, _ROLL, _ROLL.c.ballot_id == _BALLOTS.c.id)
    wanted = roll.where(_BALLOTS.c.key.is_not(None), _ROLL.c.person_id.is_not(None))
    return [tuple(row) for row in op.get_bind().execute(wanted)]


def _token(key: str, name: str) -> str:
    return hmac.new(bytes.fromhex(key), name.encode(), hashlib.sha256).hexdigest()


def _rename(key: str, before: str, after: str) -> None:
    op.execute(_VOTES.update().where(_VOTES.c.id == _token(key, before)).values(id=_token(key, after)))


def _home(person: int) -> str | None:
    """The community and the home, as the roll keeps them."""
    run = op.get_bind().execute
    home, own = run(sa.select(_PEOPLE.c.home, _PEOPLE.c.area_id).where(_PEOPLE.c.id == person)).one()
    area = own
    while area is not None:
        kind, above = run(sa.select(_AREAS.c.kind, _AREAS.c.parent_id).where(_AREAS.c.id == area)).one()
        if kind == "community":
            break
        area = above
    return f"{area or own}:{home}" if home else None
