"""What is taken for its own before its intent is asked: a reporter's answer, and a handler's question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import reporter, staff, waiting
from nlu.understanding import Intent
from nlu.waiting import asks_reporter
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

_SOUND_LIKE_A_QUESTION = frozenset({Intent.CHECK_CASE, Intent.ADD_TO_CASE})


def hear_answer(turn: Turn) -> Reply | None:
    """Take what somebody says whose case waits for their word for that word, unless it surely is something else."""
    case = waiting.answered(turn) if turn.text.strip() else None
    return reporter.add_to_case(turn) if case is not None and waiting.may_answer(turn, case) else None


def hear_question(turn: Turn) -> Reply | None:
    """Take 「问一下007的报告人在不在家」 of a staff member for an update: the bot asks the reporter."""
    is_staff = bool(turn.person.roles & STAFF)
    sounds = turn.understanding.intent in _SOUND_LIKE_A_QUESTION and not turn.message.in_group
    return staff.update_case(turn) if is_staff and sounds and asks_reporter(turn.text) else None
