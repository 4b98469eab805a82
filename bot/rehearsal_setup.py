"""A rehearsal's script, checked, and the stage it asks for: a community of nine grids, its people, what is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot import places
from handlers.cases import clocks, escalating
from handlers.notices.settings import kind_of
from handlers.turn import Desk
from handlers.volunteers import codes
from nlu.categories import category
from nlu.times import SHANGHAI
from storage.areas import AreaKind
from storage.cases import HANDLERS, By, Case, CaseEvent, CaseKind, CaseState
from storage.meetings import Meeting, MeetingState
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.notices import Notice, NoticeState, Recipient
from storage.people import Role
from storage.volunteers import Activity
from storage.votes import Ballot, VotesBy

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.areas import Area
    from storage.people import Person
    from storage.unit_of_work import UnitOfWork

GROUP = "group"
GRIDS = [str(number) for number in range(1, 10)]
ROLES = {"volunteer", "grid_member", "mediator", "admin"}


class ScriptError(ValueError):
    """A script that is not written as rehearsals.md says; its text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Script:
    """One script."""

    id: str
    chat: str
    role: str
    now: datetime
    users: dict[str, dict[str, Any]]
    given: dict[str, Any]
    turns: list[dict[str, Any]]
    filler: bool

    @classmethod
    def read(cls, data: Any) -> Script:
        """Check a script; raises ScriptError with what is wrong."""
        if not isinstance(data, dict) or not isinstance(data.get("turns"), list):
            raise ScriptError("a script is an object with a list of turns")
        setting = data.get("setting") or {}
        if "now" not in setting:
            raise ScriptError("setting.now is missing")
        if any(not isinstance(turn, dict) for turn in data["turns"]):
            raise ScriptError("a turn is an object")
        if any(not _is_location(turn["location"]) for turn in data["turns"] if "location" in turn):
            raise ScriptError("a location is two numbers: latitude and longitude")
        users = {"u1": {"role": setting.get("role", "resident")}, **(setting.get("users") or {})}
        users["u1"] = {"role": setting.get("role", "resident"), **users["u1"]}
        return cls(
            id=str(data.get("id", "")),
            chat=str(setting.get("chat", "private")),
            role=str(setting.get("role", "resident")),
            now=cls.moment(setting["now"]),
            users=users,
            given=setting.get("given") or {},
            turns=data["turns"],
            filler=bool(data.get("filler")),
        )

    @staticmethod
    def moment(text: Any) -> datetime:
        """A moment as scripts write it; without a zone it is Asia/Shanghai."""
        try:
            moment = datetime.fromisoformat(str(text))
        except ValueError as error:
            raise ScriptError(f"{text!r} is no moment") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _is_location(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, int | float) for part in value)


@dataclass(slots=True)
class Stage:
    """The people of a script, and what the script calls the rows that it gives."""

    people: dict[str, Person]
    community: Area
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def user(self, person_id: int | None) -> str | None:
        """Whom the script means by this row of people."""
        return next((user for user, person in self.people.items() if person.id == person_id), None)

    def name(self, kind: str, row_id: int) -> str:
        """What the script calls a row, or its number."""
        return self.names.get((kind, row_id), str(row_id))


def set_the_stage(work: UnitOfWork, script: Script) -> Stage:
    """Add the community, the people, and what is given."""
    county = work.areas.add(AreaKind.COUNTY, "县")
    town = work.areas.add(AreaKind.TOWN, "镇", county)
    community = work.areas.add(AreaKind.COMMUNITY, "社区", town)
    grids = {code: work.areas.add(AreaKind.GRID, f"{code}网格", community, code) for code in GRIDS}
    people = {user: _person(work, community, grids, user, data, script.now) for user, data in script.users.items()}
    stage = Stage(people, community, given=script.given)
    try:
        _give(work, script, stage)
    except (KeyError, TypeError, AttributeError) as error:
        raise ScriptError(f"given: {type(error).__name__}: {error}") from error
    return stage


