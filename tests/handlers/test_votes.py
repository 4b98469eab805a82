"""Votes in time: who has not voted is reminded a day before, and a meeting that is cancelled reminds nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from handlers.meetings import ballots
from handlers.turn import Desk
from nlu import votes as words
from nlu.times import SHANGHAI
from nlu.votes import Quorum
from storage.messages import OutboxMessage
from storage.unit_of_work import UnitOfWork
from storage.votes import Ballot, VotesBy
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database


@pytest.mark.parametrize(
    ("quorum", "electorate", "needed"),
    [
        (Quorum(per_cent=50, more=True), 40, 21),
        (Quorum(per_cent=50, more=True), 41, 21),
        (Quorum(per_cent=67), 3, 3),
        (Quorum(per_cent=30), 10, 3),
        (Quorum(count=12), 10, 12),
    ],
)
def test_how_many_must_vote(quorum: Quorum, electorate: int, needed: int) -> None:
    assert quorum.needed(electorate) == needed


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("我投同意", 0),
        ("反对", 1),
        ("改投不同意", 1),
        ("我家投反对票", 1),
        ("同意还是不同意", None),
        ("表决1号弃权", 2),
        ("我看看", None),
    ],
)
def test_what_somebody_chooses(text: str, choice: int | None) -> None:
    assert words.choice_in(text, ["同意", "不同意", "弃权"]) == choice


def test_a_choice_is_told_by_the_words_that_mean_it_too() -> None:
    assert {"同意", "赞成", "反对"} <= set(words.names_of(["同意", "不同意"]))


def test_who_has_voted_is_not_reminded(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        voted, silent = (work.people.add(tree.grid, NOW, name=name) for name in ("李秀芬", "张建国"))
        for person in (voted, silent):
            work.people.add_identity(person, "test", "test", person.name or "", NOW, f"p:{person.name}")
            person.confirmed_at = NOW
        noon = NOW.astimezone(SHANGHAI).replace(hour=12)
        ballot = work.votes.add(
            Ballot(
                area_id=tree.grid.id,
                area=tree.grid,
                question="同意吗",
                options=["同意", "不同意"],
                per=VotesBy.PERSON,
                secret=True,
                opens_at=noon - timedelta(days=2),
                opened_at=noon - timedelta(days=2),
                closes_at=noon + timedelta(hours=20),
                electorate=2,
            )
        )
        work.votes.cast(ballot, voted, 0)
        for minute in range(2):
            ballots.attend_to(Desk(work, noon + timedelta(minutes=minute), f"duty:{minute}"))
        work.session.flush()
        told = work.session.scalars(select(OutboxMessage)).all()
        assert [(row.chat, "还没投票" in row.text) for row in told] == [("p:张建国", True)]
