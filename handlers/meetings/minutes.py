"""Minutes: handed in as text, the decisions pulled out of it and read back, and published to those invited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import CONFIRM, Form, Said, Values
from handlers.forms import Slot as FormSlot
from handlers.forms.filling import save, state_of
from handlers.meetings import attendance, minutes_replies, naming, telling
from handlers.meetings.settings import settings
from handlers.meetings.topics import CALLERS
from handlers.phrases import moment
from nlu import answers, meeting_words
from nlu import minutes as words
from nlu.minutes import Decided
from nlu.personal_data import mask
from nlu.understanding import Intent
from storage.meetings import MeetingState
from storage.minutes import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.meetings import Meeting
    from storage.people import Person

LONGEST_EDIT = 120
"""Characters of what changes the decisions that were read back."""

SHORTEST = 10


def hear(turn: Turn) -> Reply | None:
    """Hear that minutes are handed in, whatever a model makes of their text; None for all else."""
    is_staff = turn.person.roles & CALLERS and not turn.message.in_group
    found = words.minutes_in(turn.text) if is_staff else None
    return begin(turn) if found and (found[1] or turn.understanding.intent is Intent.PUBLISH_MINUTES) else None


def begin(turn: Turn) -> Reply:
    """Begin with what was handed in; which meeting it is of is said before it, or is asked."""
    which, text = words.minutes_in(turn.text) or ("", "")
    meetings = attendance.held(turn)
    head = turn.text.removesuffix(text) if text else turn.text
    number = meeting_words.number_in(head)
    meant = [each for each in meetings if each.id == number] if number else naming.meant(turn, meetings, words=which)
    if not meant:
        raise Refusal(minutes_replies.none_held())
    if len(meant) > 1:
        return minutes_replies.which(meant, f"纪要：{text}" if text else "纪要")
    naming.note(turn, meant[0])
    values: Values = {"meeting": meant[0].id, "title": meant[0].title, "when": moment(meant[0].start)}
    if text:
        values["text"] = mask(text)[: settings().longest_minutes]
    return forms.begin(turn, MINUTES, values)


def _text(said: Said) -> str | None:
    found = words.minutes_in(said.text)
    text = (found[1] if found else said.text).strip()
    return mask(text)[: settings().longest_minutes] if len(text) >= SHORTEST and not answers.read_yes_no(text) else None


def _meeting(turn: Turn, values: Values) -> Meeting:
    found = next((each for each in attendance.held(turn) if each.id == values["meeting"]), None)
    if found is None:
        raise Refusal(minutes_replies.none_held(), final=True)
    return found


def _context(turn: Turn, values: Values) -> None:
    meeting = _meeting(turn, values)
    values["people"] = len(_audience(turn, meeting, turn.person))
    values["again"] = turn.work.minutes.of(meeting) is not None
    if values.get("text") and values.get("of") != values["text"]:
        found = words.decisions_in(values["text"], turn.message.sent_at)
        values["of"], values["decisions"] = values["text"], [_kept(turn, meeting, each) for each in found]


def _kept(desk: Desk, meeting: Meeting, decided: Decided) -> dict[str, Any]:
    """A decision as a form keeps it, with the id of whoever is responsible, where that is clear."""
    person = responsible(desk, meeting, decided.who)
    return {
        "what": decided.what,
        "who": decided.who,
        "due": decided.due.isoformat() if decided.due else None,
        "person": person.id if person is not None else None,
    }


def responsible(desk: Desk, meeting: Meeting, who: str) -> Person | None:
    """Whom the minutes call so: the one person of the community, or of its staff, whose name that is."""
    if not who:
        return None
    community = desk.work.areas.community_of(meeting.area)
    around = {
        person.id: person
        for person in (
            *desk.work.people.living_in(community),
            *desk.work.people.within(CALLERS, community),
            *desk.work.people.answerable(CALLERS, community),
        )
    }
    found = [person for person in around.values() if person.name and len(person.name) > 1 and who.endswith(person.name)]
    return found[0] if len(found) == 1 else None


def _edit(turn: Turn) -> Reply | None:
    """Change the decisions that were read back (「第2条由张三负责」)."""
    state = state_of(turn)
    values = state["values"]
    edit = words.edit_in(mask(turn.text)) if state["asking"] == CONFIRM and len(turn.text) <= LONGEST_EDIT else None
    if edit is None:
        return None
    known = [_decided(each) for each in values["decisions"]]
    changed = words.edited(known, edit, turn.message.sent_at)
    if changed is None:
        return minutes_replies.cannot_edit()
    meeting = _meeting(turn, values)
    save(turn, values={**values, "decisions": [_kept(turn, meeting, each) for each in changed]})
    return forms.go_on(turn, MINUTES)


def _decided(kept: dict[str, Any]) -> Decided:
    return Decided(kept["what"], kept["who"], date.fromisoformat(kept["due"]) if kept["due"] else None)


def _publish(turn: Turn, values: Values) -> Reply:
    meeting = turn.work.meetings.lock(_meeting(turn, values))
    told, count = publish(turn, meeting, values["text"], [_decided(each) for each in values["decisions"]], turn.person)
    return minutes_replies.published(meeting, told, count)


def publish(
    desk: Desk, meeting: Meeting, text: str, decisions: Sequence[Decided], by: Person | None
) -> tuple[int, int]:
    """Publish minutes to those invited, those responsible and those who follow a topic; how many, of how much."""
    rows = [
        Decision(
            what=each.what,
            who=each.who,
            person=responsible(desk, meeting, each.who),
            due=each.due,
            note="",
        )
        for each in decisions
    ]
    made = desk.work.minutes.publish(meeting, text, rows, by, desk.now)
    meeting.state = MeetingState.MINUTED
    desk.work.session.flush()
    reply = minutes_replies.minutes(made, rows, desk.work.minutes.attended(meeting))
    people = _audience(desk, meeting, by, rows)
    return telling.tell(desk, meeting, f"minutes{made.version}", people, reply), len(rows)


def _audience(desk: Desk, meeting: Meeting, but: Person | None, decisions: Sequence[Decision] = ()) -> list[Person]:
    """Those invited who hear of a meeting, those who follow its topics, and those who have something to do; but one."""
    followers = [person for topic in desk.work.topics.of_meeting(meeting) for person in topic.followers]
    people = [*telling.invited(meeting), *followers, *(each.person for each in decisions)]
    found = {person.id: person for person in people if person is not None and not person.is_gone}
    return [person for person in found.values() if but is None or person.id != but.id]


def audience(desk: Desk, meeting: Meeting, but: Person | None) -> list[Person]:
    """Those who are told of what becomes of a decision."""
    return _audience(desk, meeting, but, desk.work.minutes.decisions(meeting))


MINUTES = Form(
    "publish_minutes",
    Intent.PUBLISH_MINUTES,
    (FormSlot("text", minutes_replies.ask_text, read=_text, greedy=True),),
    minutes_replies.read_back,
    _publish,
    owns=frozenset(Intent) - {Intent.REPORT_EMERGENCY, Intent.TALK_TO_HUMAN, Intent.HELP, Intent.MY_TASKS},
    context=_context,
    ahead=_edit,
    about=minutes_replies.about_minutes,
)
FORMS = (MINUTES,)
