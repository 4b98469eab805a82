"""Waiting for the reporter: its clock stands while a handler cannot go on without a word from them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import clocks, finding
from handlers.cases.replies import clocks as replies
from handlers.cases.replies import reporter as reporter_replies
from nlu.understanding import EntityKind, Intent
from nlu.waiting import asks_reporter, asks_to_the_face, is_short_answer, question_in, says_waiting
from storage.cases import CaseKind, CaseState

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply, Turn
    from storage.cases import Case

WAIT, GO_ON = "wait", "go_on"
"""What the history of a case calls them."""

SURELY_SOMETHING_ELSE = 0.8
"""From this confidence on, what the reporter says while they are asked is no answer."""

JUST_ASKED = timedelta(minutes=30)
"""What is said first and so soon answers, though it sounds like something else: a report without a place of its own."""

_ASKS = re.compile(r"[?？]|[吗么咋]|多少|哪|什么|啥|几[点号天个]")
"""Asks the bot something; 几点来都可以 answers."""

_MAY_ANSWER = frozenset({Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE})
_ANSWERS_NOTHING = frozenset(
    {
        Intent.GREET,
        Intent.GOODBYE,
        Intent.THANKS,
        Intent.HELP,
        Intent.CANCEL,
        Intent.ASK_POLICY,
        Intent.ASK_DEPARTMENT,
        Intent.REPORT_EMERGENCY,
        Intent.CHECK_CASE,
        Intent.WITHDRAW_CASE,
        Intent.CHECK_POINTS,
        Intent.ACKNOWLEDGE_NOTICE,
        Intent.DELETE_MY_DATA,
        Intent.MY_TASKS,
    }
)


def hear_handler(turn: Turn, case: Case, note: str) -> bool:
    """Stop the clock of `case` where its handler's `note` says that they wait for its reporter, and ask the reporter.

    Any other word of the handler lets it run again. True where it stands now. An emergency waits for nobody.
    """
    asks = asks_reporter(turn.text)
    waits = asks or says_waiting(turn.text) or asks_to_the_face(note)
    if not waits or case.kind is CaseKind.EMERGENCY or case.reporter is None:
        _go_on(turn, case)
        return False
    if case.waiting_since is None:
        clocks.stop(case, turn.now)
        case.note(turn.by, WAIT)
    turn.tell(case.reporter, replies.answer_us(case, question_in(finding.without_number(turn)) if asks else note))
    turn.tell_all([each.person for each in case.followers], reporter_replies.your_case_moves(case, note))
    return True


def told(case: Case) -> Reply:
    """What the handler hears whose case waits now."""
    return replies.waits(case)


def hear_reporter(turn: Turn, case: Case) -> None:
    """Let the clock run again, now that the reporter has said something; the handler hears by when it is due."""
    if case.reporter_id == turn.person.id and _go_on(turn, case):
        turn.tell(case.assignee, replies.they_answered(case))


def hear_question(turn: Turn, case: Case) -> None:
    """Tell the handler who waits for a reporter that they are there, and ask how it stands."""
    if case.waiting_since is not None and case.reporter_id == turn.person.id:
        turn.tell(case.assignee, replies.they_are_there(case, turn.text))


def answered(turn: Turn) -> Case | None:
    """The case whose handler waits for the speaker and that their words may be an answer to, locked; or None.

    Of several, the one of which they were asked last; a number says which.
    """
    number = turn.value(EntityKind.CASE_NUMBER)
    waiting = turn.work.clocks.waiting_for(turn.person)
    meant = [case for case in waiting if number is None or case.is_called(str(number))]
    return turn.work.cases.lock(meant[0]) if meant else None


def may_answer(turn: Turn, case: Case) -> bool:
    """Whether the words of a person who is asked about `case` may be an answer, and are not surely another wish."""
    intent, confidence = turn.understanding.intent, turn.understanding.confidence
    if not turn.meant or turn.message.in_group:
        return False
    if intent is Intent.RATE_CASE:
        # 还没解决啊: of what was resolved, where there is any; else of what they are asked about.
        return all(each.state is not CaseState.RESOLVED for each in turn.work.cases.reported_by(turn.person))
    if intent is Intent.ADD_TO_CASE or is_short_answer(turn.text):
        return True
    if _ASKS.search(turn.text) and "都" not in turn.text:
        return False
    if intent in _MAY_ANSWER:
        return True
    if intent in _ANSWERS_NOTHING:
        # 周六 alone is heard as a farewell; to a question it is an answer.
        return intent in forms.SMALL_TALK and turn.value(EntityKind.TIME) is not None
    reports = intent in (Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT)
    if _is_said_first(turn, case):
        return not reports or turn.value(EntityKind.PLACE) is None
    return not reports and confidence < SURELY_SOMETHING_ELSE


def _is_said_first(turn: Turn, case: Case) -> bool:
    """Whether the speaker has said nothing in this talk since they were asked a short while ago."""
    asked = max(event.at for event in case.history if event.action in (WAIT, "update"))
    is_new = turn.talk.updated_at == turn.now
    return (is_new or turn.talk.updated_at <= asked) and turn.now - asked <= JUST_ASKED


def wait_no_longer(desk: Desk, case: Case) -> None:
    """Let the clock run again: the reporter was given time enough. Both are told."""
    _go_on(desk, case)
    desk.tell(case.assignee, replies.waited_long_enough(case))
    desk.tell(case.reporter, replies.we_go_on_without_you(case))


def _go_on(desk: Desk, case: Case) -> bool:
    if case.waiting_since is None:
        return False
    clocks.go_on(case, case.waiting_since, desk.now)
    case.note(desk.by, GO_ON)
    return True
