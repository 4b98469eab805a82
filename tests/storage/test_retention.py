"""Retention: what is counted is what is forgotten, of each kind that which is too old and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from storage.aid import AidMatch, AidOffer, AidRequest, AidState, MatchState
from storage.cases import Case, CaseState
from storage.messages import InboxMessage, OutboxMessage, OutboxState
from storage.retention import DataKind
from storage.talks import Talk
from storage.topics import Topic, TopicState
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, TALK, arriving, case, outgoing, plant

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database
    from storage.people import Person

LONG_AGO = NOW - timedelta(days=100)
PLACE = {"kind": "location", "ref": "", "latitude": 30.0, "longitude": 104.0}


def fill(work: UnitOfWork, at: datetime) -> None:
    """One row of each kind of that moment."""
    tree = plant(work)
    person, gone = work.people.add(tree.grid, at), work.people.add(tree.grid, at)
    gone.erased_at = at
    work.messages.receive(arriving("1", received_at=at, state="done", attachments=[PLACE], device="a1"))
    work.messages.receive(arriving("2", received_at=at, state="stored", device="a1"))
    work.messages.receive(arriving("3", received_at=at, state="done", text="", payload=None))
    work.messages.queue(outgoing("1", due_at=at, state=OutboxState.SENT))
    work.messages.queue(outgoing("2", due_at=at, state=OutboxState.DUE))
    work.messages.queue(outgoing("3", due_at=at, state=OutboxState.DEAD, text="", error="x", fleeting=True))
    over = case(
        tree.grid, tree.community, "1", reporter=person, state=CaseState.CLOSED, created_at=at, location=[30.0, 104.0]
    )
    work.cases.add(over)
    work.cases.add(case(tree.grid, tree.community, "2", reporter=person, created_at=at, location=[30.0, 104.0]))
    held = case(tree.grid, tree.community, "3", reporter=person, state=CaseState.CLOSED, created_at=at, location=[1, 1])
    work.holds.set(work.cases.add(held), "调取", NOW)
    talk = work.talks.begin(TALK, person, at, in_group=False)
    talk.topic = {"case": 1}
    work.talks.begin(TALK._replace(sender="x"), gone, at, in_group=False)
    work.unsure.add("某人说", [("greet", 0.3)], at)
    work.questions.add("问什么", at)
    work.binding.issue(person, at)
    work.personal_files.note(person, "a.json", at)
    _fill_aid(work, person, gone, at)
    for state in (TopicState.DECLINED, TopicState.PROPOSED):
        _fill_topic(work, person, gone, at, state)
    work.session.flush()


def _fill_topic(work: UnitOfWork, proposes: Person, seconds: Person, at: datetime, state: TopicState) -> None:
    topic = Topic(
        community_id=proposes.area.ancestor_ids[1],
        area_id=proposes.area_id,
        proposer_id=proposes.id,
        text="停车位",
        state=state,
        created_at=at,
        asked_at=at,
        told_count=0,
        answer="",
        seconds=[],
    )
    work.topics.second(work.topics.add(topic), seconds, at)


def _fill_aid(work: UnitOfWork, asks: Person, helps: Person, at: datetime) -> None:
    """A request and an offer of that moment, and two who were told of each other's telephone."""
    community, area = asks.area.ancestor_ids[1], asks.area_id
    request = AidRequest(
        community_id=community,
        area_id=area,
        requester_id=asks.id,
        kind="medicine",
        what="买药",
        for_whom="我妈",
        place="3栋",
        wanted=1,
        state=AidState.DONE,
        created_at=at,
        expires_at=at,
    )
    work.aid.add(request)
    offered = {"person_id": helps.id, "kind": "medicine", "what": "买药", "created_at": at, "expires_at": at}
    work.aid.add(AidOffer(community_id=community, **offered))
    told = work.messages.queue(outgoing("aid", due_at=NOW, state=OutboxState.SENT, text="电话13900139002"))
    work.aid.add(
        AidMatch(
            request=request,
            helper_id=helps.id,
            state=MatchState.DONE,
            made_at=at,
            until=at,
            helper_phone="13900139002",
            requester_phone="13800138001",
            requester_told=told,
            complaint="找我要钱",
        )
    )