def _person(
    work: UnitOfWork, community: Area, grids: dict[str, Area], user: str, data: dict[str, Any], now: datetime
) -> Person:
    code = str(data.get("grid", "1"))
    role = str(data.get("role", "resident"))
    if code not in grids or role not in ROLES | {"resident"}:
        raise ScriptError(f"users.{user}: no such grid or role")
    person = work.people.add(grids[code], now, name=data.get("name"), phone=data.get("phone"))
    person.home = data.get("home")
    person.confirmed_at = now if data.get("confirmed") else None
    for sender in (f"{user}:device", user):
        work.people.add_identity(person, "rehearsal", "rehearsal", sender, now, private_chat=f"p:{sender}")
    if role == "admin":
        work.people.grant(person, Role.COMMUNITY_ADMIN, community, now)
    elif role in ROLES:
        work.people.grant(person, Role(role), grids[code] if role == "grid_member" else community, now)
    return person


def _give(work: UnitOfWork, script: Script, stage: Stage) -> None:
    given: dict[str, Callable[[UnitOfWork, Stage, dict[str, Any], datetime], None]] = {
        "areas": _give_places,
        "households": _give_household,
        "cases": _give_case,
        "activities": _give_activity,
        "meetings": _give_meeting,
        "questions": _give_question,
        "notices": _give_notice,
    }
    for kind, give in given.items():
        for row in script.given.get(kind) or []:
            give(work, stage, row, script.now)
    for user, amount in (script.given.get("points") or {}).items():
        if amount:
            work.points.credit(
                stage.people[user], int(amount), "期初", f"given:{user}", By(None, script.now, "rehearsal")
            )
    for row in script.given.get("shop") or []:
        work.shop.put(stage.community, str(row["item"]), int(row["cost"]), int(row["stock"]))
    work.session.flush()
    # What was due of the given cases before the talk begins, people were told then.
    escalating.catch_up(Desk(work, script.now, "given"))


def _give_places(work: UnitOfWork, stage: Stage, row: dict[str, Any], _now: datetime) -> None:
    grid = work.areas.grid(stage.community, str(row["grid"]))
    if grid is None:
        raise KeyError(row["grid"])
    places.plant(work, grid, row["places"])


