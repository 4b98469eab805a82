"""What is taken for its own before its intent is asked: that there is something to report, an answer, a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import report, reporter, staff, telling, waiting
from nlu.understanding import EntityKind, Intent
from nlu.waiting import asks_reporter, asks_to_the_face, orders_pause
from storage.cases import CaseKind
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

_SOUND_LIKE_A_QUESTION = frozenset({Intent.CHECK_CASE, Intent.ADD_TO_CASE})


def hear_opening(turn: Turn) -> Reply | None:
    """Ask what happened of whoever only says that there is something to report, whatever intent that sounds like."""
    if turn.message.in_group or not telling.OPENING.fullmatch(turn.text.strip()):
        return None
    is_dispute = turn.understanding.intent is Intent.REPORT_DISPUTE
    return report.begin(turn, CaseKind.DISPUTE if is_dispute else CaseKind.INCIDENT)


def hear_first_report(turn: Turn) -> Reply | None:
    """Take for a report what sounds like more of one, where its speaker has reported nothing that it could add to."""
    if turn.message.in_group or turn.understanding.intent is not Intent.ADD_TO_CASE:
        return None
    kind = report.kind_of(turn.text)
    if kind is None or turn.work.cases.reported_by(turn.person):
        return None
    return report.begin(turn, kind)


def hear_answer(turn: Turn) -> Reply | None:
    """Take what somebody says whose case waits for their word for that word, unless it surely is something else."""
    in_private = turn.meant and not turn.message.in_group
    case = waiting.answered(turn) if in_private and turn.text.strip() else None
    return reporter.add_to_case(turn) if case is not None and waiting.may_answer(turn, case) else None


def hear_question(turn: Turn) -> Reply | None:
    """Take 「问一下007的报告人在不在家」, 「007您几点在家？」 and 「暂停007」 of a staff member for an update."""
    if turn.message.in_group or not turn.person.roles & STAFF:
        return None
    asks = turn.understanding.intent in _SOUND_LIKE_A_QUESTION and asks_reporter(turn.text)
    # 您 is the reporter of the case that is named, not the bot.
    to_the_face = "您" in turn.text and turn.value(EntityKind.CASE_NUMBER) and asks_to_the_face(turn.text)
    return staff.update_case(turn) if asks or to_the_face or orders_pause(turn.text) else None
