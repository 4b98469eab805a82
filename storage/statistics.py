"""Statistics: how much there was of everything in an area and a time, counted, with nobody in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from storage.areas import Area
from storage.cases import UNFINISHED, Case, CaseState
from storage.mediations import Mediation, MediationState
from storage.meetings import Answer, Invitation, Meeting, MeetingState
from storage.messages import OutboxMessage, OutboxState
from storage.minutes import Attendance, Decision
from storage.notices import Notice, Recipient
from storage.votes import Ballot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases that came in, by their state now; of those that are finished how many in time, of the others how many not.

    `withdrawn` ones count as neither. `rated` is how many gave a rating, `rating` their mean from 1 to 5 or None.
    """

    received: int = 0
    by_state: Mapping[str, int] = field(default_factory=dict)
    finished: int = 0
    in_time: int = 0
    open: int = 0
    overdue: int = 0
    rated: int = 0
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class MediationFigures:
    """Mediations that came to an end, and how many of them with an agreement."""

    ended: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """Meetings that were held: invitations, those who said that they come and who came; votes and decisions."""

    held: int = 0
    invited: int = 0
    coming: int = 0
    attended: int = 0
    ballots: int = 0
    voted: int = 0
    electorate: int = 0
    decisions: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class NoticeFigures:
    """Notices that are to be acknowledged: to how many people they came, and how many acknowledged them."""

    sent: int = 0
    delivered: int = 0
    acknowledged: int = 0


class StatisticsStore:
    """Counts in an area and everywhere below it, for whoever may see figures of it; from `since` until `until`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def cases(self, area: Area, since: datetime, until: datetime, now: datetime) -> CaseFigures:
        """The cases that were reported in that time, as they stand now."""
        came = self._within(select(Case), Case, area).where(Case.created_at >= since, Case.created_at < until)
        rows = self._session.scalars(came).unique().all()
        finished = [row for row in rows if row.state in (CaseState.RESOLVED, CaseState.CLOSED)]
        is_open = [row for row in rows if row.state in UNFINISHED]
        ratings = [row.rating for row in rows if row.rating is not None]
        states = [str(row.state) for row in rows]
        return CaseFigures(
            received=len(rows),
            by_state={state: states.count(state) for state in dict.fromkeys(states)},
            finished=len(finished),
            in_time=sum(row.resolved_at is not None and row.resolved_at <= row.due_at for row in finished),
            open=len(is_open),
            overdue=sum(row.due_at < now for row in is_open),
            rated=len(ratings),
            rating=sum(ratings) / len(ratings) if ratings else None,
        )

    def mediations(self, area: Area, since: datetime, until: datetime) -> MediationFigures:
        """The mediations that came to an end in that time."""
        ended = func.coalesce(Mediation.agreed_at, Mediation.ended_at)
        wanted = select(Mediation.state).join(Case, Case.id == Mediation.case_id).where(ended >= since, ended < until)
        states = list(self._session.scalars(self._within(wanted, Case, area)))
        return MediationFigures(len(states), states.count(MediationState.AGREED))

    def meetings(self, area: Area, since: datetime, until: datetime) -> MeetingFigures:
        """The meetings that were held in that time, and the ballots that closed in it."""
        held = (MeetingState.HELD, MeetingState.MINUTED)
        found = self._within(select(Meeting.id), Meeting, area).where(
            Meeting.start >= since, Meeting.start < until, Meeting.state.in_(held)
        )
        ids = list(self._session.scalars(found))
        answers = list(self._session.scalars(select(Invitation.answer).where(Invitation.meeting_id.in_(ids))))
        done = list(self._session.scalars(select(Decision.done_at).where(Decision.meeting_id.in_(ids))))
        closed = self._within(select(Ballot), Ballot, area).where(
            Ballot.closed_at >= since, Ballot.closed_at < until, Ballot.turnout.is_not(None)
        )
        ballots = self._session.scalars(closed).unique().all()
        return MeetingFigures(
            held=len(ids),
            invited=len(answers),
            coming=answers.count(Answer.YES),
            attended=self._count(select(func.count(Attendance.id)).where(Attendance.meeting_id.in_(ids))),
            ballots=len(ballots),
            voted=sum(ballot.turnout or 0 for ballot in ballots),
            electorate=sum(ballot.electorate for ballot in ballots),
            decisions=len(done),
            done=sum(each is not None for each in done),
        )

    def notices(self, area: Area, since: datetime, until: datetime) -> NoticeFigures:
        """The notices of that time that went out and are to be acknowledged; of corrected ones only the last."""
        later = aliased(Notice)
        is_replaced = exists().where(later.corrects_id == Notice.id, later.started_at.is_not(None))
        found = self._within(select(Notice.id), Notice, area).where(
            Notice.send_at >= since,
            Notice.send_at < until,
            Notice.needs_ack.is_(True),
            Notice.started_at.is_not(None),
            ~is_replaced,
        )
        ids = list(self._session.scalars(found))
        reached = (
            select(OutboxMessage.state, Recipient.acknowledged_at)
            .join_from(Recipient, OutboxMessage, OutboxMessage.id == Recipient.outbox_id, isouter=True)
            .where(Recipient.notice_id.in_(ids))
        )
        rows = self._session.execute(reached).tuples().all()
        acknowledged = sum(at is not None for _, at in rows)
        delivered = sum(state is OutboxState.SENT or at is not None for state, at in rows)
        return NoticeFigures(len(ids), delivered, acknowledged)

    def _within(self, wanted: Select[Any], table: Any, area: Area) -> Select[Any]:
        below = select(Area.id).where(Area.path.startswith(area.path))
        return wanted.where(table.area_id.in_(below))

    def _count(self, wanted: Any) -> int:
        return self._session.scalar(wanted) or 0
