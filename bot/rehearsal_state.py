"""What the database holds after a rehearsal, as rehearsals.md lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from nlu.times import SHANGHAI
from storage.aid import AidOffer, AidRequest
from storage.cases import Case
from storage.database import Base
from storage.meetings import Answer, Meeting
from storage.notices import Notice, RecipientState
from storage.topics import Topic
from storage.volunteers import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.rehearsal_setup import Stage
    from storage.people import Person
    from storage.unit_of_work import UnitOfWork

REACHED = (RecipientState.SENT, RecipientState.PENDING, RecipientState.ACKNOWLEDGED)


def read(work: UnitOfWork, stage: Stage) -> dict[str, Any]:
    """Everything but the alerts, which the play itself has seen."""
    meetings = work.session.scalars(select(Meeting).order_by(Meeting.id)).all()
    notices = work.session.scalars(select(Notice).order_by(Notice.id)).all()
    activities = work.session.scalars(select(Activity).order_by(Activity.id)).all()
    people = {user: _person(work, person.id) for user, person in stage.people.items()}
    return {
        "cases": [_case(work, stage, case) for case in work.session.scalars(select(Case).order_by(Case.id))],
        "check_ins": [row for activity in activities for row in _check_ins(stage, activity)],
        "joined": {
            stage.name("activity", activity.id): [stage.user(part.person_id) for part in activity.taken]
            for activity in activities
        },
        "waiting": {
            stage.name("activity", activity.id): [stage.user(part.person_id) for part in activity.waiting]
            for activity in activities
        },
        "activities": [_activity(stage, activity) for activity in activities],
        "points": {user: work.points.balance(person) for user, person in people.items()},
        "stock": {item.name: item.stock for item in work.shop.all()},
        "redemptions": [
            {"user": stage.user(made.person_id), "item": made.item.name, "count": made.count}
            for made in work.shop.redeemed()
        ],
        "meetings": [_meeting(stage, meeting) for meeting in meetings],
        "rsvps": {stage.name("meeting", meeting.id): _rsvps(stage, meeting) for meeting in meetings},
        "aid": [
            _aid(stage, request)
            for request in work.session.scalars(select(AidRequest).order_by(AidRequest.id)).unique()
        ],
        "offers": [
            {
                "by": stage.user(offer.person_id),
                "kind": offer.kind,
                "what": offer.what,
                "stands": not offer.withdrawn_at,
            }
            for offer in work.session.scalars(select(AidOffer).order_by(AidOffer.id))
        ],
        "topics": [
            {
                "by": stage.user(topic.proposer_id),
                "text": topic.text,
                "status": topic.state,
                "seconds": [stage.user(second.person_id) for second in topic.seconds],
                "meeting": stage.name("meeting", topic.meeting_id) if topic.meeting_id else None,
                "answer": topic.answer,
            }
            for topic in work.session.scalars(select(Topic).order_by(Topic.id)).unique()
        ],
        "votes": {},
        "notices": [_notice(stage, notice) for notice in notices],
        "acks": {
            stage.name("notice", notice.id): [
                stage.user(r.person_id) for r in notice.recipients if r.acknowledged_at is not None
            ]
            for notice in notices
        },
        "subscribed": {user: person.subscribed for user, person in people.items()},
        "opinions": [
            {
                "user": stage.user(opinion.person_id),
                "clause": opinion.clause_id,
                "text": opinion.text,
                "signed": opinion.signed,
            }
            for opinion in work.opinions.all()
        ],
        "people": {
            user: None
            if person.erased_at is not None
            else {
                "name": person.name,
                "phone": person.phone,
                "home": person.home,
                "confirmed": person.confirmed_at is not None,
                "roles": sorted(str(role) for role in person.roles),
            }
            for user, person in people.items()
        },
        "open_forms": work.talks.open_forms(),
        "dump": list(_texts(work)),
    }


def _person(work: UnitOfWork, person_id: int) -> Person:
    """Whom the row stands for now."""
    person = work.people.get(person_id)
    return _person(work, person.merged_into_id) if person.merged_into_id is not None else person


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None


def _case(work: UnitOfWork, stage: Stage, case: Case) -> dict[str, Any]:
    first = work.session.get(Case, case.duplicate_of_id) if case.duplicate_of_id else None
    return {
        "number": case.number,
        "kind": case.kind,
        "category": case.category,
        "place": case.place,
        "since": case.since.isoformat() if case.since else None,
        "text": case.text,
        "anonymous": case.anonymous,
        "reporter": stage.user(case.reporter_id),
        "followers": [stage.user(follower.person_id) for follower in case.followers],
        "status": case.state,
        "assignee": stage.user(case.assignee_id),
        "unit": case.unit,
        "offered_to": stage.user(case.offered_to_id),
        "outcome": case.outcome_code,
        "on_behalf_of": case.on_behalf_of,
        "filed_by": stage.user(case.filed_by_id),
        "photos": case.photos,
        "location": case.location,
        "duplicate_of": first.number if first else None,
        "notes": [event.note for event in case.history if event.note and event.source != "timetable"],
        "rating": case.rating,
    }


def _aid(stage: Stage, request: AidRequest) -> dict[str, Any]:
    return {
        "by": stage.user(request.requester_id),
        "kind": request.kind,
        "what": request.what,
        "for_whom": request.for_whom,
        "wanted": request.wanted,
        "status": request.state,
        "expires": _iso(request.expires_at),
        "helpers": {
            stage.user(match.helper_id): {"status": str(match.state), "points": match.points}
            for match in request.matches
        },
    }


def _check_ins(stage: Stage, activity: Activity) -> Iterator[dict[str, Any]]:
    for part in activity.participations:
        if part.checked_in_at is not None:
            yield {
                "user": stage.user(part.person_id),
                "activity": stage.name("activity", activity.id),
                "in": _iso(part.checked_in_at),
                "out": _iso(part.checked_out_at),
                "status": part.state,
                "marks": [mark.kind for mark in part.marks],
            }


def _activity(stage: Stage, activity: Activity) -> dict[str, Any]:
    return {
        "id": stage.name("activity", activity.id),
        "title": activity.title,
        "start": _iso(activity.start),
        "end": _iso(activity.end),
        "place": activity.place,
        "capacity": activity.capacity,
        "points": activity.points,
        "code": activity.code,
        "cancelled": activity.cancelled_at is not None,
    }


def _meeting(stage: Stage, meeting: Meeting) -> dict[str, Any]:
    return {
        "id": stage.name("meeting", meeting.id),
        "kind": meeting.kind,
        "title": meeting.title,
        "start": _iso(meeting.start),
        "end": _iso(meeting.end),
        "place": meeting.place,
        "topics": meeting.topics,
        "status": meeting.state,
    }


def _rsvps(stage: Stage, meeting: Meeting) -> dict[str, list[str | None]]:
    return {
        answer.value: [stage.user(i.person_id) for i in meeting.invitations if i.answer is answer] for answer in Answer
    }


def _notice(stage: Stage, notice: Notice) -> dict[str, Any]:
    return {
        "id": stage.name("notice", notice.id),
        "text": notice.text,
        "scope": ",".join(f"grid:{area.code}" if area.code else "all" for area in notice.areas),
        "start": _iso(notice.start),
        "end": _iso(notice.end),
        "sent_to": [stage.user(r.person_id) for r in notice.recipients if r.state in REACHED],
        "send_at": _iso(notice.send_at),
        "status": notice.state,
        "kind": notice.kind,
        "urgent": notice.urgent_why,
    }


def _texts(work: UnitOfWork) -> Iterator[str]:
    """Every text value of every table, the published documents left out, for they are the same every time."""
    for table in Base.metadata.sorted_tables:
        if table.name == "policy_documents":
            continue
        for row in work.session.execute(select(table)):
            yield from (text for value in row for text in _strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield str(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
