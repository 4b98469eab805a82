"""Giving out a notice: read out of one sentence, read back with whom it reaches, and confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.notices import audience, following, replies, rules, sending
from handlers.notices.settings import kind_of, kinds, settings
from handlers.sending import planning
from nlu import answers, notice_commands
from nlu.understanding import Intent
from storage.messages import Priority
from storage.notices import Notice, NoticeState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.lanes import LaneKey


def _part_of(name: str) -> Any:
    def find(said: Said) -> Any:
        return rules.read_notice(said.text, said.now).get(name)

    return find


def _any_text(said: Said) -> str | None:
    text = said.text.strip()
    return text if len(text) > 1 and answers.read_yes_no(text) is None else None


def _context(turn: Turn, values: Values) -> None:
    areas, roles = audience.look_up(turn, values.get("whom") or {})
    wanted = audience.between(turn, areas, roles)
    kind = kinds().get(values.get("kind") or "") or kind_of(values.get("text") or "")
    values["audience"] = replies.audience([area.name for area in areas], roles)
    values["kind_now"] = kind.slug
    values["people"] = turn.work.notice_sending.count(wanted)
    reached = turn.work.notice_sending.channels(wanted, kind.slug, despite=kind.despite)
    when = (values.get("when") or {}).get("at")
    begins = max(turn.now, datetime.fromisoformat(when)) if when else turn.now
    priority = Priority.URGENT_NOTICE if values.get("urgent") else Priority.NOTICE
    values["begins"] = begins.isoformat()
    values["channels"] = [
        [lane.channel, count, _through(turn, begins, lane, count, priority)] for lane, count in sorted(reached.items())
    ]


def _through(turn: Turn, begins: datetime, lane: LaneKey, count: int, priority: Priority) -> str | None:
    """When a lane would have sent so many messages, or None where that cannot be foreseen."""
    try:
        return planning.through_at(turn.work, begins, {lane: count}, priority).isoformat()
    except ValueError:
        return None


def _send(turn: Turn, values: Values) -> Reply:
    when = values.get("when") or {}
    send_at = datetime.fromisoformat(when["at"]) if when.get("at") else None
    if send_at is not None and send_at <= turn.now:
        raise Refusal(replies.in_the_past())
    areas, roles = audience.look_up(turn, values.get("whom") or {})
    start, end = rules.time_in(values["text"], turn.now)
    holding = audience.holding_all(turn, areas)
    notice = turn.work.notices.add(
        Notice(
            area_id=holding.id,
            area=holding,
            areas=areas,
            author_id=turn.person.id,
            text=values["text"],
            start=start,
            end=end,
            needs_ack=bool(values.get("needs_ack")),
            send_at=send_at or turn.now,
            state=NoticeState.SCHEDULED,
            created_at=turn.now,
            kind=values["kind_now"],
            roles=list(roles) or None,
            urgent_why=(values.get("urgent") or None) and values["urgent"][:200],
            rrule=when.get("rrule"),
            recipients=[],
        )
    )
    following.note(turn, notice)
    if send_at is not None:
        return replies.scheduled(notice, values["audience"])
    return send_now(turn, notice, values["people"])


def send_now(turn: Turn, notice: Notice, people: int) -> Reply:
    """Begin a notice in this very message, unless its audience is too large to wait for."""
    if people > settings().at_once:
        return replies.begins(people)
    sending.begin(turn, notice)
    sending.feed(turn, notice)
    return replies.sent(replies.totals(turn.work.notice_sending.figures(notice, turn.now)))


def hear(turn: Turn) -> Reply | None:
    """Staff who give out a notice in so many words do so, whatever it says.

    What sounds like danger in it is an alarm first, unless they call the notice urgent (「发紧急通知：……漏气」).
    """
    head = notice_commands.read_head(turn.text)
    if head is None or turn.message.in_group or not turn.person.roles & audience.AUTHORS:
        return None
    is_named = "通知" in head.words and head.words.rstrip().endswith((":", "："))
    is_alarm = turn.understanding.intent is Intent.REPORT_EMERGENCY
    if not is_named or (is_alarm and not notice_commands.urgency(head.words)):
        return None
    turn.whole = True
    return forms.begin(turn, NOTICE)


NOTICE = Form(
    name="broadcast_notice",
    intent=Intent.BROADCAST_NOTICE,
    slots=(
        Slot("text", replies.ask_text, accept=_any_text, find=_part_of("text"), called=("内容",)),
        *(
            Slot(name, replies.ask_text, find=_part_of(name), needed=lambda _values: False)
            for name in ("needs_ack", "when", "urgent", "kind")
        ),
        Slot("whom", replies.ask_text, find=_part_of("whom"), merge=rules.join_whom, needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    about=replies.about_notice,
    finish=_send,
    owns=frozenset(
        {
            Intent.SCHEDULE_MEETING,
            Intent.CREATE_ACTIVITY,
            Intent.REPORT_INCIDENT,
            Intent.ACKNOWLEDGE_NOTICE,
            Intent.REGISTER_VOLUNTEER,
        }
    ),
    words=("text",),
    context=_context,
)
FORMS = (NOTICE,)
LISTENERS = (hear,)
