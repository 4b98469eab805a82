"""Votes: one each, changed until the end, counted again to the same result, and secret ones lead back to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.database import Base, Database
from storage.unit_of_work import UnitOfWork
from storage.votes import Ballot, BallotVoter, Vote, VotesBy, _token
from tests.storage.rows import NOW, Tree, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.people import Person

VOTERS = 5
OPTIONS = ["同意", "不同意", "弃权"]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[UnitOfWork, Tree, list[Person]]]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('votes') / 'test.db'}")
    Base.metadata.create_all(database.engine)
    with UnitOfWork(database) as work:
        tree = plant(work)
        yield work, tree, [work.people.add(tree.grid, NOW) for _ in range(VOTERS)]
    database.close()


def ballot(tree: Tree, **changes: Any) -> Ballot:
    values: dict[str, Any] = {
        "area_id": tree.grid.id,
        "area": tree.grid,
        "question": "同意装充电桩吗",
        "options": OPTIONS,
        "per": VotesBy.PERSON,
        "secret": True,
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=1),
        "electorate": VOTERS,
    }
    return Ballot(**(values | changes))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cast=st.lists(st.tuples(st.integers(0, VOTERS - 1), st.integers(0, 2)), max_size=12),
    homes=st.lists(st.integers(0, 2), min_size=VOTERS, max_size=VOTERS),
    per=st.sampled_from(VotesBy),
    secret=st.booleans(),
)
def test_one_vote_changed_until_the_end_and_a_recount_is_the_tally(
    hall: Any, cast: list[tuple[int, int]], homes: list[int], per: VotesBy, secret: bool
) -> None:
    work, tree, people = hall
    votes = work.votes
    here = votes.add(ballot(tree, per=per, secret=secret))
    last: dict[int, int] = {}
    for voter, choice in cast:
        home = homes[voter] if per is VotesBy.HOUSEHOLD else voter
        together = [p for n, p in enumerate(people) if (homes[n] if per is VotesBy.HOUSEHOLD else n) == home]
        assert votes.has_voted(here, together) is (home in last)
        assert votes.cast(here, together, people[voter], choice) is (home not in last)
        last[home] = choice
    tokens = {_token(here, person.id) for person in people}
    votes.close(here, NOW + timedelta(days=1))
    assert here.tally == [list(last.values()).count(number) for number in range(3)] == votes.recount(here)
    assert here.turnout == len(last) == len(votes.voters(here))
    kept = work.session.scalars(select(Vote).where(Vote.ballot_id == here.id)).all()
    if secret:
        assert not {vote.id for vote in kept} & tokens
        assert {vote.person_id for vote in kept} <= {None}
    assert here.key is None
    with pytest.raises(ValueError, match="closed"):
        votes.cast(here, people[:1], people[0], 0)


def test_who_turns_out_to_be_one_has_one_vote(hall: Any) -> None:
    work, tree, people = hall
    here = work.votes.add(ballot(tree))
    first, second, third = people[:3]
    for person, choice in ((first, 0), (second, 1), (third, 1)):
        work.votes.cast(here, [person], person, choice)
    work.joining.join(first, second, NOW, "合并")
    other = work.people.add(tree.grid, NOW)
    work.joining.join(other, third, NOW, "合并")
    assert work.votes.recount(here) == [1, 1, 0]
    assert not work.votes.cast(here, [other], other, 2)
    work.votes.close(here, NOW)
    voters = work.session.scalars(select(BallotVoter.person_id).where(BallotVoter.ballot_id == here.id)).all()
    assert (here.tally, here.turnout, sorted(voters)) == ([1, 0, 1], 2, sorted([first.id, other.id]))
