"""What residents do about notices: read and find them, confirm them, and say which kinds they do not want."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.notices import reading_replies as replies
from handlers.notices import rules
from handlers.notices.settings import kind_called, kinds, settings
from nlu import notice_commands
from nlu.persons import find_persons
from nlu.times import find_times
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.turn import Reply, Turn
    from storage.notices import Notice

_ELSEWHERE = frozenset({Intent.REPORT_EMERGENCY, Intent.BROADCAST_NOTICE})


def find(turn: Turn) -> Reply:
    """The notices that a person may read: the last ones, or those of the words, kind and time that they say."""
    spans = [span for span in find_times(turn.text, turn.message.sent_at) if span.start or span.end]
    since = spans[0].start if spans else None
    until = _until(spans[0].start, spans[0].end, date_only=spans[0].date_only) if spans else None
    sought = notice_commands.words_sought(turn.text, tuple(span.text for span in spans))
    known = [kind for kind in kinds().values() if any(word in kind.called for word in sought)]
    wanted = [kind.slug for kind in known if kind.public]
    words = [word for word in sought if not any(word in kind.called for kind in known if kind.public)]
    store = turn.work.notices
    among = store.readable_by(turn.person, since, until, wanted, settings().searched)
    found = _best(among, words)
    if found:
        return replies.found(found[: settings().listed], len(found), asked=bool(words or wanted or spans))
    recent = store.readable_by(turn.person, None, None, (), settings().listed)
    if not recent:
        return replies.none_recent()
    return replies.none_such(recent) if words or wanted or spans else replies.found(recent, len(recent), asked=False)


def acknowledge(turn: Turn) -> Reply | None:
    """Note that the speaker has read the notice that they answer, or the last one that asks for it."""
    if notice_commands.is_not_received(turn.text):
        return None if turn.is_overheard else find(turn)
    waiting = list(turn.work.notices.unacknowledged(turn.person))
    number = _named(turn)
    meant = waiting[:1] if number is None else [each for each in waiting if each.notice_id == number]
    for recipient in meant:
        recipient.acknowledged_at = turn.now
        waiting.remove(recipient)
    if meant:
        return replies.acknowledged([each.notice for each in waiting], in_group=turn.message.in_group)
    if turn.message.in_group:
        return _by_name(turn)
    if waiting:
        return replies.does_not_wait([each.notice for each in waiting])
    return replies.nothing_to_acknowledge()


def hear(turn: Turn) -> Reply | None:
    """Kinds of notices that somebody does not want, or wants again, and 「收到」 to a notice that waits for it."""
    if turn.understanding.intent in _ELSEWHERE:
        return None
    unwanted, wanted = notice_commands.unwanted_kind(turn.text), notice_commands.wanted_kind(turn.text)
    kind = kind_called(unwanted or wanted or "")
    if kind is not None and not turn.message.in_group:
        if unwanted is None:
            turn.work.notice_optouts.opt_in(turn.person, kind.slug)
            return replies.opted_in(kind, subscribed=turn.person.subscribed)
        turn.work.notice_optouts.opt_out(turn.person, kind.slug, turn.now)
        return replies.opted_out(kind)
    is_answer = turn.message.reply_to is not None and notice_commands.is_acknowledgement(turn.text)
    if is_answer or _pressed(turn) is not None:
        waiting = turn.work.notices.unacknowledged(turn.person)
        number = _named(turn)
        return acknowledge(turn) if any(each.notice_id == number for each in waiting) else None
    return None


def _best(among: Sequence[Notice], words: list[str]) -> list[Notice]:
    if not words:
        return list(among)
    scored = [(rules.words_match(notice.text, words), notice) for notice in among]
    best = max((score for score, _ in scored), default=0)
    return [notice for score, notice in scored if score and 2 * score >= best]


def _until(start: datetime | None, end: datetime | None, *, date_only: bool) -> datetime | None:
    last = end or (start if date_only else None)
    return last + timedelta(days=1) if last is not None and date_only else None


def _named(turn: Turn) -> int | None:
    """The id of the notice whose message was answered or whose button was pressed, or None."""
    number = _pressed(turn)
    if number is None and turn.message.reply_to is not None:
        message = turn.work.messages.answered(turn.message.talk, turn.message.reply_to)
        number = replies.notice_of(message.key) if message is not None else None
    return number


def _pressed(turn: Turn) -> int | None:
    return replies.notice_pressed(turn.text)


def _by_name(turn: Turn) -> Reply | None:
    """「张建国收到」 in a group, from an account that nobody knows: the neighbour of that name is counted."""
    for person in find_persons(turn.text):
        community = turn.work.areas.community_of(turn.person.area)
        called = turn.work.people.called(person.text, community)
        if len(called) == 1 and not turn.person.name:
            waiting = turn.work.notices.unacknowledged(called[0])
            if waiting:
                waiting[0].acknowledged_at = turn.now
                return replies.counted()
    return None


LISTENERS = (hear,)
