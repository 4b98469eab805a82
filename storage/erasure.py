"""Erasure: what is held on a person goes from every table; what must stay stays under a tombstone, without them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Enum, String, Table, Text, cast, delete, false, func, or_, select, update

from storage import append_only
from storage.aid import STANDING, UNFINISHED, AidMatch, AidOffer, AidRequest, AidState, MatchState
from storage.binding import BindingCode
from storage.cases import Case, CaseEvent, CaseFollower
from storage.check_ins import CheckInTry
from storage.database import Base
from storage.holds import HeldWish, HoldStore, LegalHold
from storage.mediations import AgreementAnswer, Mediation, Party, Statement
from storage.messages import FORGOTTEN, InboxMessage, InboxState, OutboxMessage, OutboxState
from storage.minutes import Attendance, Decision
from storage.notice_optouts import NoticeOptOut
from storage.notices import Recipient
from storage.objections import Objection
from storage.opinions import Opinion
from storage.own_data import OwnDataStore
from storage.people import Identity, Person, RoleGrant
from storage.personal_files import PersonalFileStore
from storage.questions import UnansweredQuestion
from storage.talks import Talk
from storage.topics import Topic, TopicSecond
from storage.unsure import UnsureMessage
from storage.volunteer_profiles import VolunteerProfile
from storage.volunteers import Participation
from storage.votes import BallotVoter, Vote, VoteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Select
    from sqlalchemy.orm import Session

    _Scope = Callable[[Any], ColumnElement[bool]]
    """Which cases are meant, as a condition on a column that holds their ids."""

UNTOUCHED = frozenset(
    {
        "people",
        "identities",
        "areas",
        "households",
        "points_entries",
        "points_accounts",
        "policy_documents",
        "consents",
        "held_wishes",
        "ballot_voters",
    }
)
"""Tables in which no word of a person stands beside what is erased by itself; the ledger of points is a chain."""
_SHORTEST_COLUMN = 65
"""Characters; shorter columns hold keys and names of kinds."""

_UNNAMED = re.compile("某人|某处|\\*+")
_TELLING = 4
"""Characters of a text that tell it from others; one with fewer is known by its moment alone."""

_SENT = (OutboxState.SENT, OutboxState.DEAD, OutboxState.CANCELLED, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Hiding:
    """How a person is made unreadable: `masked` takes everything personal out of a text of theirs, `words` says what
    stands for their name, telephone and home in texts of others."""

    masked: Callable[[str], str]
    words: Mapping[str, str]

    def in_own(self, text: str) -> str:
        """A text of theirs, without them."""
        return self.masked(self.in_others(text))

    def in_others(self, text: str) -> str:
        """A text that may name them, without them."""
        for word, instead in self.words.items():
            text = text.replace(word, instead)
        return text


class ErasureStore:
    """Erases one person, whole or in parts. What is on legal hold stays until the hold is lifted."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._own = OwnDataStore(session)
        self._files = PersonalFileStore(session)
        self._holds = HoldStore(session)

    def is_only_one_called(self, name: str, person_id: int) -> bool:
        """Whether nobody but this person bears this name, so that it can be taken out of the texts of others."""
        same = select(func.count()).where(Person.name == name, Person.id != person_id)
        return not self._session.scalar(same)

    def erase(
        self,
        person: Person,
        now: datetime,
        hiding: Hiding,
        in_talk: Talk | None = None,
        asked_by: int | None = None,
    ) -> None:
        """Erase everything of `person` but what is on legal hold; `in_talk` and the message `asked_by` ask for it.

        Their accounts are forgotten, so that whoever writes from one of them later is somebody new. Must be followed by
        reading every row anew that was read before.
        """
        self._session.flush()
        ids = self._own.selves(person)
        held = [hold.case_id for hold in self._holds.concerning(person)]
        self._unsure_of(person)
        self._erase_cases(person, self._phones(ids), now, hiding, lambda case_id: case_id.not_in(held))
        self._erase_aid(ids)
        self._erase_topics(ids, hiding)
        self._erase_consultation(ids, hiding)
        self.erase_messages(person, asked_by)
        self._forget_accounts(person, in_talk, asked_by)
        self._session.execute(
            _still(update(Opinion).where(Opinion.person_id.in_(ids)).values(person_id=None, signed=False))
        )
        self._session.execute(_still(update(Objection).where(Objection.by_id.in_(ids)).values(words="")))
        self._talks(ids, in_talk)
        self._everywhere(hiding)
        self._volunteering(ids)
        self._session.execute(_still(delete(BindingCode).where(BindingCode.person_id.in_(ids))))
        self._session.execute(_still(delete(NoticeOptOut).where(NoticeOptOut.person_id.in_(ids))))
        self._session.execute(_still(delete(RoleGrant).where(RoleGrant.person_id.in_(ids))))
        self._files.remove_all(ids)
        for identity in self._session.scalars(select(Identity).where(Identity.person_id.in_(ids))).all():
            self._session.delete(identity)
        gone = {"name": None, "phone": None, "home": None, "confirmed_at": None, "confirmed_by_id": None}
        self._session.execute(
            _still(update(Person).where(Person.id.in_(ids)).values(**gone, subscribed=False, erased_at=now))
        )
        self._session.flush()
        self._session.expire_all()

    def carry_out(self, wish: HeldWish, hiding: Hiding, now: datetime) -> None:
        """Erase of a case that was on hold what somebody asked for meanwhile; the hold must be lifted already."""
        case, person = wish.hold.case, wish.person
        if not wish.parts:
            phones = [wish.kept["phone"]] if "phone" in wish.kept else []
            self._erase_cases(person, phones, now, hiding, lambda case_id: case_id == case.id)
        if "locations" in wish.parts:
            self.forget_places(person)
        if "photos" in wish.parts:
            self.forget_photos(person, now)
        self._holds.done(wish)
        self._everywhere(hiding)
        self._session.expire_all()

    def erase_messages(self, person: Person, asked_by: int | None = None) -> None:
        """Forget what was said in the talks of `person`, by and to them, and what others were told because of it.

        What waits to be worked came after the wish, but for the message that holds it.
        """
        ids = self._own.selves(person)
        mine = self._own.written_by(person)
        worked = InboxMessage.state != InboxState.STORED
        caused = select(InboxMessage.id).where(mine)
        told = select(Recipient.outbox_id).where(Recipient.outbox_id.is_not(None))
        to_others = OutboxMessage.cause_id.in_(caused) & OutboxMessage.state.in_(_SENT) & OutboxMessage.id.not_in(told)
        to_them = OutboxMessage.person_id.in_(ids)
        waiting = OutboxMessage.state.in_((OutboxState.DUE, OutboxState.SENDING))
        empty: dict[str, Any] = {"text": "", "choices": [], "error": None, "photos": None}
        # What is on its way may arrive all the same; it is not sent a second time.
        self._session.execute(_still(update(OutboxMessage).where(to_them, waiting).values(state=OutboxState.CANCELLED)))
        # Somebody else waits for these: they go once they have arrived.
        late = OutboxMessage.cause_id.in_(caused) & OutboxMessage.id.not_in(told) & waiting
        self._session.execute(_still(update(OutboxMessage).where(late).values(fleeting=True)))
        self._session.execute(_still(update(OutboxMessage).where(or_(to_them, to_others)).values(**empty)))
        this = InboxMessage.id == asked_by
        self._session.execute(
            _still(
                update(InboxMessage)
                .where(mine, or_(worked, this))
                .values(text="", attachments=[], payload=None, device=None)
            )
        )
        self._session.flush()

    def mask_messages(self, person: Person, hiding: Hiding) -> None:
        """Take what is personal out of what was said in the talks of `person`, and keep the rest."""
        ids = self._own.selves(person)
        said = select(InboxMessage).where(self._own.written_by(person), InboxMessage.text != "")
        for row in self._session.scalars(said).all():
            row.text = hiding.in_own(row.text)
        heard = select(OutboxMessage).where(OutboxMessage.person_id.in_(ids), OutboxMessage.text != "")
        for message in self._session.scalars(heard).all():
            message.text = hiding.in_own(message.text)
            message.choices = _replaced(message.choices, hiding)
        self._session.flush()

    def _erase_cases(self, person: Person, phones: Sequence[str], now: datetime, hiding: Hiding, scope: _Scope) -> None:
        """Take `person` out of the cases within `scope`: what they reported, followed, wrote down and mediated."""
        ids = self._own.selves(person)
        own = select(Case).where(Case.reporter_id.in_(ids), scope(Case.id))
        for case in self._session.scalars(own).unique().all():
            self.unlink(case, now, hiding)
        for case in self._session.scalars(select(Case).where(Case.on_behalf_phone.in_(phones), scope(Case.id))).all():
            self.unname(case, hiding)
            case.on_behalf_of = case.on_behalf_phone = None
        lines = select(CaseEvent).where(CaseEvent.actor_id.in_(ids), scope(CaseEvent.case_id))
        for line in self._session.scalars(lines.where(CaseEvent.note != "")).all():
            _erase_line(line, hiding)
        follows = select(CaseFollower).where(CaseFollower.person_id.in_(ids), scope(CaseFollower.case_id))
        for follower in self._session.scalars(follows).all():
            self._forget_follower(follower, now)
        is_theirs = or_(Party.person_id.in_(ids), Party.phone.in_(phones))
        parties = select(Party).join(Mediation).where(is_theirs, scope(Mediation.case_id))
        for party in self._session.scalars(parties).all():
            self.forget_party(party, hiding)
        self._session.flush()

    def forget_followers(self, case: Case, now: datetime) -> None:
        """Keep that people followed a case, without their words and photos."""
        for follower in case.followers:
            self._forget_follower(follower, now)

    def _forget_follower(self, follower: CaseFollower, now: datetime) -> None:
        self._forget_photos_of(follower, now)
        follower.text, follower.location, follower.anonymous = "", None, True

    def _forget_photos_of(self, follower: CaseFollower, now: datetime) -> None:
        for photo in follower.photos:
            if not self._is_shared(photo, follower_ids=[follower.person_id]):
                self._files.note(follower.person, str(photo), now, is_photo=True, remove=True)
        follower.photos = []

    def forget_party(self, party: Party, hiding: Hiding) -> None:
        """Keep a mediation without a party of it: that it was, and what came of it, stays, without their words."""
        self._session.flush()
        told = update(Statement).where(Statement.party_id == party.id)
        self._session.execute(_still(told.values(text=append_only.ERASED)))
        answered = update(AgreementAnswer).where(AgreementAnswer.party_id == party.id)
        self._session.execute(_still(answered.values(words="")))
        mediation = party.mediation
        party.person, party.person_id, party.code, party.consent_words = None, None, None, ""
        party.name = party.phone = party.home = None
        mediation.reason = hiding.in_own(mediation.reason)
        for session in mediation.sessions:
            session.place, session.note = hiding.in_own(session.place), hiding.in_own(session.note)
        for agreement in mediation.agreements:
            agreement.text = hiding.in_own(agreement.text)
        for visit in mediation.visits:
            visit.note = hiding.in_own(visit.note)
        for line in mediation.case.history:
            _erase_line(line, hiding)
        self._session.flush()

    def unname(self, case: Case, hiding: Hiding) -> None:
        """Take what is personal out of the words of a case and of its history, and keep the rest."""
        case.text, case.place = hiding.in_own(case.text), hiding.in_own(case.place)
        case.outcome = hiding.in_own(case.outcome) if case.outcome else case.outcome
        for line in case.history:
            _erase_line(line, hiding)

    def _erase_aid(self, ids: Sequence[int]) -> None:
        """Keep that somebody asked for help or helped, for the figures, without their words, telephone and place."""
        asked = select(AidRequest.id).where(AidRequest.requester_id.in_(ids))
        with_them = or_(AidMatch.helper_id.in_(ids), AidMatch.request_id.in_(asked))
        standing = update(AidMatch).where(with_them, AidMatch.state.in_(STANDING)).values(state=MatchState.QUIT)
        phones = update(AidMatch).where(with_them).values(helper_phone=None, requester_phone=None)
        complained = update(AidMatch).where(AidMatch.complaint_by_id.in_(ids)).values(complaint="")
        helped = update(AidMatch).where(AidMatch.helper_id.in_(ids)).values(helper_id=None)
        mine = AidRequest.requester_id.in_(ids)
        over = update(AidRequest).where(mine, AidRequest.state.in_(UNFINISHED)).values(state=AidState.WITHDRAWN)
        gone = update(AidRequest).where(mine).values(requester_id=None, what="", for_whom="", place="")
        offered = delete(AidOffer).where(AidOffer.person_id.in_(ids))
        for statement in (standing, phones, complained, helped, over, gone, offered):
            self._session.execute(_still(statement))

    def _erase_topics(self, ids: Sequence[int], hiding: Hiding) -> None:
        """Keep the topics that somebody proposed or seconded, which others have seconded, without them."""
        for topic in self._session.scalars(select(Topic).where(Topic.proposer_id.in_(ids))).unique().all():
            topic.text = hiding.in_own(topic.text)
        self._session.flush()
        self._session.execute(_still(update(Topic).where(Topic.proposer_id.in_(ids)).values(proposer_id=None)))
        seconded = update(TopicSecond).where(TopicSecond.person_id.in_(ids))
        self._session.execute(_still(seconded.values(person_id=None)))

    def _erase_consultation(self, ids: Sequence[int], hiding: Hiding) -> None:
        """Keep that somebody voted, was at meetings and had something to do, for the figures, without them.

        Of ballots that are not closed their vote goes: whoever comes back is somebody new, and votes anew.
        """
        VoteStore(self._session).forget(ids)
        for decision in self._session.scalars(select(Decision).where(Decision.person_id.in_(ids))).all():
            decision.who = hiding.in_own(decision.who)
        self._session.flush()
        for table in (Vote, BallotVoter, Attendance, Decision):
            self._session.execute(_still(update(table).where(table.person_id.in_(ids)).values(person_id=None)))

    def unlink(self, case: Case, now: datetime, hiding: Hiding) -> None:
        """Keep a case without its reporter: number, category, area and figures stay, the words are masked."""
        for photo in case.photos:
            if case.reporter is not None and not self._is_shared(photo, case_id=case.id):
                self._files.note(case.reporter, str(photo), now, is_photo=True, remove=True)
        self.unname(case, hiding)
        case.photos, case.location = [], None
        case.on_behalf_of, case.on_behalf_phone = None, None
        case.reporter, case.reporter_id = None, None

    def forget_places(self, person: Person) -> None:
        """Forget the locations that `person` sent: with their messages, and of their cases that are not on hold."""
        ids, held = self._own.selves(person), on_hold()
        self._session.execute(
            _still(update(Case).where(Case.reporter_id.in_(ids), Case.id.not_in(held)).values(location=None))
        )
        following = CaseFollower.person_id.in_(ids) & CaseFollower.case_id.not_in(held)
        self._session.execute(_still(update(CaseFollower).where(following).values(location=None)))
        located = select(InboxMessage).where(
            self._own.written_by(person), cast(InboxMessage.attachments, Text).contains('"kind": "location"')
        )
        for row in self._session.scalars(located).all():
            row.attachments = [each for each in row.attachments if each["kind"] != "location"]
        self._session.flush()

    def forget_photos(self, person: Person, now: datetime) -> None:
        """Forget the photos of the cases of `person` that are not on hold, and have their files removed."""
        ids, held = self._own.selves(person), on_hold()
        own = select(Case).where(Case.reporter_id.in_(ids), Case.id.not_in(held))
        for case in self._session.scalars(own).unique().all():
            for photo in case.photos:
                if not self._is_shared(photo, case_id=case.id):
                    self._files.note(person, str(photo), now, is_photo=True, remove=True)
            case.photos = []
        follows = select(CaseFollower).where(CaseFollower.person_id.in_(ids), CaseFollower.case_id.not_in(held))
        for follower in self._session.scalars(follows).all():
            self._forget_photos_of(follower, now)
        self._session.flush()

    def replace_everywhere(self, words: Mapping[str, str]) -> None:
        """Replace words in every text of every table, those of forms and buttons included."""
        self._everywhere(Hiding(lambda text: text, words))
        self._session.expire_all()

    def _phones(self, ids: Sequence[int]) -> Sequence[str]:
        phones = select(Person.phone).where(Person.id.in_(ids), Person.phone.is_not(None))
        return [phone for phone in self._session.scalars(phones) if phone]

    def _forget_accounts(self, person: Person, in_talk: Talk | None, asked_by: int | None) -> None:
        """Forget from which accounts the messages of `person` came; the talk of the wish itself goes after a while.

        Until then its platform counts what is written there, and so does whoever sends it.
        """
        here = in_talk.chat if in_talk is not None and not in_talk.in_group else ""
        for own in self._own.accounts(person):
            of_account = (InboxMessage.channel == own.channel, InboxMessage.account == own.account)
            theirs = (*of_account, InboxMessage.sender == own.sender, InboxMessage.state != InboxState.STORED)
            others = InboxMessage.id != (asked_by or 0), InboxMessage.chat != here
            alone = select(InboxMessage.chat).where(*theirs, InboxMessage.in_group.is_(False))
            private = {*self._session.scalars(alone.distinct()), own.private_chat} - {here, None, FORGOTTEN}
            gone: dict[str, Any] = {"sender": FORGOTTEN, "private_chat": None}
            to_them = (OutboxMessage.channel == own.channel, OutboxMessage.account == own.account)
            sent = OutboxMessage.chat.in_(private), OutboxMessage.state.in_(_SENT)
            self._session.execute(_still(update(OutboxMessage).where(*to_them, *sent).values(chat=FORGOTTEN)))
            in_private = (*theirs, *others, InboxMessage.in_group.is_(False))
            self._session.execute(_still(update(InboxMessage).where(*in_private).values(**gone, chat=FORGOTTEN)))
            self._session.execute(_still(update(InboxMessage).where(*theirs, *others).values(**gone)))

    def _volunteering(self, ids: Sequence[int]) -> None:
        """Forget what they can do, with which device they came and where they were refused; that they came stays."""
        self._session.execute(_still(delete(VolunteerProfile).where(VolunteerProfile.person_id.in_(ids))))
        self._session.execute(_still(delete(CheckInTry).where(CheckInTry.person_id.in_(ids))))
        self._session.execute(_still(update(Participation).where(Participation.person_id.in_(ids)).values(device=None)))

    def _is_shared(self, photo: Any, *, case_id: int | None = None, follower_ids: Sequence[int] = ()) -> bool:
        """Whether a photo is anywhere but in this case's report or with these followers: files are named by content."""
        named = json.dumps(photo)
        reported = select(Case.id).where(Case.id != (case_id or 0), cast(Case.photos, Text).contains(named))
        with_others = CaseFollower.person_id.not_in(follower_ids)
        followed = select(CaseFollower.id).where(with_others, cast(CaseFollower.photos, Text).contains(named))
        found = (self._session.scalars(wanted.limit(1)).first() for wanted in (reported, followed))
        return any(each is not None for each in found)

    def _unsure_of(self, person: Person) -> None:
        """Forget what the bot was unsure of and could not answer of what they said.

        Nothing leads from those rows to a person. They are known by their moment, which is that of the answer, or by
        their words, which are those of a message with what is personal unnamed.
        """
        own = select(InboxMessage.id).where(self._own.written_by(person))
        moments = set(self._session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.cause_id.in_(own))))
        said = list(self._session.scalars(select(InboxMessage.text).where(self._own.written_by(person))))
        for row in self._session.scalars(select(UnsureMessage)).all():
            if row.heard_at in moments or _is_said(row.text, said):
                self._session.delete(row)
        for question in self._session.scalars(select(UnansweredQuestion)).all():
            if question.asked_at in moments or _is_said(question.text, said):
                self._session.delete(question)
        self._session.flush()

    def _talks(self, ids: Sequence[int], in_talk: Talk | None) -> None:
        others: ColumnElement[bool] = Talk.person_id.in_(ids)
        if in_talk is not None:
            in_talk.form, in_talk.choices, in_talk.topic = None, [], {}
            others = others & (Talk.id != in_talk.id)
        self._session.flush()
        self._session.execute(_still(delete(Talk).where(others)))

    def _everywhere(self, hiding: Hiding) -> None:
        if not hiding.words:
            return
        self._session.flush()
        for table, columns in _texts():
            keys = list(table.primary_key)
            named = or_(*(_holds(column, hiding.words) for column in columns))
            for row in self._session.execute(select(*keys, *columns).where(named, *self._held(table))).all():
                key, values = row[: len(keys)], row[len(keys) :]
                same = [each == own for each, own in zip(keys, key, strict=True)]
                hidden = {column.name: _replaced(value, hiding) for column, value in zip(columns, values, strict=True)}
                if table.name in append_only.KEPT:
                    # A line that nobody may rewrite gives up its words as a whole.
                    hidden = {column.name: append_only.ERASED for column in columns}
                self._session.execute(update(table).where(*same).values(hidden))

    def _held(self, table: Table) -> list[ColumnElement[bool]]:
        """What spares the rows of cases on legal hold, those of their mediations included."""
        if table.name == "legal_holds":
            return [table.c.lifted_at.is_not(None)]
        of_held = _of_held(table)
        return [~of_held] if of_held is not None else []


