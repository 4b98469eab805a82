"""Changing a notice that was given out, or taking it back: what was not sent is stopped, who has it is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.notices import changing_replies as replies
from handlers.notices import following, following_replies, rules, sending
from nlu import answers
from nlu.notice_commands import Act
from nlu.understanding import Intent
from storage.notices import NoticeState, RecipientState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.notices import Notice


def change(turn: Turn) -> Reply | None:
    """What staff say of a notice that is to read otherwise, or to be taken back; None for everything else."""
    command = following.command_in(turn)
    if command is None or command.act not in (Act.CHANGE, Act.CANCEL):
        return None
    if turn.message.in_group:
        return following_replies.in_private()
    notices = following.managed(turn)
    notice = following.meant(turn, command.which, notices)
    if notice is not None and notice.repeats_id and command.for_good:
        notice = next((each for each in notices if each.id == notice.repeats_id), notice)
    if notice is None:
        return replies.no_such_notice()
    following.note(turn, notice)
    turn.whole = True
    known = {"notice": notice.id, "was": notice.text, "begun": notice.state is not NoticeState.SCHEDULED}
    if command.act is Act.CANCEL:
        return forms.begin(turn, CANCELLING, {**known, "repeats": notice.rrule is not None})
    now = turn.message.sent_at
    when = rules.send_time(command.to, now) if not known["begun"] else None
    if when and notice.rrule and not when["rrule"]:
        when = rules.same_rule(when, notice.rrule, notice.send_at, now)
    text = None if when else rules.changed_text(notice.text, notice.created_at, command.to, now)
    return forms.begin(turn, CHANGING, {**known, "to": text, "when": when})


def _any_text(said: Said) -> str | None:
    text = said.text.strip()
    return text if len(text) > 1 and answers.read_yes_no(text) is None else None


def _context(turn: Turn, values: Values) -> None:
    notice = _still_there(turn, values)
    figures = turn.work.notice_sending.figures(notice, turn.now)
    got = [RecipientState.SENT, RecipientState.ACKNOWLEDGED]
    values["got"] = sum(states.get(state, 0) for states in figures.values() for state in got)
    values["waits"] = sum(
        states.get(state, 0)
        for states in figures.values()
        for state in (RecipientState.PENDING, RecipientState.DEFERRED)
    )


def _still_there(turn: Turn, values: Values) -> Notice:
    """The notice that was read back; it must still stand and be this person's to change."""
    found = next((each for each in following.managed(turn) if each.id == values["notice"]), None)
    if found is None:
        raise Refusal(replies.not_there_any_more(), final=True)
    return found


def _change(turn: Turn, values: Values) -> Reply:
    notice = turn.work.notices.lock(_still_there(turn, values))
    when = values.get("when")
    if when and notice.state is not NoticeState.SCHEDULED:
        raise Refusal(replies.begun_already(), final=True)
    if when:
        if when.get("same_rule") and notice.rrule:
            # It may have been due since that was read back.
            when = rules.same_rule(when, notice.rrule, notice.send_at, turn.now)
        notice.send_at, notice.rrule = datetime.fromisoformat(when["at"]), when["rrule"]
        if notice.send_at <= turn.now:
            raise Refusal(replies.in_the_past(), final=True)
        return replies.put_off(notice)
    text = values["to"]
    if notice.state is NoticeState.SCHEDULED:
        notice.text = text
        notice.start, notice.end = rules.time_in(text, turn.now)
        return replies.changed(notice)
    corrected = sending.copy(turn, notice, text, notice.areas, needs_ack=notice.needs_ack)
    corrected.corrects_id = notice.id
    sending.begin_correction(turn, corrected, notice)
    sending.feed(turn, corrected)
    following.note(turn, corrected)
    return replies.corrected(values["got"], values["waits"])


def _cancel(turn: Turn, values: Values) -> Reply:
    notice = turn.work.notices.lock(_still_there(turn, values))
    if notice.state is NoticeState.SCHEDULED:
        notice.state = NoticeState.CANCELLED
        return replies.cancelled(0)
    back = sending.copy(turn, notice, replies.taken_back(notice.text), notice.areas, needs_ack=False)
    back.corrects_id, back.takes_back = notice.id, True
    told = sending.begin_retraction(turn, back, notice)
    sending.feed(turn, back)
    return replies.cancelled(told)


CHANGING = Form(
    "change_notice",
    Intent.BROADCAST_NOTICE,
    (
        Slot(
            "to",
            replies.ask_text,
            accept=_any_text,
            needed=lambda values: not values.get("when"),
            called=("内容",),
        ),
    ),
    replies.confirm_change,
    _change,
    words=("to",),
    context=_context,
    about=replies.about_change,
)
CANCELLING = Form(
    "cancel_notice",
    Intent.BROADCAST_NOTICE,
    (),
    replies.confirm_cancelling,
    _cancel,
    context=_context,
    about=replies.about_cancelling,
)
FORMS = (CHANGING, CANCELLING)
LISTENERS = (change,)
