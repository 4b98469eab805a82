"""What staff say that no intent names: answers to messages about cases, slips taken back, 「下一页」, 「007咋样了」."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import meant, reporting_for, rules, staff, tasks, transfer
from handlers.cases.replies import staff as replies
from handlers.turn import Reply
from nlu.household_codes import read_household
from nlu.staff_commands import read_command
from nlu.understanding import Intent
from storage.case_tasks import URGED
from storage.cases import UNFINISHED
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Turn
    from nlu.staff_commands import Command
    from storage.cases import Case

WORK = frozenset({Intent.ACCEPT_CASE, Intent.UPDATE_CASE, Intent.CLOSE_CASE, Intent.TRANSFER_CASE, Intent.MY_TASKS})
_WHETHER = re.compile("是不是|要不要|该不该|需不需要")
_ASKS = frozenset({Intent.CHECK_CASE, Intent.OUT_OF_SCOPE, Intent.HELP, Intent.VIEW_STATISTICS})
_REPORTS = frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT})


def hear_report(turn: Turn) -> Reply | None:
    """The answer to a report that somebody who works on cases makes for another person, in private; or None."""
    works = turn.person.roles & STAFF and not turn.message.in_group
    is_alarm = turn.understanding.intent is Intent.REPORT_EMERGENCY
    return reporting_for.hear(turn) if works and not is_alarm and turn.text.strip() else None


def hear_staff(turn: Turn) -> Reply | None:
    """The answer to what somebody who works on cases says of them in private; None where it is for its intent."""
    if turn.message.in_group or not turn.person.roles & STAFF or read_household(turn.text) is not None:
        return None
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return _of_alarm(turn)
    if not turn.text.strip():
        return _attached(turn)
    command = read_command(turn.text)
    if "催" in turn.text and command.urge and not command.numbers and (urged := tasks.urge(turn)) is not None:
        return urged
    asks_list = turn.understanding.intent is Intent.VIEW_STATISTICS and tasks.asks_list(turn.text)
    if (
        asks_list
        or tasks.goes_on(turn)
        or tasks.is_grid(turn.text)
        or tasks.is_filter(turn.text)
        or (_listed_last(turn) and tasks.narrows(turn.text))
    ):
        return tasks.my_tasks(turn)
    if command.everything and command.returns and turn.work.cases.offered(turn.person):
        return _act(turn, Intent.TRANSFER_CASE, transfer.transfer_case)
    case = _meant(turn, command)
    return _of_case(turn, command, case) if case is not None else _asked_about(turn)


def _asked_about(turn: Turn) -> Reply | None:
    """The case of their work for which somebody asks by its words, who has reported none themselves."""
    if turn.understanding.intent is not Intent.CHECK_CASE or turn.work.cases.reported_by(turn.person):
        return None
    named = meant.named_by_words(turn.text, turn.work.cases.assigned_to(turn.person))
    return meant.pointed_at(turn, turn.text) if named else None


def _listed_last(turn: Turn) -> bool:
    about = turn.talk.topic.get("about")
    return about is not None and about["intent"] == Intent.MY_TASKS


def _meant(turn: Turn, command: Command) -> Case | None:
    """The one case that is surely meant: by its number, by the message that is answered, or as the one last spoken of.

    One that the speaker reported themselves is meant as its reporter's where they do not work on it.
    """
    found: list[Case | None] = []
    if command.numbers:
        found = [*meant.called(turn, command.numbers[0])]
    elif turn.about is not None:
        found = [turn.work.cases.reachable(turn.person, turn.about)]
    elif _may_be_pointed(turn, command) and (pointed := meant.pointed_own(turn)):
        found = [pointed]
    elif turn.message.attachments and _may_be_work(turn):
        found = [meant.last_spoken_of(turn)]
    elif turn.understanding.intent not in WORK and (command.finished or command.returns or command.decline):
        found = [meant.at_hand(turn)] if _may_be_work(turn) else []
    cases = [case for case in found if case is not None]
    case = next((case for case in cases if meant.by_whom(turn, case)), None) or next(iter(cases), None)
    if case is None or (case.concerns(turn.person) and not meant.by_whom(turn, case)):
        return None
    return case


def _may_be_pointed(turn: Turn, command: Command) -> bool:
    """Whether 「垃圾那个我去过了」 may tell of the case at which it points; an intent of work reads that itself."""
    return _may_be_work(turn) and (command.visited or turn.understanding.intent not in WORK)


def _may_be_work(turn: Turn) -> bool:
    """Whether 「搞定了」 may be said of a case: nothing else is surely meant by it."""
    intent, confidence = turn.understanding.intent, turn.understanding.confidence
    return confidence < meant.SURE_OF_WORK or intent in forms.SMALL_TALK | {Intent.RATE_CASE, Intent.WITHDRAW_CASE}


def _of_case(turn: Turn, command: Command, case: Case) -> Reply | None:
    """What is said of a case that is meant, where the intent that was heard does not say so already."""
    intent = turn.understanding.intent
    handles = turn.person.id in (case.assignee_id, case.offered_to_id)
    if command.urge and (
        intent in _ASKS or (not handles and intent not in WORK - {Intent.MY_TASKS, Intent.UPDATE_CASE})
    ):
        named = [meant.called(turn, number)[:1] for number in command.numbers[1:]]
        others = [other for found in named for other in found if other.id != case.id]
        return reduce(Reply.followed_by, (_urge(turn, each) for each in (case, *others)))
    if command.asks and (intent not in WORK - {Intent.MY_TASKS} or _asks_whether_done(turn, command)):
        return replies.as_it_stands(case, turn.now)
    if intent in WORK and turn.understanding.confidence >= meant.SURE_OF_WORK:
        return None
    if command.keep:
        return staff.keep_open(turn, command)
    if command.decline:
        return staff.decline(turn, command)
    acts = (
        (command.returns or command.transfer, Intent.TRANSFER_CASE, transfer.transfer_case),
        (command.accept, Intent.ACCEPT_CASE, staff.accept_case),
        (command.resolve or command.finished, Intent.CLOSE_CASE, staff.close_case),
    )
    for is_said, meant_intent, action in acts:
        if is_said:
            return _act(turn, meant_intent, action)
    is_reply = turn.about is not None and not command.numbers
    works = case.assignee_id == turn.person.id and case.state in UNFINISHED
    is_reply = is_reply or (meant.pointed_own(turn) == case and not command.numbers)
    tells = is_reply or bool(turn.message.attachments) or intent is Intent.ADD_TO_CASE
    if command.words and works and tells and intent not in _REPORTS:
        return _act(turn, Intent.UPDATE_CASE, staff.update_case)
    if intent in WORK:
        return None
    if not command.words:
        return replies.as_it_stands(case, turn.now)
    return replies.as_it_stands(case, turn.now) if intent is Intent.CHECK_CASE else None


def _act(turn: Turn, intent: Intent, action: object) -> Reply | None:
    turn.understanding = replace(turn.understanding, intent=intent, confidence=1.0)
    return action(turn)  # type: ignore[operator, no-any-return]


def _asks_whether_done(turn: Turn, command: Command) -> bool:
    """「007修好没有」 asks and resolves nothing, 「007是不是要转交警」 passes nothing on."""
    if _WHETHER.search(turn.text):
        return True
    return (
        command.done and not command.resolve and turn.text.rstrip(" ？?").endswith(("没有", "没得", "没", "吗", "不"))
    )


def _urge(turn: Turn, case: Case) -> Reply:
    handler = case.offered_to or case.assignee
    if handler is None or handler.id == turn.person.id or case.state not in UNFINISHED:
        in_hands = case.state in UNFINISHED and handler is not None
        return replies.in_your_hands(case) if in_hands else replies.as_it_stands(case, turn.now)
    case.note(turn.by, URGED)
    turn.tell(handler, replies.urged(case, turn.person))
    return replies.passed_on(case, handler)


def _of_alarm(turn: Turn) -> Reply | None:
    """What somebody who went there answers to the alarm (「火灭了」); that there is danger is an alarm of its own."""
    danger = turn.understanding.danger
    case = turn.work.cases.reachable(turn.person, turn.about) if turn.about is not None else None
    if case is None or case.assignee_id != turn.person.id or (danger is not None and danger.present):
        return None
    return _act(turn, Intent.UPDATE_CASE, staff.update_case) if case.state in rules.AT_WORK else None


def _attached(turn: Turn) -> Reply | None:
    """A photo or a place without words is of the case that is answered, or was spoken of last, if one works on it."""
    answered = turn.work.cases.reachable(turn.person, turn.about) if turn.about is not None else None
    case = answered or meant.last_spoken_of(turn)
    if case is None or case.assignee_id != turn.person.id or case.state not in UNFINISHED:
        return None
    if case.concerns(turn.person) or not turn.message.attachments:
        return None
    return staff.add_photos(turn, turn.work.cases.lock(case))
