"""Opinions: seen by their person while they stand, withdrawn for good, and kept without whoever is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.opinions import Opinion
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people import Person


class Given:
    """Two people, of whom the first has two opinions and the second one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with UnitOfWork(database) as work:
            self.community = plant(work).community
            self.li = work.people.add(self.community, NOW, name="李秀芬")
            self.zhang = work.people.add(self.community, NOW, name="张建国")
            self.document = work.policy.add("意见", "征求意见稿", "一、总则", NOW)
            self.first = self._add(work, self.li, "3.1.4", "太高了", signed=True)
            self.second = self._add(work, self.li, None, "太长了")
            self.third = self._add(work, self.zhang, "3.1.4", "太低了")
            work.commit()

    def _add(self, work: UnitOfWork, person: Person, clause: str | None, text: str, *, signed: bool = False) -> int:
        opinion = Opinion(
            person_id=person.id,
            area_id=self.community.id,
            document_id=self.document.id,
            clause_id=clause,
            text=text,
            signed=signed,
            given_at=NOW,
        )
        return work.opinions.add(opinion).id


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


def test_people_see_their_own_and_the_drafters_see_all(given: Given) -> None:
    with UnitOfWork(given.database, read_only=True) as work:
        assert [opinion.id for opinion in work.opinions.of(given.li)] == [given.first, given.second]
        assert [opinion.id for opinion in work.opinions.all()] == [given.first, given.second, given.third]


def test_only_a_signed_opinion_shows_its_name(given: Given) -> None:
    with UnitOfWork(given.database, read_only=True) as work:
        assert [opinion.signature for opinion in work.opinions.all()] == ["李秀芬", None, None]


def test_what_is_withdrawn_is_seen_by_nobody_and_says_nothing(given: Given) -> None:
    with UnitOfWork(given.database) as work:
        work.opinions.of(given.li)[0].withdraw(NOW + timedelta(days=1))
        work.commit()
    with UnitOfWork(given.database, read_only=True) as work:
        assert [opinion.id for opinion in work.opinions.of(given.li)] == [given.second]
        assert [opinion.id for opinion in work.opinions.all()] == [given.second, given.third]
        withdrawn = work.session.get_one(Opinion, given.first)
        assert (withdrawn.text, withdrawn.signature, withdrawn.clause_id) == ("", None, "3.1.4")


def test_what_an_erased_person_said_stays_without_the_person(given: Given) -> None:
    with UnitOfWork(given.database) as work:
        work.opinions.unlink(given.li)
        work.commit()
    with UnitOfWork(given.database, read_only=True) as work:
        found = [(opinion.text, opinion.person_id, opinion.signature) for opinion in work.opinions.all()]
        assert found == [("太高了", None, None), ("太长了", None, None), ("太低了", given.zhang.id, None)]