def on_hold() -> Select[tuple[int]]:
    """The ids of the cases on legal hold."""
    return select(LegalHold.case_id).where(LegalHold.lifted_at.is_(None))


def _of_held(table: Table) -> ColumnElement[bool] | None:
    """Whether a row belongs to a case on hold: by its `case_id`, or as a part of what does; None for other tables."""
    if table.name == "cases":
        return table.c.id.in_(on_hold())
    if "case_id" in table.c:
        return func.coalesce(table.c.case_id.in_(on_hold()), false())
    for column in table.columns:
        for key in column.foreign_keys:
            whole = key.column.table
            if whole.name in _OF_CASES and (held := _of_held(whole)) is not None:
                return func.coalesce(column.in_(select(key.column).where(held)), false())
    return None


_OF_CASES = frozenset({"mediations", "mediation_parties", "mediation_agreements"})
"""Tables of cases whose rows have parts in further tables."""


def _erase_line(line: CaseEvent, hiding: Hiding) -> None:
    """Give up the words of a line of a history, where they say anything personal; the line itself stays."""
    if hiding.in_own(line.note) != line.note:
        line.note = append_only.ERASED


def _still(statement: Any) -> Any:
    """A statement that leaves the rows in memory as they are; whoever erases reads them anew."""
    return statement.execution_options(synchronize_session=False)


