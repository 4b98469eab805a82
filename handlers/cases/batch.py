"""One command for one case, for several, or for all: each in its own savepoint, and all only after a yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import meant
from handlers.cases.replies import staff as replies
from handlers.cases.replies.describing import named
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.turn import Choice, Reply
from nlu.staff_commands import Command, read_command, with_weak
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.forms import Values
    from handlers.turn import Turn
    from storage.cases import Case, CaseState

Do = Callable[["Turn", "Case", Command], Reply]

MOST_SHOWN = 12
"""Cases that are named one by one before a yes is asked for."""


class ToBeChosen(Exception):  # noqa: N818 - it is a question, not an error
    """Nothing is done before one of several is chosen: `options` are labels, each with the words that it says."""

    def __init__(self, question: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(question)
        self.question, self.options = question, tuple(options)

    def of(self, work: Work, cases: Iterable[Case]) -> Reply:
        """The question, with choices that say the command again for `cases`."""
        numbers = "、".join(case.number for case in cases)
        return Reply(
            self.question, tuple(Choice(label, work.intent, f"{numbers} {says}") for label, says in self.options)
        )


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is done with cases: its intent, what people call it, the states in which it is usual, and how."""

    intent: Intent
    verb: str
    usual: tuple[CaseState, ...]
    do: Do


def carry_out(turn: Turn, work: Work) -> Reply:
    """Do what the speaker commands with the case, or with each of the cases, that they mean."""
    command = read_command(turn.text)
    if command.everything and not command.numbers and turn.about is None:
        return _ask_about_all(turn, work)
    found = meant.for_work(turn, command, work.intent, work.usual)
    command = with_weak(command) if found.by_weak else command
    try:
        if len(found.cases) == 1 and not found.unclear:
            return _one(turn, work, command, found.cases[0]).followed_by(found.asks)
        return _each(turn, work, command, found.cases, found.unclear, found.asks)
    except ToBeChosen as choice:
        return choice.of(work, found.cases)


def _one(turn: Turn, work: Work, command: Command, case: Case) -> Reply:
    case = turn.work.cases.lock(case)
    # Behind the lock: before a question to the database, what was changed is written.
    turn.talk.remember(case=case.id)
    return work.do(turn, case, command)


def _each(
    turn: Turn, work: Work, command: Command, cases: Sequence[Case], unclear: Sequence[str], asks: Reply | None
) -> Reply:
    done, undone = [], list(unclear)
    for case in cases:
        try:
            with turn.work.attempt():
                _one(turn, work, command, case)
        except Refusal as refusal:
            undone.append(str(refusal))
        else:
            done.append(case)
    return replies.each(work.verb, done, undone, asks)


def _ask_about_all(turn: Turn, work: Work) -> Reply:
    offered = turn.work.cases.offered(turn.person)
    # What one has accepted is not returned in a heap.
    own = offered if read_command(turn.text).returns else [*offered, *turn.work.cases.assigned_to(turn.person)]
    cases = [case for case in dict.fromkeys(own) if case.state in work.usual]
    cases = meant.pointed_at_together(turn.text, cases) or meant.named_by_words(turn.text, cases) or cases
    if not cases:
        raise Refusal(replies.none_to_do())
    values = {
        "intent": work.intent,
        "text": turn.text,
        "cases": [case.id for case in cases],
        "named": [named(case) for case in cases[:MOST_SHOWN]],
    }
    return forms.begin(turn, ALL, values)


def _read_back(values: Values) -> Reply:
    return replies.confirm_all(
        _WORKS[values["intent"]].verb, values["named"], len(values["cases"]) - len(values["named"])
    )


def _do_all(turn: Turn, values: Values) -> Reply:
    work = _WORKS[values["intent"]]
    found = [turn.work.cases.reachable(turn.person, case_id) for case_id in values["cases"]]
    cases = [case for case in found if case is not None]
    try:
        return _each(turn, work, read_command(values["text"]), cases, [], None)
    except ToBeChosen as choice:
        return choice.of(work, cases)


ALL = Form("all_cases", Intent.AFFIRM, (), _read_back, _do_all)

_WORKS: dict[str, Work] = {}


def offer_for_all(work: Work) -> Work:
    """Let `work` be done with all cases at once, after a yes."""
    _WORKS[work.intent] = work
    return work
