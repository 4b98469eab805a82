"""What is taken for its own before its intent is asked: that there is something to report, an answer, a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import meant, report, reporter, staff, telling, waiting
from nlu import fixed_words
from nlu.categories import category_of
from nlu.places import find_places
from nlu.understanding import EntityKind, Intent
from nlu.waiting import asks_reporter, asks_to_the_face, orders_pause
from storage.cases import UNFINISHED, CaseKind
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

_MAY_BE_A_REPORT = frozenset(
    {Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.OUT_OF_SCOPE, Intent.CHECK_CASE, Intent.ADD_TO_CASE}
)
_MAY_END_ONE = _MAY_BE_A_REPORT | forms.SMALL_TALK | {Intent.WITHDRAW_CASE, Intent.RATE_CASE, Intent.CLOSE_CASE}
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


def hear_pointing(turn: Turn) -> Reply | None:
    """Show the case at which 「漏水那个」 points, or ask which; nothing is done with it, and no report begins."""
    what = fixed_words.points_at(turn.text) if not turn.message.in_group else None
    if what is None or turn.understanding.intent is Intent.REPORT_EMERGENCY or (what and _was_asked(turn)):
        return None
    if turn.person.roles & STAFF and (reply := meant.pointed_at(turn, what)) is not None:
        return reply
    if turn.understanding.intent not in _MAY_BE_A_REPORT or turn.message.attachments:
        return None
    # 「上次那个」 of whoever reported nothing may be anything.
    names_a_case = category_of(what) is not None or bool(find_places(what))
    return reporter.check_case(turn) if names_a_case or turn.work.cases.reported_by(turn.person) else None


def _was_asked(turn: Turn) -> bool:
    """Whether the last message asked something, which these words may answer."""
    last = turn.work.messages.last_to(turn.talk.key, turn.person.id)
    return last is not None and any(not choice.get("beside") for choice in last.choices)


def hear_no_need(turn: Turn) -> Reply | None:
    """Ask whoever says of their unfinished report that nobody needs to come whether it is to be taken back."""
    if turn.message.in_group or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    if turn.value(EntityKind.CASE_NUMBER) is not None and turn.understanding.intent is Intent.WITHDRAW_CASE:
        return None
    surely_else = turn.understanding.confidence >= meant.SURE_OF_WORK and turn.understanding.intent not in _MAY_END_ONE
    if surely_else or not fixed_words.needs_no_help(turn.text) or turn.work.cases.assigned_to(turn.person):
        return None
    own = [case for case in turn.work.cases.reported_by(turn.person) if case.state in UNFINISHED]
    return reporter.withdraw_case(turn) if own else None


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