EXPECTED = {
    DataKind.INBOX: 1,
    DataKind.OUTBOX: 1,
    DataKind.LOCATIONS: 2,
    DataKind.CONTACTS: 1,
    DataKind.TALKS: 1,
    DataKind.ERASED_TALKS: 1,
    DataKind.FLEETING: 1,
    DataKind.UNSURE: 1,
    DataKind.QUESTIONS: 1,
    DataKind.AID_PHONES: 2,
    DataKind.AID: 3,
    DataKind.TOPICS: 2,
    DataKind.CODES: 1,
    DataKind.EXPORTS: 1,
}


def test_every_kind_is_expected() -> None:
    assert set(EXPECTED) == set(DataKind)


@pytest.mark.parametrize("kind", DataKind)
def test_what_is_too_old_is_counted_and_forgotten_once(database: Database, kind: DataKind) -> None:
    with UnitOfWork(database) as work:
        fill(work, LONG_AGO)
        before = NOW - timedelta(days=30)
        assert work.retention.count(kind, before) == EXPECTED[kind]
        assert work.retention.forget(kind, before) == EXPECTED[kind]
        left = EXPECTED[kind] if kind is DataKind.CONTACTS else 0
        assert work.retention.count(kind, before) == left


@pytest.mark.parametrize("kind", DataKind)
def test_what_is_young_stays(database: Database, kind: DataKind) -> None:
    with UnitOfWork(database) as work:
        fill(work, NOW)
        assert work.retention.forget(kind, NOW - timedelta(days=30)) == 0


def test_messages_keep_their_rows_and_lose_their_words(database: Database) -> None:
    with UnitOfWork(database) as work:
        fill(work, LONG_AGO)
        for kind in (DataKind.INBOX, DataKind.OUTBOX, DataKind.TALKS, DataKind.ERASED_TALKS):
            work.retention.forget(kind, NOW)
        said = work.session.scalars(select(InboxMessage).order_by(InboxMessage.id)).all()
        assert [(row.message_id, row.text, row.attachments, row.device) for row in said] == [
            ("1", "", [], None),
            ("2", "楼上天天漏水", [], "a1"),
            ("3", "", [], None),
        ]
        heard = work.session.scalars(select(OutboxMessage.text).order_by(OutboxMessage.id)).all()
        assert heard == ["", "报上去了", "", "电话13900139002"]
        assert [talk.topic for talk in work.session.scalars(select(Talk))] == [{}]


def test_contacts_of_what_is_over_and_not_held(database: Database) -> None:
    with UnitOfWork(database) as work:
        fill(work, LONG_AGO)
        assert [found.number for found in work.retention.with_old_contact(NOW)] == ["1"]
        work.retention.forget(DataKind.LOCATIONS, NOW)
        located = work.session.scalars(select(Case.number).where(Case.location.is_not(None)).order_by(Case.number))
        assert located.all() == ["2", "3"]


def test_telephones_of_neighbours_go_with_the_message_that_told_them(database: Database) -> None:
    with UnitOfWork(database) as work:
        fill(work, LONG_AGO)
        work.retention.forget(DataKind.AID_PHONES, NOW)
        assert "13900139002" not in work.session.scalars(select(OutboxMessage.text)).all()
        match = work.session.scalars(select(AidMatch)).one()
        assert (match.helper_phone, match.requester_phone, match.complaint) == (None, None, "找我要钱")
        work.retention.forget(DataKind.AID, NOW)
        request = work.session.scalars(select(AidRequest)).unique().one()
        assert (request.what, request.for_whom, request.place, request.state) == ("", "", "", AidState.DONE)
        assert (match.complaint, match.state) == ("", MatchState.DONE)
