"""What is held on a person, gathered from every table, to be shown to them and to be taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from storage.aid import AidMatch, AidOffer, AidRequest
from storage.binding import BindingCode
from storage.cases import Case, CaseFollower
from storage.consents import ConsentStore
from storage.holds import HoldStore
from storage.mediations import Mediation, Party, Statement
from storage.meetings import Invitation, Meeting
from storage.messages import InboxMessage, OutboxMessage
from storage.minutes import Attendance, Decision
from storage.notice_optouts import NoticeOptOut
from storage.notices import Notice, Recipient
from storage.objections import Objection
from storage.opinions import Opinion
from storage.people import Identity, Person
from storage.points import PointsStore
from storage.role_changes import RoleChange
from storage.shop import Redemption
from storage.topics import Topic, TopicSecond
from storage.volunteer_profiles import VolunteerProfile
from storage.volunteers import Activity, Participation
from storage.votes import Ballot, BallotVoter, Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

OwnData = dict[str, Any]
"""Sections by name, each a JSON value; moments are datetimes in UTC."""


class OwnDataStore:
    """Gathers what belongs to one person; it is for that person and for whoever runs the bot, and nobody else."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def selves(self, person: Person) -> list[int]:
        """The ids of `person` and of every row that was joined into theirs."""
        joined = select(Person.id).where(Person.merged_into_id == person.id).order_by(Person.id)
        return [person.id, *self._session.scalars(joined)]

    def written_by(self, person: Person) -> ColumnElement[bool]:
        """The condition on the inbox for what came from the accounts of `person`."""
        accounts = [
            and_(
                InboxMessage.channel == own.channel,
                InboxMessage.account == own.account,
                InboxMessage.sender == own.sender,
            )
            for own in self.accounts(person)
        ]
        return or_(*accounts) if accounts else InboxMessage.id.is_(None)

    def accounts(self, person: Person) -> Sequence[Identity]:
        """The accounts of `person`, the oldest first."""
        own = select(Identity).where(Identity.person_id == person.id)
        return self._session.scalars(own.order_by(Identity.id)).all()

    def of(self, person: Person) -> OwnData:
        """Everything, by section."""
        ids = self.selves(person)
        return {
            "profile": {
                "name": person.name,
                "phone": person.phone,
                "home": person.home,
                "area": person.area.name,
                "subscribed": person.subscribed,
                "since": person.created_at,
                "confirmed_at": person.confirmed_at,
            },
            "accounts": [
                {"channel": own.channel, "account": own.sender, "seen_at": own.seen_at} for own in self.accounts(person)
            ],
            "roles": [
                {"role": str(grant.role), "area": grant.area.name, "since": grant.granted_at} for grant in person.grants
            ],
            "role_changes": [
                {"at": change.at, "role": str(change.role), "area": change.area.name, "granted": change.granted}
                for change in self._all(select(RoleChange).where(RoleChange.person_id.in_(ids)).order_by(RoleChange.id))
            ],
            "consents": [
                {"purpose": str(line.purpose), "given": line.given, "at": line.at, "version": line.version}
                for line in ConsentStore(self._session).lines(person)
            ],
            "cases": [_case(case) for case in self._cases(ids)],
            "followed": [_followed(follower) for follower in self._followed(ids)],
            "mediations": [
                self._joined(party)
                for party in self._all(select(Party).where(Party.person_id.in_(ids)).order_by(Party.id))
            ],
            "led": [
                _mediation(mediation)
                for mediation in self._all(
                    select(Mediation).where(Mediation.mediator_id.in_(ids)).order_by(Mediation.id)
                )
            ],
            "activities": [
                {"title": part.activity.title, "start": part.activity.start, "state": str(part.state)}
                for part in self._all(
                    select(Participation)
                    .join(Activity, Activity.id == Participation.activity_id)
                    .where(Participation.person_id.in_(ids))
                    .order_by(Activity.start, Participation.id)
                )
            ],
            "volunteering": [
                {"skills": list(profile.skills), "times": list(profile.times)}
                for profile in self._all(select(VolunteerProfile).where(VolunteerProfile.person_id.in_(ids)))
            ],
            "aid": self._aid(ids),
            "balance": PointsStore(self._session).balance(person),
            "points": [
                {"at": line.entry.at, "amount": line.amount, "reason": line.entry.reason}
                for each in self._all(select(Person).where(Person.id.in_(ids)).order_by(Person.id))
                for line in reversed(PointsStore(self._session).lines(each, limit=None))
            ],
            "redemptions": [
                {
                    "at": each.at,
                    "item": each.item.name,
                    "count": each.count,
                    "points": each.item.cost * each.count,
                    "state": str(each.state),
                    "settled_at": each.settled_at,
                }
                for each in self._all(select(Redemption).where(Redemption.person_id.in_(ids)).order_by(Redemption.id))
            ],
            "objections": [
                {
                    "at": objection.at,
                    "kind": str(objection.kind),
                    "text": objection.words,
                    "state": str(objection.state),
                }
                for objection in self._all(select(Objection).where(Objection.by_id.in_(ids)).order_by(Objection.id))
            ],
            "opinions": [
                {"at": opinion.given_at, "clause": opinion.clause_id, "text": opinion.text}
                for opinion in self._all(
                    select(Opinion)
                    .where(Opinion.person_id.in_(ids), Opinion.withdrawn_at.is_(None))
                    .order_by(Opinion.id)
                )
            ],
            "meetings": [
                {
                    "title": meeting.title,
                    "start": meeting.start,
                    "answer": str(answer) if answer else None,
                    "guests": guests,
                }
                for meeting, answer, guests in self._session.execute(
                    select(Meeting, Invitation.answer, Invitation.guests)
                    .join(Invitation, Invitation.meeting_id == Meeting.id)
                    .where(Invitation.person_id.in_(ids))
                    .order_by(Meeting.start, Meeting.id)
                ).unique()
            ],
            "attended": [
                {"title": each.meeting.title, "start": each.meeting.start}
                for each in self._all(select(Attendance).where(Attendance.person_id.in_(ids)).order_by(Attendance.id))
            ],
            "votes": self._votes(ids),
            "decisions": [
                {"text": each.what, "meeting": each.meeting.title, "due": each.due, "done_at": each.done_at}
                for each in self._all(select(Decision).where(Decision.person_id.in_(ids)).order_by(Decision.id))
            ],
            "topics": self._topics(ids),
            "notices": [
                {"at": at, "text": text, "acknowledged_at": acknowledged_at}
                for at, text, acknowledged_at in self._session.execute(
                    select(Notice.send_at, Notice.text, Recipient.acknowledged_at)
                    .join(Recipient, Recipient.notice_id == Notice.id)
                    .where(Recipient.person_id.in_(ids))
                    .order_by(Notice.send_at, Notice.id)
                )
            ],
            "unwanted_notices": [
                *self._all(select(NoticeOptOut.kind).where(NoticeOptOut.person_id.in_(ids)).order_by(NoticeOptOut.kind))
            ],
            "binding_codes": self._count(select(func.count(BindingCode.id)).where(BindingCode.person_id.in_(ids))),
            "holds": [
                {"case": hold.case.number, "reason": hold.reason}
                for hold in HoldStore(self._session).concerning(person)
            ],
            "said": [
                {"at": at, "text": text}
                for at, text in self._session.execute(
                    select(InboxMessage.sent_at, InboxMessage.text)
                    .where(self.written_by(person), InboxMessage.text != "")
                    .order_by(InboxMessage.id)
                )
            ],
            "heard": [
                {"at": at, "text": text}
                for at, text in self._session.execute(
                    select(OutboxMessage.due_at, OutboxMessage.text)
                    .where(OutboxMessage.person_id.in_(ids), OutboxMessage.text != "")
                    .order_by(OutboxMessage.id)
                )
            ],
        }

    def _aid(self, ids: list[int]) -> list[dict[str, Any]]:
        """What somebody asked their neighbours for, what they offered, and with what they helped."""
        asked = select(AidRequest).where(AidRequest.requester_id.in_(ids)).order_by(AidRequest.id)
        offered = select(AidOffer).where(AidOffer.person_id.in_(ids)).order_by(AidOffer.id)
        helped = select(AidMatch).where(AidMatch.helper_id.in_(ids)).order_by(AidMatch.id)
        return [
            *({"at": row.created_at, "did": "asked", "text": row.what} for row in self._all(asked)),
            *({"at": row.created_at, "did": "offered", "text": row.what} for row in self._all(offered)),
            *({"at": row.made_at, "did": "helped", "text": row.request.what} for row in self._all(helped)),
        ]

    def _votes(self, ids: list[int]) -> list[dict[str, Any]]:
        """On what somebody voted, and what they chose where the ballot was not secret: else nobody can tell."""
        open_votes = select(Vote).where(Vote.person_id.in_(ids))
        chosen = {vote.ballot_id: vote.choice for vote in self._all(open_votes)}
        voted = select(Ballot).join(BallotVoter, BallotVoter.ballot_id == Ballot.id)
        return [
            {
                "question": ballot.question,
                "closes_at": ballot.closes_at,
                "choice": str(ballot.options[chosen[ballot.id]]) if ballot.id in chosen else None,
            }
            for ballot in self._all(voted.where(BallotVoter.person_id.in_(ids)).order_by(Ballot.id))
        ]

    def _topics(self, ids: list[int]) -> list[dict[str, Any]]:
        """What somebody proposed for consultation, and what they seconded."""
        proposed = select(Topic).where(Topic.proposer_id.in_(ids)).order_by(Topic.id)
        seconded = select(TopicSecond).where(TopicSecond.person_id.in_(ids)).order_by(TopicSecond.id)
        return [
            *({"at": row.created_at, "did": "proposed", "text": row.text} for row in self._all(proposed)),
            *({"at": row.at, "did": "seconded", "text": row.topic.text} for row in self._all(seconded)),
        ]

    def _cases(self, ids: list[int]) -> Sequence[Case]:
        own = select(Case).where(Case.reporter_id.in_(ids))
        return self._session.scalars(own.order_by(Case.id)).unique().all()

    def _followed(self, ids: list[int]) -> Sequence[CaseFollower]:
        wanted = select(CaseFollower).where(CaseFollower.person_id.in_(ids))
        return self._session.scalars(wanted.order_by(CaseFollower.case_id, CaseFollower.id)).all()

    def _joined(self, party: Party) -> dict[str, Any]:
        """A mediation for a party of it: what both may read, and the party's own words; the other's are the other's."""
        mediation = party.mediation
        told = select(Statement).where(Statement.party_id == party.id)
        return {
            **_mediation(mediation),
            "side": str(party.side),
            "name": party.name,
            "phone": party.phone,
            "home": party.home,
            "consent": party.consent,
            "consent_at": party.consent_at,
            "consent_words": party.consent_words,
            "statements": [{"at": each.at, "text": each.text} for each in self._all(told.order_by(Statement.id))],
            "sessions": [
                {"start": each.start, "place": each.place} for each in mediation.sessions if each.moved_at is None
            ],
            "agreements": [
                {"at": each.written_at, "version": each.version, "text": each.text} for each in mediation.agreements
            ],
            "answers": [
                {"at": answer.at, "version": each.version, "agreed": answer.agreed, "words": answer.words}
                for each in mediation.agreements
                for answer in each.answers
                if answer.party_id == party.id
            ],
        }

    def _all(self, wanted: Any) -> Sequence[Any]:
        found: Sequence[Any] = self._session.scalars(wanted).unique().all()
        return found

    def _count(self, wanted: Any) -> int:
        return self._session.scalar(wanted) or 0


def _followed(follower: CaseFollower) -> dict[str, Any]:
    """What somebody said who reports the same thing; what the first reporter said is the first reporter's."""
    return {
        "number": follower.case.number,
        "kind": str(follower.case.kind),
        "category": follower.case.category,
        "place": "",
        "text": follower.text,
        "anonymous": follower.anonymous,
        "state": str(follower.case.state),
        "reported_at": follower.since,
        "photos": list(follower.photos),
        "location": follower.location,
        "rating": None,
    }


def _mediation(mediation: Mediation) -> dict[str, Any]:
    return {
        "number": mediation.case.number,
        "state": str(mediation.state),
        "started_at": mediation.started_at,
        "due_at": mediation.due_at,
        "ended_at": mediation.ended_at,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "kind": str(case.kind),
        "category": case.category,
        "place": case.place,
        "text": case.text,
        "anonymous": case.anonymous,
        "state": str(case.state),
        "reported_at": case.created_at,
        "photos": list(case.photos),
        "location": case.location,
        "rating": case.rating,
    }
