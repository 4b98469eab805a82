"""Talks: what is open is kept between messages, and one process at a time has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, TALK, plant

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people import Person

FORM = {"name": "report", "values": {"place": "桂花苑3栋", "photos": ["a"], "anonymous": None}, "under": None}


@pytest.fixture
def person(database: Database) -> Person:
    with UnitOfWork(database) as work:
        person = work.people.add(plant(work).grid, NOW)
        work.commit()
    return person


def test_a_talk_is_begun_once_and_found_again(database: Database, person: Person) -> None:
    with UnitOfWork(database) as work:
        assert work.talks.lock(TALK) is None
        assert work.talks.peek(TALK) is None
        talk = work.talks.find(TALK, person, NOW, in_group=False)
        assert (talk.form, talk.choices, talk.topic, talk.key) == (None, [], {}, TALK)
        assert work.talks.find(TALK, person, NOW, in_group=False) is talk
        other = work.talks.find(TALK._replace(chat="group"), person, NOW, in_group=True)
        assert other is not talk
        with pytest.raises(IntegrityError), work.attempt():
            work.talks.begin(TALK, person, NOW, in_group=False)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        found = work.talks.peek(TALK)
        assert found is not None
        assert found.id == talk.id


def test_a_form_its_choices_and_the_topic_survive(database: Database, person: Person) -> None:
    with UnitOfWork(database) as work:
        talk = work.talks.find(TALK, person, NOW, in_group=False)
        talk.form, talk.choices = FORM, ["affirm|对的"]
        talk.remember(case=7, questions=["低保标准是多少"])
        work.commit()
    with UnitOfWork(database) as work:
        talk = work.talks.find(TALK, person, NOW, in_group=False)
        assert talk.form == FORM
        assert talk.choices == ["affirm|对的"]
        assert talk.topic == {"case": 7, "questions": ["低保标准是多少"]}
        talk.remember(case=8, questions=None)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        found = work.talks.peek(TALK)
        assert found is not None
        assert found.topic == {"case": 8}


def test_a_form_that_is_done_leaves_nothing_behind(database: Database, person: Person) -> None:
    with UnitOfWork(database) as work:
        talk = work.talks.find(TALK, person, NOW, in_group=False)
        work.talks.find(TALK._replace(chat="group"), person, NOW, in_group=True).form = FORM
        talk.form = FORM
        work.session.flush()
        assert work.talks.open_forms() == 2
        talk.form = None
        work.session.flush()
        assert work.talks.open_forms() == 1
        assert work.session.scalar(text("SELECT count(*) FROM talks WHERE form IS NULL")) == 1


def test_a_locked_talk_is_waited_for_and_then_seen_as_it_was_left(database: Database, person: Person) -> None:
    with UnitOfWork(database) as work:
        work.talks.begin(TALK, person, NOW, in_group=False)
        work.commit()

    def read_locked() -> object:
        with UnitOfWork(database) as work:
            talk = work.talks.lock(TALK)
            return talk.form if talk else "no talk"

    with ThreadPoolExecutor(1) as pool:
        with UnitOfWork(database) as work:
            talk = work.talks.lock(TALK)
            assert talk is not None
            other = pool.submit(read_locked)
            with pytest.raises(NotYet):
                other.result(0.15)
            with UnitOfWork(database, read_only=True) as reader:
                assert reader.talks.peek(TALK) is not None
            talk.form = FORM
            work.commit()
        assert other.result(10) == FORM
