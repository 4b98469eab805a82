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
from storage.votes import Ballot, BallotVoter, Home, Vote, VotesBy, _token
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


def home_called(name: str) -> Home:
    return Home(name, lambda other: other == name)


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
        door = homes[voter] if per is VotesBy.HOUSEHOLD else voter
        home = home_called(str(door)) if per is VotesBy.HOUSEHOLD else None
        assert votes.has_voted(here, people[voter], home) is (door in last)
        assert votes.cast(here, people[voter], choice, home) is (door not in last)
        last[door] = choice
    roll = select(BallotVoter).where(BallotVoter.ballot_id == here.id)
    tokens = {_token(here, line) for line in work.session.scalars(roll)}
    votes.close(here, NOW + timedelta(days=1))
    assert here.tally == [list(last.values()).count(number) for number in range(3)] == votes.recount(here)
    assert here.turnout == len(last) == len(votes.voters(here))
    kept = work.session.scalars(select(Vote).where(Vote.ballot_id == here.id)).all()
    if secret:
        assert not {vote.id for vote in kept} & tokens
        assert {vote.person_id for vote in kept} <= {None}
    assert here.key is None
    assert {line.household for line in work.session.scalars(roll)} <= {None}
    with pytest.raises(ValueError, match="closed"):
        votes.cast(here, people[0], 0)


def test_who_turns_out_to_be_one_has_one_vote(hall: Any) -> None:
    work, tree, people = hall
    here = work.votes.add(ballot(tree))
    first, second, third = people[:3]
    for person, choice in ((first, 0), (second, 1), (third, 1)):
        work.votes.cast(here, person, choice)
    work.joining.join(first, second, NOW, "合并")
    other = work.people.add(tree.grid, NOW)
    work.joining.join(other, third, NOW, "合并")
    assert work.votes.recount(here) == [1, 1, 0]
    assert not work.votes.cast(here, other, 2)
    work.votes.close(here, NOW)
    voters = work.session.scalars(select(BallotVoter.person_id).where(BallotVoter.ballot_id == here.id)).all()
    assert (here.tally, here.turnout, sorted(voters)) == ([1, 0, 1], 2, sorted([first.id, other.id]))


def test_a_household_keeps_its_one_vote_whoever_moves(hall: Any) -> None:
    work, tree, people = hall
    husband, wife, beside = people[:3]
    here = work.votes.add(ballot(tree, per=VotesBy.HOUSEHOLD))
    assert work.votes.cast(here, husband, 0, home_called("A"))
    assert not work.votes.cast(here, wife, 1, home_called("A"))
    assert not work.votes.cast(here, husband, 2, home_called("B"))
    assert work.votes.cast(here, beside, 0, home_called("B"))
    assert work.votes.recount(here) == [1, 0, 1]


def test_who_is_erased_takes_an_open_vote_along_and_comes_back_to_one(hall: Any) -> None:
    work, tree, people = hall
    here, closed = work.votes.add(ballot(tree)), work.votes.add(ballot(tree))
    for each in (here, closed):
        work.votes.cast(each, people[3], 0)
    work.votes.close(closed, NOW)
    work.votes.forget([people[3].id])
    assert (work.votes.recount(here), work.votes.voters(here)) == ([0, 0, 0], [])
    assert (work.votes.recount(closed), work.votes.voters(closed)) == ([1, 0, 0], [people[3].id])
    assert work.votes.cast(here, work.people.add(tree.grid, NOW), 1)


def test_a_closed_named_ballot_keeps_both_votes_of_who_turns_out_to_be_one(hall: Any) -> None:
    work, tree, _ = hall
    here = work.votes.add(ballot(tree, secret=False))
    first, second = (work.people.add(tree.grid, NOW) for _ in range(2))
    for person, choice in ((first, 0), (second, 1)):
        work.votes.cast(here, person, choice)
    work.votes.close(here, NOW)
    work.joining.join(first, second, NOW, "合并")
    assert work.votes.recount(here) == here.tally == [1, 1, 0]
    assert [row.person_id for row in work.session.scalars(select(Vote).where(Vote.ballot_id == here.id))].count(None)