def _give_household(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    grid = work.areas.grid(stage.community, str(row.get("grid", "1")))
    if grid is None:
        raise KeyError(row["grid"])
    work.households.add(grid, row["label"], now).code = str(row["code"])


def _give_case(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    number = str(row["no"])
    made = _day_of(number, now)
    kind = CaseKind(row["kind"])
    respond_by, due_at = clocks.due(kind, category(row["category"], kind).deadline_days, made)
    reporter = stage.people.get(row.get("reporter") or "")
    area = reporter.area if reporter else stage.community
    handlers = work.people.answerable(HANDLERS, area)
    state = CaseState(row.get("status", "open"))
    assignee = stage.people[row["assignee"]] if row.get("assignee") else (handlers[0] if handlers else None)
    case = Case(
        number=number,
        community_id=stage.community.id,
        area_id=area.id,
        area=area,
        kind=kind,
        category=row["category"],
        place=row.get("place") or "",
        text=row.get("text") or "",
        anonymous=bool(row.get("anonymous")),
        reporter=reporter,
        assignee=assignee,
        state=state,
        photos=[],
        created_at=made,
        respond_by=respond_by,
        due_at=due_at,
        resolved_at=now if state in (CaseState.RESOLVED, CaseState.CLOSED) else None,
        history=[CaseEvent.first(By(None, made, "rehearsal"))],
    )
    work.cases.add(case)


def _day_of(number: str, now: datetime) -> datetime:
    try:
        day = date.fromisoformat(number.partition("-")[0])
    except ValueError:
        return now
    return min(now, datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI))


def _give_activity(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    start = Script.moment(row["start"])
    activity = Activity(
        area_id=stage.community.id,
        area=stage.community,
        organiser_id=stage.people[row["organiser"]].id if row.get("organiser") else None,
        title=row["title"],
        place=row.get("place") or "",
        location=row.get("location"),
        radius_m=row.get("radius_m"),
        start=start,
        end=Script.moment(row["end"]) if row.get("end") else start + timedelta(hours=2),
        capacity=row.get("capacity"),
        points=int(row.get("points") or 0),
        code=str(row.get("code") or "").upper(),
        secret=None if row.get("code") else codes.new_secret(),
        created_at=now,
        participations=[],
    )
    work.volunteers.add(activity)
    stage.names["activity", activity.id] = str(row.get("id", activity.id))
    for user in row.get("joined") or []:
        work.volunteers.join(activity, stage.people[user], now)


def _give_meeting(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    meeting = Meeting(
        area_id=stage.community.id,
        area=stage.community,
        kind=row.get("kind") or "议事会",
        title=row["title"],
        start=Script.moment(row["start"]),
        end=Script.moment(row["end"]) if row.get("end") else None,
        place=row.get("place") or "",
        topics=row.get("topics") or [],
        state=MeetingState.CALLED,
        created_at=now,
        secret=codes.new_secret(),
        invitations=[],
    )
    work.meetings.add(meeting)
    work.meetings.invite(meeting, list(stage.people.values()))
    stage.names["meeting", meeting.id] = str(row.get("id", meeting.id))


def _give_question(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    is_open = bool(row.get("open", True))
    for person in stage.people.values():
        # Whoever is given a vote has one: staff have said that they live there.
        person.confirmed_at = person.confirmed_at or now
    closes = Script.moment(row["closes"]) if row.get("closes") else now + timedelta(days=7 if is_open else -1)
    ballot = Ballot(
        area_id=stage.community.id,
        area=stage.community,
        question=row["text"],
        options=list(row["options"]),
        per=VotesBy(row.get("per") or VotesBy.PERSON),
        secret=bool(row.get("secret")),
        opens_at=min(now, closes) - timedelta(days=1),
        opened_at=min(now, closes) - timedelta(days=1),
        reminded_at=now,
        closes_at=closes,
        electorate=len(stage.people),
    )
    work.votes.add(ballot)
    if not is_open:
        work.votes.close(ballot, now)
    stage.names["question", ballot.id] = str(row.get("id", ballot.id))


def _give_notice(work: UnitOfWork, stage: Stage, row: dict[str, Any], now: datetime) -> None:
    at = Script.moment(row["at"]) if row.get("at") else now - timedelta(hours=1)
    grid = work.areas.grid(stage.community, str(row["grid"])) if row.get("grid") else None
    area = grid or stage.community
    notice = Notice(
        area_id=area.id,
        area=area,
        areas=[area],
        author_id=stage.people[row["author"]].id if row.get("author") else None,
        text=row["text"],
        needs_ack=bool(row.get("needs_ack")),
        send_at=at,
        state=NoticeState.SENT,
        created_at=at,
        started_at=at,
        kind=kind_of(row["text"]).slug,
        recipients=[_recipient(work, stage, row, user, at) for user in row.get("sent_to") or []],
    )
    work.notices.add(notice)
    stage.names["notice", notice.id] = str(row.get("id", notice.id))


def _recipient(work: UnitOfWork, stage: Stage, row: dict[str, Any], user: str, at: datetime) -> Recipient:
    sent = OutboxMessage(
        key=f"given:{row.get('id')}:{user}",
        channel="rehearsal",
        account="rehearsal",
        chat=f"p:{user}",
        text=row["text"],
        choices=[],
        priority=Priority.NOTICE,
        person_id=stage.people[user].id,
        due_at=at,
        state=OutboxState.SENT,
        sent_at=at,
    )
    person = stage.people[user]
    return Recipient(person=person, grid_id=work.areas.grid_of(person.area).id, outbox=sent)
