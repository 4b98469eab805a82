"""Retention: what of each kind of data is older than it may be, counted and forgotten by the same condition."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, delete, exists, func, or_, select, update

from storage.aid import AidMatch, AidOffer, AidRequest
from storage.binding import BindingCode
from storage.cases import Case, CaseFollower, CaseState
from storage.holds import LegalHold
from storage.invitation_codes import InvitationCode
from storage.mediations import Mediation, Party
from storage.messages import FORGOTTEN, InboxMessage, InboxState, OutboxMessage, OutboxState, TalkKey
from storage.people import Person
from storage.personal_files import PersonalFile
from storage.questions import UnansweredQuestion
from storage.talks import Talk
from storage.topics import Topic, TopicSecond, TopicState
from storage.unsure import UnsureMessage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_FINISHED = (CaseState.CLOSED, CaseState.WITHDRAWN)


class DataKind(StrEnum):
    """The kinds of data that are kept for a time."""

    INBOX = "inbox"
    """What people wrote: the text, what came with it, the button."""
    OUTBOX = "outbox"
    """What the bot wrote."""
    LOCATIONS = "locations"
    """Places in degrees, with messages and with finished cases."""
    CONTACTS = "contacts"
    """Who reported or followed a finished case, for whom it was reported, who was a party to its mediation, and what
    the words of it tell of them."""
    TALKS = "talks"
    """What a talk was about and the form that was left in it."""
    ERASED_TALKS = "erased_talks"
    """The talk in which somebody erased their data."""
    FLEETING = "fleeting"
    """Words of somebody who was erased that waited to be sent to somebody else."""
    UNSURE = "unsure"
    """What the bot was unsure of."""
    QUESTIONS = "questions"
    """What the documents do not answer."""
    AID_PHONES = "aid_phones"
    """Telephones that neighbours gave each other, and the messages that told them."""
    AID = "aid"
    """What neighbours asked for and offered, and what was said of who helped."""
    TOPICS = "topics"
    """Who proposed and who seconded a topic."""
    CODES = "codes"
    """Codes that have expired."""
    EXPORTS = "exports"
    """Files that were written for people to take along."""


class RetentionStore:
    """Counts and forgets by kind. Contacts are taken out of a case by whoever knows how to mask its words."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, kind: DataKind, before: datetime) -> int:
        """How many rows of this kind are older than `before`."""
        return sum(
            self._session.scalar(select(func.count()).select_from(model).where(old)) or 0
            for model, old, _ in _old(kind, before)
        )

    def forget(self, kind: DataKind, before: datetime) -> int:
        """Forget what of this kind is older than `before`; how many rows that were. Contacts are left to the caller."""
        forgotten = self.count(kind, before)
        for model, old, emptied in _old(kind, before):
            statement: Any = update(model).values(**emptied) if emptied else delete(model)
            if kind is not DataKind.CONTACTS:
                self._session.execute(statement.where(old).execution_options(synchronize_session=False))
        self._session.expire_all()
        return forgotten

    def with_old_contact(self, before: datetime) -> Sequence[Case]:
        """The finished cases of before then that still know anybody's contact and are not on legal hold."""
        (_, old, _), *_ = _old(DataKind.CONTACTS, before)
        return self._session.scalars(select(Case).where(old).order_by(Case.id)).unique().all()


