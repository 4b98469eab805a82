"""What becomes of a notice: how far it is, who has not confirmed it, reminding them, and call lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.notices import following_replies as replies
from handlers.notices import rules, sending
from handlers.notices.audience import AUTHORS
from handlers.notices.settings import settings
from handlers.routes import Duty
from nlu.notice_commands import Act, Command, grids_in, read_command
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.messages import Priority
from storage.notice_sending import Body
from storage.notices import Notice, NoticeState, RecipientState
from storage.people import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from handlers.turn import Desk, Reply, Turn

SPOKEN_OF_WITHIN = timedelta(minutes=30)
"""How long words that name no notice are about the one that was spoken of last."""

_BEGUN = (NoticeState.SENDING, NoticeState.SENT)


def follow(turn: Turn) -> Reply | None:
    """What staff ask of a notice that was given out, or want those reminded who have not confirmed; or None."""
    command = command_in(turn)
    if command is None or command.act not in (Act.PROGRESS, Act.UNREAD, Act.REMIND):
        return None
    if turn.message.in_group:
        return None if turn.is_overheard and command.act is Act.PROGRESS else replies.in_private()
    asks = command.act is not Act.PROGRESS
    begun = [each for each in managed(turn) if each.state in _BEGUN and (each.needs_ack or not asks)]
    notice = meant(turn, command.which, begun)
    if notice is None and command.act is Act.UNREAD:
        return _unread_of_theirs(turn, command)
    if notice is None:
        is_named = not command.which or "通知" in turn.text or "公告" in turn.text
        return replies.no_such_notice() if is_named else None
    note(turn, notice)
    match command.act:
        case Act.PROGRESS:
            return progress(turn, notice)
        case Act.UNREAD:
            return unread(turn, notice, _grids_said(turn, command.which))
        case _:
            return remind(turn, notice)


def progress(turn: Turn, notice: Notice) -> Reply:
    """How far a notice is, by state and grid, with the reasons of whatever failed."""
    store = turn.work.notice_sending
    figures = store.figures(notice, turn.now, held=sending.is_held(notice, turn.now))
    return replies.progress(notice, figures, _grid_names(turn, figures), store.reasons(notice))


def unread(turn: Turn, notice: Notice, within: Collection[int] | None = None) -> Reply:
    """Who has not confirmed a notice, by grid and by name; with `within` only in those grids."""
    store = turn.work.notice_sending
    figures = store.figures(notice, turn.now)
    open_in = {
        grid_id: sum(count for state, count in states.items() if state is not RecipientState.ACKNOWLEDGED)
        for grid_id, states in figures.items()
        if within is None or grid_id in within
    }
    names: dict[int | None, list[str]] = {}
    left = settings().most_named
    for grid_id, count in sorted(open_in.items(), key=lambda each: -each[1]):
        people, _ = store.unread(notice, grid_id, left) if count and left else ([], 0)
        names[grid_id] = [replies.named(person) for person in people]
        left -= len(people)
    return replies.unread(notice, open_in, names, _grid_names(turn, figures), may_remind=within is None)


def remind(turn: Turn, notice: Notice) -> Reply:
    """Remind those who have the notice and have not confirmed it, once each time this is said."""
    reminder = replies.reminder(notice)
    body = Body({None: reminder.text}, [choice.row for choice in reminder.choices], sending.priority(notice))
    return replies.reminded(notice, turn.work.notice_sending.remind(notice, body, turn.now))


def call_lists(desk: Desk) -> None:
    """Hand each grid member, once a notice, those of their grid who have not confirmed it."""
    first, last = settings().call_list_between
    if not first <= desk.now.astimezone(SHANGHAI).hour < last:
        return
    store = desk.work.notice_sending
    for notice in desk.work.notices.to_call_about(desk.now - settings().call_list_after):
        notice.called_at = desk.now
        for grid_id in store.figures(notice, desk.now):
            people, count = store.unread(notice, grid_id, settings().most_called)
            if not count or grid_id is None:
                continue
            grid = desk.work.areas.get(grid_id)
            members = desk.work.people.holding({Role.GRID_MEMBER}, grid)
            desk.tell_all(members, replies.call_list(notice, grid, people, count), Priority.NOTICE)


def command_in(turn: Turn) -> Command | None:
    """What staff say of a notice that was given out; None for everybody and everything else."""
    is_theirs = bool(turn.person.roles & AUTHORS)
    return read_command(turn.text) if is_theirs and turn.understanding.intent is not Intent.REPORT_EMERGENCY else None


def managed(turn: Turn) -> Sequence[Notice]:
    """The notices that the speaker answers for, but those that were taken back, and what took them back."""
    every = turn.work.notices.managed(turn.person, AUTHORS)
    return [notice for notice in every if notice.state is not NoticeState.CANCELLED and not notice.takes_back]


def meant(turn: Turn, which: str, notices: Sequence[Notice]) -> Notice | None:
    """The one of `notices` whose words are said, or that was spoken of, or the last one."""
    words = replies.telling(which)
    if words:
        best = max(notices, key=lambda notice: rules.words_match(notice.text, words), default=None)
        return best if best is not None and rules.words_match(best.text, words) else None
    last = turn.talk.topic.get("notice")
    recent = last is not None and turn.now - datetime.fromisoformat(last["at"]) <= SPOKEN_OF_WITHIN
    spoken_of = [notice for notice in notices if recent and last is not None and notice.id == last["id"]]
    own = [notice for notice in notices if notice.author_id == turn.person.id]
    return next(iter([*spoken_of, *own, *notices]), None)


def note(turn: Turn, notice: Notice) -> None:
    """Remember that the talk is about this notice."""
    turn.talk.remember(notice={"id": notice.id, "at": turn.now.isoformat()})


def _unread_of_theirs(turn: Turn, command: Command) -> Reply:
    """Who has not confirmed a notice of others in the grids that the speaker answers for."""
    notice = meant(turn, command.which, turn.work.notices.reaching(turn.person, AUTHORS))
    if notice is None:
        return replies.no_such_notice()
    note(turn, notice)
    seats = [grant.area for grant in turn.person.grants if grant.role in AUTHORS]
    return unread(turn, notice, {grid.id for seat in seats for grid in turn.work.areas.grids(seat)})


def _grids_said(turn: Turn, which: str) -> set[int] | None:
    """The grids of which it is asked (「1网格有哪些人没收到」), or None for all."""
    community = turn.work.areas.community_of(turn.person.area)
    found = [turn.work.areas.grid(community, code) for code in grids_in(which)]
    return {grid.id for grid in found if grid is not None} or None


def _grid_names(turn: Turn, figures: dict[int | None, dict[RecipientState, int]]) -> dict[int | None, str]:
    names: dict[int | None, str] = {None: replies.OUTSIDE}
    shown = sorted(figures, key=lambda grid_id: -sum(figures[grid_id].values()))[: settings().most_grids]
    return names | {grid_id: turn.work.areas.get(grid_id).name for grid_id in shown if grid_id is not None}


LISTENERS = (follow,)
DUTIES = (Duty("notices.call_lists", 600, call_lists, over=Notice),)
