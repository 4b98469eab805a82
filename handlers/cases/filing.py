"""Filing: a report becomes a case, in its grid, with its number and its deadlines, and its handler is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from handlers import areas
from handlers.cases import on_behalf, rules
from handlers.cases.replies import report as report_replies
from handlers.cases.replies import staff as staff_replies
from handlers.turn import AttachmentKind
from nlu.categories import category
from nlu.times import SHANGHAI
from storage.cases import HANDLERS, Case, CaseEvent, CaseFollower, CaseKind
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


def photos(attachments: Iterable[Attachment]) -> list[str]:
    """The names of the photos among `attachments`."""
    return [attachment.ref for attachment in attachments if attachment.kind is AttachmentKind.PHOTO]


def location(attachments: Iterable[Attachment]) -> list[float] | None:
    """Latitude and longitude in degrees of the last location among `attachments`, or None."""
    found = [[a.latitude, a.longitude] for a in attachments if a.kind is AttachmentKind.LOCATION]
    return found[-1] if found else None  # type: ignore[return-value]


def file_report(turn: Turn, values: Values) -> Reply:
    """Make the case, or a follower of the one that is about the same thing, and tell whoever handles it."""
    area = areas.looked_up(turn, values, values["place"])
    community = turn.work.areas.community_of(area)
    alike = turn.work.cases.alike(community, values["category"], turn.now - rules.SAME_WITHIN)
    same = rules.same_thing(values["place"], alike)
    if same is not None:
        return _follow(turn, same, values)
    case = open_case(turn, area, values)
    turn.talk.remember(case=case.id)
    turn.tell(case.assignee, staff_replies.new_case(case))
    on_behalf.tell(turn, case)
    return report_replies.receipt(case, case.assignee)


def open_case(turn: Turn, area: Area, values: Values) -> Case:
    """Make the case and give it to the nearest person who answers for the area."""
    community = turn.work.areas.community_of(area)
    kind = CaseKind(values["kind"])
    respond_by, due_at = rules.due(kind, category(values["category"], kind), turn.now)
    handlers = turn.work.people.answerable(HANDLERS, area)
    case = Case(
        number=turn.work.cases.next_number(community, turn.now.astimezone(SHANGHAI).date()),
        community_id=community.id,
        area_id=area.id,
        area=area,
        kind=kind,
        category=values["category"],
        place=(values.get("place") or "")[:LONGEST_PLACE],
        since=date.fromisoformat(values["since"]) if values.get("since") else None,
        text=values["text"],
        anonymous=bool(values.get("anonymous")),
        reporter=on_behalf.reporter(turn, values),
        assignee=handlers[0] if handlers else None,
        photos=values.get("photos") or [],
        location=values.get("location"),
        created_at=turn.now,
        respond_by=respond_by,
        due_at=due_at,
        history=[CaseEvent.first(turn.by)],
    )
    turn.work.cases.add(case)
    on_behalf.enter(turn, case, values)
    return case


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


def _follow(turn: Turn, case: Case, values: Values) -> Reply:
    """Make the person a follower; what they told is added to the case, and its handler hears it."""
    turn.talk.remember(case=case.id)
    follower = on_behalf.reporter(turn, values)
    if not case.concerns(follower):
        case.followers.append(CaseFollower(person=follower, since=turn.now))
    case.photos = [*case.photos, *(values.get("photos") or [])]
    case.note(turn.by, "follow", values["text"])
    turn.tell(case.assignee, staff_replies.somebody_else_reports(case, values["text"]))
    return report_replies.following(case)
