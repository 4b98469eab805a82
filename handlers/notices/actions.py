"""What admins and residents do about notices, one function per intent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import areas, forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.notices import replies, rules
from handlers.routes import Duty, InGroup, Routes
from nlu import answers
from nlu.understanding import Intent
from storage.messages import Priority
from storage.notices import Notice, NoticeState, Recipient
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply, Turn
    from storage.people import Person

routes = Routes()
AUTHORS = ADMINS | {Role.GRID_MEMBER}


@routes.on(Intent.BROADCAST_NOTICE, roles=AUTHORS, in_group=InGroup.MOVE)
def broadcast_notice(turn: Turn) -> Reply:
    """Push a notice out of one sentence; nothing is sent before it was read back and confirmed."""
    return forms.begin(turn, NOTICE)


def _part_of(name: str) -> Any:
    def find(said: Said) -> Any:
        return rules.read_notice(said.text, said.now).get(name)

    return find


def _any_text(said: Said) -> str | None:
    text = said.text.strip()
    return text if len(text) > 1 and answers.read_yes_no(text) is None else None


def _context(turn: Turn, values: Values) -> None:
    area = areas.audience(turn, AUTHORS, values.get("grid"), replies.not_your_area())
    values["audience"] = f"{area.name}的居民"
    values["people"] = len(turn.work.people.living_in(area))


def _send(turn: Turn, values: Values) -> Reply:
    send_at = datetime.fromisoformat(values["send_at"]) if values.get("send_at") else None
    if send_at is not None and send_at <= turn.now:
        raise Refusal(replies.in_the_past())
    area = areas.audience(turn, AUTHORS, values.get("grid"), replies.not_your_area())
    start, end = rules.time_in(values["text"], turn.now)
    notice = turn.work.notices.add(
        Notice(
            area_id=area.id,
            area=area,
            author_id=turn.person.id,
            text=values["text"],
            start=start,
            end=end,
            needs_ack=bool(values.get("needs_ack")),
            send_at=send_at or turn.now,
            state=NoticeState.SCHEDULED,
            created_at=turn.now,
            recipients=[],
        )
    )
    if send_at is not None:
        return replies.scheduled(notice)
    _freeze_and_queue(turn, notice)
    return replies.sent(notice)


def _freeze_and_queue(desk: Desk, notice: Notice) -> None:
    """Freeze the audience, one row a person, and queue the message to each."""
    notice.recipients = [_recipient(desk, notice, person) for person in desk.work.people.living_in(notice.area)]
    notice.state = NoticeState.SENT


def _recipient(desk: Desk, notice: Notice, person: Person) -> Recipient:
    if not person.subscribed:
        return Recipient(person=person, skipped=replies.UNSUBSCRIBED)
    outbox = desk.tell(person, replies.body(notice), Priority.NOTICE)
    return Recipient(person=person, outbox=outbox, skipped=None if outbox else replies.NO_ACCOUNT)


def send_due(desk: Desk) -> None:
    """Send the notices whose time has come, and tell their authors."""
    for notice in desk.work.notices.due(desk.now):
        _freeze_and_queue(desk, notice)
        if notice.author_id is not None:
            desk.tell(desk.work.people.get(notice.author_id), replies.sent(notice))


NOTICE = Form(
    name="broadcast_notice",
    intent=Intent.BROADCAST_NOTICE,
    slots=(
        Slot("text", replies.ask_text, accept=_any_text, find=_part_of("text"), called=("内容",)),
        Slot("grid", replies.ask_text, find=_part_of("grid"), needed=lambda _values: False),
        Slot("needs_ack", replies.ask_text, find=_part_of("needs_ack"), needed=lambda _values: False),
        Slot("send_at", replies.ask_text, find=_part_of("send_at"), needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    about=replies.about_notice,
    finish=_send,
    owns=frozenset({Intent.SCHEDULE_MEETING, Intent.CREATE_ACTIVITY, Intent.REPORT_INCIDENT}),
    words=("text",),
    context=_context,
)


@routes.on(Intent.LIST_NOTICES, in_group=InGroup.ACT)
def list_notices(turn: Turn) -> Reply:
    """List the last notices to this person."""
    received = turn.work.notices.received_by(turn.person)
    return replies.recent(received) if received else replies.none_recent()


@routes.on(Intent.ACKNOWLEDGE_NOTICE, in_group=InGroup.ACT)
def acknowledge_notice(turn: Turn) -> Reply | None:
    """Record that the person has read what waits for a confirmation."""
    waiting = turn.work.notices.unacknowledged(turn.person)
    for recipient in waiting:
        recipient.acknowledged_at = turn.now
    if not waiting:
        return None if turn.message.in_group else replies.nothing_to_acknowledge()
    return replies.acknowledged(len(waiting))


FORMS = (NOTICE,)
DUTIES = (Duty("notices.send_due", 5, send_due),)