def _texts() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table with the columns in which words of people may stand."""
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if _may_hold_words(column)]
        if columns and table.name not in UNTOUCHED:
            yield table, columns


def _may_hold_words(column: Column[Any]) -> bool:
    is_text = _is_long(column.type) or isinstance(column.type, JSON)
    return is_text and not column.foreign_keys and column.name not in _KEYS


def _is_long(kind: Any) -> bool:
    is_text = isinstance(kind, String) and not isinstance(kind, Enum)
    return is_text and (kind.length is None or kind.length >= _SHORTEST_COLUMN)


_KEYS = frozenset({"chat", "sender", "private_chat", "message_id", "key", "path"})


def _holds(column: Column[Any], words: Iterable[str]) -> ColumnElement[bool]:
    if isinstance(column.type, JSON):
        # JSON is kept in ASCII.
        return or_(*(cast(column, Text).contains(json.dumps(word)[1:-1], autoescape=True) for word in words))
    return or_(*(column.contains(word, autoescape=True) for word in words))


def _replaced(value: Any, hiding: Hiding) -> Any:
    if isinstance(value, str):
        return hiding.in_others(value)
    if isinstance(value, list):
        return [_replaced(each, hiding) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, hiding) for key, each in value.items()}
    return value


def _is_said(kept: str, said: Iterable[str]) -> bool:
    """Whether a text that was kept without names may be one of those that were said."""
    parts = _UNNAMED.split(kept)
    if sum(map(len, parts)) < _TELLING:
        return False
    pattern = re.compile(".{1,40}?".join(map(re.escape, parts)), re.DOTALL)
    return any(pattern.match(text) for text in said)
