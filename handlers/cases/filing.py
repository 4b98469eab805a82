"""Filing: a report becomes a case, in its grid, with its number and its deadlines, and its handler is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from handlers import areas, loose
from handlers.cases import clocks, on_behalf
from handlers.turn import AttachmentKind
from nlu.times import SHANGHAI
from storage.cases import HANDLERS, Case, CaseEvent, CaseKind
from storage.messages import Priority
from storage.people import STAFF

LONGEST_PLACE = 200
"""Characters of a place that are kept as such."""

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.forms import Values
    from handlers.turn import Attachment, Reply, Turn
    from storage.areas import Area
    from storage.people import Person


def photos(attachments: Iterable[Attachment]) -> list[str]:
    """The names of the photos among `attachments`."""
    return [attachment.ref for attachment in attachments if attachment.kind is AttachmentKind.PHOTO]


def sent_before(turn: Turn) -> dict[str, Any]:
    """The photos and the location that the speaker sent before any words, for the report that begins now.

    The location is only `sent_location`: the report decides whether it is where the thing is.
    """
    before = loose.take(turn)
    return {"photos": photos(before), "sent_location": location(before)}


def location(attachments: Iterable[Attachment]) -> list[float] | None:
    """Latitude and longitude in degrees of the last location among `attachments`, or None."""
    found = [[a.latitude, a.longitude] for a in attachments if a.kind is AttachmentKind.LOCATION]
    return found[-1] if found else None  # type: ignore[return-value]


def open_case(
    turn: Turn, area: Area, values: Values, reporter: Person | None = None, number: str | None = None
) -> Case:
    """Make the case and give it to the nearest person who answers for the area.

    `reporter` speaks, and `number` is the next one, unless told.
    """
    community = turn.work.areas.community_of(area)
    kind = CaseKind(values["kind"])
    handlers = turn.work.people.answerable(HANDLERS, area)
    case = Case(
        number=number or next_number(turn, community),
        community_id=community.id,
        area_id=area.id,
        area=area,
        kind=kind,
        category=values["category"],
        place=(values.get("place") or "")[:LONGEST_PLACE],
        since=date.fromisoformat(values["since"]) if values.get("since") else None,
        text=values["text"],
        anonymous=bool(values.get("anonymous")),
        reporter=reporter or on_behalf.reporter(turn, values),
        assignee=handlers[0] if handlers else None,
        photos=values.get("photos") or [],
        location=values.get("location"),
        created_at=turn.now,
        history=[CaseEvent.first(turn.by)],
        followers=[],
        escalations=[],
    )
    set_deadlines(turn, case)
    turn.work.cases.add(case)
    on_behalf.enter(turn, case, values)
    return case


def next_number(turn: Turn, community: Area) -> str:
    """The next number of the day; nobody else files in `community` until the message is done."""
    return turn.work.cases.next_number(community, turn.now.astimezone(SHANGHAI).date())


def set_deadlines(turn: Turn, case: Case) -> None:
    """Say by when `case` is to be answered and resolved, by its category and what its area allows.

    To be called again where its category, kind or area is put right.
    """
    ordinary = case.kind is not CaseKind.EMERGENCY
    case.deadline_days = turn.work.clocks.deadline(case.area, case.category) if ordinary else None
    stood = clocks.pauses(case.history, turn.now)
    case.respond_by, case.due_at = clocks.due(case.kind, clocks.days_allowed(case), case.created_at, stood)
    clocks.start(case)


def alarm(turn: Turn, case: Case, reply: Reply, also: Iterable[Area] = ()) -> bool:
    """Tell every grid member and admin on the way up the tree, at once; False when nobody could be told.

    Where the place may be in several areas, those of all of them are told: nobody waits for an answer. `also` are
    further areas whose people must hear it.
    """
    possible = [case.area, *(match.area for match in areas.meant(turn, case.place)), *also]
    staff = [person for area in possible for person in turn.work.people.answerable(HANDLERS, area)]
    others = [person for person in staff if person.id != turn.person.id]
    if turn.tell_all(others, reply, Priority.EMERGENCY):
        return True
    # Better somebody who does not answer for the place than nobody.
    anybody = turn.work.people.answerable(STAFF, turn.work.areas.community_of(case.area))
    told = turn.tell_all((person for person in anybody if person.id != turn.person.id), reply, Priority.EMERGENCY)
    if not told:
        log.error("alarm reached nobody", case=case.id)
    return told > 0


def interested(case: Case, besides: int | None = None) -> list[Any]:
    """The reporter and the followers of a case, without the person `besides`."""
    people = [case.reporter, *(follower.person for follower in case.followers)]
    return [person for person in people if person is not None and person.id != besides]