def _old(kind: DataKind, before: datetime) -> list[tuple[type[Any], ColumnElement[bool], dict[str, Any]]]:
    """For each table of a kind: its model, what of it is too old, and what empties it; nothing removes the row."""
    worked = InboxMessage.state != InboxState.STORED
    finished_sending = OutboxMessage.state.not_in((OutboxState.DUE, OutboxState.SENDING))
    held = select(LegalHold.case_id).where(LegalHold.lifted_at.is_(None))
    over = Case.state.in_(_FINISHED) & (func.coalesce(Case.resolved_at, Case.created_at) < before)
    attached = cast(InboxMessage.attachments, Text)
    match kind:
        case DataKind.INBOX:
            beside = or_(InboxMessage.payload.is_not(None), InboxMessage.device.is_not(None), attached != "[]")
            old = and_(InboxMessage.received_at < before, worked, or_(InboxMessage.text != "", beside))
            return [(InboxMessage, old, {"text": "", "attachments": [], "payload": None, "device": None})]
        case DataKind.OUTBOX:
            old = and_(OutboxMessage.due_at < before, finished_sending, OutboxMessage.text != "")
            return [(OutboxMessage, old, {"text": "", "choices": [], "error": None, "photos": None})]
        case DataKind.LOCATIONS:
            located = attached.contains('"kind": "location"')
            sent = and_(InboxMessage.received_at < before, worked, located)
            known = and_(over, Case.location.is_not(None), Case.id.not_in(held))
            finished = select(Case.id).where(over, Case.id.not_in(held))
            followed = and_(CaseFollower.case_id.in_(finished), CaseFollower.location.is_not(None))
            return [
                (InboxMessage, sent, {"attachments": []}),
                (Case, known, {"location": None}),
                (CaseFollower, followed, {"location": None}),
            ]
        case DataKind.CONTACTS:
            followed = exists().where(CaseFollower.case_id == Case.id, CaseFollower.text != "")
            knows = or_(Party.person_id.is_not(None), Party.name.is_not(None), Party.phone.is_not(None))
            mediated = select(Mediation.case_id).join(Party, Party.mediation_id == Mediation.id).where(knows)
            known = or_(Case.reporter_id.is_not(None), Case.on_behalf_of.is_not(None), followed, Case.id.in_(mediated))
            return [(Case, and_(over, known, Case.id.not_in(held)), {"reporter_id": None})]
        case DataKind.TALKS:
            known = or_(Talk.form.is_not(None), cast(Talk.topic, Text) != "{}", cast(Talk.choices, Text) != "[]")
            return [(Talk, (Talk.updated_at < before) & known, {"form": None, "topic": {}, "choices": []})]
        case DataKind.ERASED_TALKS:
            erased = exists().where(Person.id == Talk.person_id, Person.erased_at < before)
            owner = select(Talk.id).join(Person, Person.id == Talk.person_id)
            same = [getattr(Talk, name) == getattr(InboxMessage, name) for name in TalkKey._fields]
            asked = owner.where(Person.erased_at < before, InboxMessage.received_at <= Person.erased_at, *same).exists()
            told = OutboxMessage.person_id.in_(select(Person.id).where(Person.erased_at < before))
            old = and_(told, OutboxMessage.due_at < before, finished_sending, OutboxMessage.chat != FORGOTTEN)
            gone = {"sender": FORGOTTEN, "chat": FORGOTTEN, "private_chat": None}
            return [
                (InboxMessage, and_(worked, asked), gone),
                (OutboxMessage, old, {"chat": FORGOTTEN}),
                (Talk, erased, {}),
            ]
        case DataKind.FLEETING:
            old = and_(OutboxMessage.fleeting.is_(True), OutboxMessage.due_at < before, finished_sending)
            empty: dict[str, Any] = {"text": "", "choices": [], "error": None, "photos": None, "fleeting": None}
            return [(OutboxMessage, old, empty)]
        case DataKind.UNSURE:
            return [(UnsureMessage, UnsureMessage.heard_at < before, {})]
        case DataKind.QUESTIONS:
            return [(UnansweredQuestion, UnansweredQuestion.asked_at < before, {})]
        case DataKind.AID_PHONES:
            ended = AidMatch.until < before
            given = and_(ended, or_(AidMatch.helper_phone.is_not(None), AidMatch.requester_phone.is_not(None)))
            to_helper = select(AidMatch.helper_told_id).where(ended, AidMatch.helper_told_id.is_not(None))
            to_requester = select(AidMatch.requester_told_id).where(ended, AidMatch.requester_told_id.is_not(None))
            either = or_(OutboxMessage.id.in_(to_helper), OutboxMessage.id.in_(to_requester))
            old = and_(either, finished_sending, OutboxMessage.text != "")
            return [
                (OutboxMessage, old, {"text": "", "choices": [], "error": None}),
                (AidMatch, given, {"helper_phone": None, "requester_phone": None}),
            ]
        case DataKind.AID:
            wanted = and_(AidRequest.expires_at < before, AidRequest.what != "")
            offered = and_(AidOffer.expires_at < before, AidOffer.what != "")
            complained = and_(AidMatch.until < before, AidMatch.complaint != "")
            return [
                (AidRequest, wanted, {"what": "", "for_whom": "", "place": ""}),
                (AidOffer, offered, {"what": ""}),
                (AidMatch, complained, {"complaint": ""}),
            ]
        case DataKind.TOPICS:
            waits = Topic.state == TopicState.PROPOSED
            proposed = and_(Topic.created_at < before, Topic.proposer_id.is_not(None), ~waits)
            answered = select(Topic.id).where(~waits)
            seconded = and_(TopicSecond.at < before, TopicSecond.person_id.is_not(None))
            return [
                (Topic, proposed, {"proposer_id": None}),
                (TopicSecond, and_(seconded, TopicSecond.topic_id.in_(answered)), {"person_id": None}),
            ]
        case DataKind.CODES:
            return [
                (BindingCode, BindingCode.expires_at < before, {}),
                (InvitationCode, InvitationCode.expires_at < before, {}),
            ]
        case DataKind.EXPORTS:
            old = and_(PersonalFile.made_at < before, PersonalFile.is_photo.is_(False), PersonalFile.remove.is_(False))
            return [(PersonalFile, old, {"remove": True})]
