"""Sending notices: the audience is frozen when it begins and queued in batches; whoever wrote it hears of both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.notices import audience, replies, rules
from handlers.notices.settings import kinds
from handlers.routes import Duty
from handlers.sending.limits import shipped
from storage.messages import Priority
from storage.notice_sending import Body
from storage.notices import Notice, NoticeState, Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.turn import Desk
    from storage.areas import Area


def begin(desk: Desk, notice: Notice) -> None:
    """Freeze the audience; from now on it neither grows nor shrinks."""
    despite = kinds()[notice.kind].despite
    desk.work.notice_sending.freeze(notice, audience.of(desk, notice), despite=despite)
    _note_begun(desk, notice)


def begin_correction(desk: Desk, notice: Notice, of: Notice) -> None:
    """Take back what was not sent yet of a notice, and begin the one that corrects it, to the same people."""
    desk.work.notice_sending.cancel(of)
    of.state = NoticeState.CANCELLED
    desk.work.notice_sending.freeze_correction(notice, of)
    _note_begun(desk, notice)


def begin_retraction(desk: Desk, notice: Notice, of: Notice) -> int:
    """Take back what was not sent yet of a notice, and tell those who have it; how many they are."""
    desk.work.notice_sending.cancel(of)
    of.state = NoticeState.CANCELLED
    count = desk.work.notice_sending.freeze_retraction(notice, of)
    _note_begun(desk, notice)
    return count


def copy(desk: Desk, of: Notice, text: str, within: Sequence[Area], *, needs_ack: bool) -> Notice:
    """A new notice with these words and the kind and reach of another."""
    start, end = rules.time_in(text, desk.now)
    return desk.work.notices.add(
        Notice(
            area_id=of.area_id,
            area=of.area,
            areas=list(within),
            author_id=of.author_id,
            text=text,
            start=start,
            end=end,
            needs_ack=needs_ack,
            send_at=desk.now,
            state=NoticeState.SCHEDULED,
            created_at=desk.now,
            kind=of.kind,
            roles=of.roles,
            urgent_why=of.urgent_why,
            recipients=[],
        )
    )


def body(notice: Notice) -> Body:
    """What the recipients get."""
    plain = replies.body(notice)
    texts: dict[Variant | None, str] = {
        None: plain.text,
        Variant.DESPITE: replies.despite(plain.text, kinds()[notice.kind].name),
        Variant.CORRECTION: replies.correction(plain.text),
    }
    return Body(texts, [choice.row for choice in plain.choices], priority(notice))


def priority(notice: Notice) -> Priority:
    """How urgent a notice is: one that was said to be goes before all others, at any hour."""
    return Priority.URGENT_NOTICE if notice.urgent_why else Priority.NOTICE


def is_held(notice: Notice, now: datetime) -> bool:
    """Whether what waits of a notice waits because it is quiet."""
    return not notice.urgent_why and shipped().quiet.holds(now)


def feed(desk: Desk, notice: Notice) -> bool:
    """Queue the next batch; False when everybody is queued."""
    return desk.work.notice_sending.feed(notice, body(notice), desk.now)


def send(desk: Desk) -> None:
    """Begin the notices whose time has come, and queue one more batch of each that was begun."""
    for notice in desk.work.notices.due(desk.now):
        if notice.rrule:
            notice = _next_of(desk, notice)
        begin(desk, notice)
        if notice.author_id is not None:
            size = desk.work.notice_sending.size(notice)
            desk.tell(desk.work.people.get(notice.author_id), replies.begun(notice, size))
    for notice in desk.work.notices.sending():
        feed(desk, notice)


def settle(desk: Desk) -> None:
    """Close what is over, and tell its author how it ended."""
    store = desk.work.notice_sending
    for notice in desk.work.notices.sending():
        if not store.is_fed(notice):
            continue
        if store.left_out(notice):
            notice.fed_to = 0
        elif not store.is_waiting(notice):
            notice.state, notice.finished_at = NoticeState.SENT, desk.now
            if notice.author_id is not None:
                figures = store.figures(notice, desk.now)
                finished = replies.finished(notice, replies.totals(figures), store.reasons(notice))
                desk.tell(desk.work.people.get(notice.author_id), finished)


def _note_begun(desk: Desk, notice: Notice) -> None:
    notice.state, notice.started_at = NoticeState.SENDING, desk.now


def _next_of(desk: Desk, notice: Notice) -> Notice:
    """The copy of a notice that repeats which goes out now; the notice itself is due again at its next time."""
    this = copy(desk, notice, notice.text, notice.areas, needs_ack=notice.needs_ack)
    this.repeats_id, this.send_at = notice.id, notice.send_at
    following = rules.next_time(notice.rrule or "", notice.send_at, desk.now)
    if following is None:
        notice.state = NoticeState.SENT
    else:
        notice.send_at, notice.rrule = following
    desk.work.session.flush()
    return this


DUTIES = (Duty("notices.send", 5, send, over=Notice), Duty("notices.settle", 60, settle, over=Notice))
