"""Ballots: begun by an admin in one sentence, read back and confirmed, opened and closed in time, and announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from handlers import areas, forms, households
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.meetings import naming, vote_replies
from handlers.meetings.settings import is_awake
from nlu import answers, meeting_words
from nlu import votes as words
from nlu.places import grid_of
from nlu.understanding import Intent
from storage.meetings import MeetingState
from storage.messages import Priority
from storage.people import ADMINS
from storage.votes import Ballot, VotesBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.areas import Area
    from storage.people import Person

LONGEST_QUESTION = 300
SHORTEST_QUESTION = 4
REMIND_BEFORE = timedelta(hours=24)
SHORTEST_TO_REMIND = timedelta(hours=36)
BACK = timedelta(days=30)
"""How long after a meeting it may still be voted on."""


def begin(turn: Turn) -> Reply | None:
    """Begin a vote out of one sentence; None for words that begin none."""
    rest = words.begins(turn.text)
    if rest is None or len(rest) < SHORTEST_QUESTION or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    if not turn.person.roles & ADMINS:
        if any(words.choice_in(rest, ballot.options) is not None for ballot in _open(turn)):
            return None
        raise Refusal(vote_replies.only_admins_begin())
    if turn.message.in_group:
        return None
    values: Values = {"text": rest, "per": "person", "secret": False, "options": words.default_options()}
    meetings = turn.work.meetings.managed(turn.person, ADMINS, turn.now - BACK)
    number = meeting_words.number_in(turn.text)
    spoken = (
        [each for each in meetings if each.id == number] if number is not None else naming.spoken_of(turn, meetings)
    )
    if spoken:
        values |= {"meeting": spoken[0].id, "meeting_title": spoken[0].title}
    found = {
        "per": words.per_in(rest),
        "secret": words.secrecy_in(rest),
        "options": words.options_in(rest, turn.message.sent_at),
    }
    return forms.begin(turn, BALLOT, {**values, **{name: value for name, value in found.items() if value is not None}})


def _open(turn: Turn) -> Sequence[Ballot]:
    return turn.work.votes.open_to(turn.person, turn.now)


def _text(said: Said) -> str:
    return words.begins(said.text) or said.text


def _question(said: Said) -> str | None:
    return words.question_in(_text(said), said.now) if words.begins(said.text) else None


def _any_question(said: Said) -> str | None:
    text = said.text.strip()
    return text[:LONGEST_QUESTION] if text and answers.read_yes_no(text) is None else None


def _options(said: Said) -> list[str] | None:
    return words.options_in(_text(said), said.now)


def _per(said: Said) -> str | None:
    return words.per_in(_text(said))


def _secret(said: Said) -> bool | None:
    return words.secrecy_in(_text(said))


def _quorum(said: Said) -> dict[str, Any] | None:
    found = words.quorum_in(_text(said))
    return {"per_cent": found.per_cent, "count": found.count, "more": found.more} if found else None


def _closes(said: Said) -> str | None:
    moment = words.closes_in(_text(said), said.now)
    if moment is None and not words.begins(said.text) and not words.opens_in(said.text, said.now):
        moment = words.time_in(said.text, said.now)
    return moment.isoformat() if moment else None


def _any_time(said: Said) -> str | None:
    moment = words.time_in(said.text, said.now)
    return moment.isoformat() if moment else None


def _opens(said: Said) -> str | None:
    moment = words.opens_in(_text(said), said.now)
    return moment.isoformat() if moment else None


def _grid(said: Said) -> str | None:
    return grid_of(said.text)


def _area(turn: Turn, values: Values) -> Area:
    meeting = turn.work.meetings.managed(turn.person, ADMINS, turn.now - BACK) if values.get("meeting") else ()
    own = next((each.area for each in meeting if each.id == values["meeting"]), None)
    if own is not None and not values.get("grid"):
        return own
    return areas.audience(turn, ADMINS, values.get("grid"), vote_replies.not_your_area())


def _electorate(turn: Turn, area: Area, per: str) -> int:
    people = households.confirmed(turn.work.people.living_in(area))
    return households.count(people) if per == VotesBy.HOUSEHOLD else len(people)


def _context(turn: Turn, values: Values) -> None:
    area = _area(turn, values)
    values["audience"] = f"{area.name}的居民"
    values["electorate"] = _electorate(turn, area, values["per"])
    quorum = values.get("quorum")
    values["needed"] = words.Quorum(**quorum).needed(values["electorate"]) if quorum else None
    if values.get("closes") and not _is_ahead(turn, values):
        values["closes"] = None
        raise Refusal(vote_replies.ends_too_soon())


def _is_ahead(turn: Turn, values: Values) -> bool:
    closes = datetime.fromisoformat(values["closes"])
    opens = datetime.fromisoformat(values["opens"]) if values.get("opens") else turn.now
    return closes > max(opens, turn.now)


def _begin(turn: Turn, values: Values) -> Reply:
    if not _is_ahead(turn, values):
        raise Refusal(vote_replies.ends_too_soon(), final=True)
    area = _area(turn, values)
    opens = datetime.fromisoformat(values["opens"]) if values.get("opens") else turn.now
    ballot = turn.work.votes.add(
        Ballot(
            meeting_id=values.get("meeting"),
            area_id=area.id,
            area=area,
            begun_by_id=turn.person.id,
            question=values["question"][:LONGEST_QUESTION],
            options=values["options"],
            per=VotesBy(values["per"]),
            secret=values["secret"],
            opens_at=max(opens, turn.now),
            closes_at=datetime.fromisoformat(values["closes"]),
            quorum=values.get("needed"),
            electorate=values["electorate"],
        )
    )
    told = _open_now(turn, ballot) if ballot.opens_at <= turn.now else 0
    return vote_replies.begun(ballot, told)


def attend_to(desk: Desk) -> None:
    """Open what is to open, remind those who have not voted a day before the end, close and announce what is over."""
    awake = is_awake(desk.now)
    for ballot in desk.work.votes.due(desk.now):
        if ballot.opened_at is None and ballot.opens_at <= desk.now < ballot.closes_at:
            _open_now(desk, ballot)
        if ballot.closes_at <= desk.now:
            close(desk, ballot)
        elif awake and ballot.reminded_at is None and ballot.closes_at - desk.now <= REMIND_BEFORE:
            _remind(desk, ballot)


def close(desk: Desk, ballot: Ballot) -> None:
    """Close a ballot and tell everybody whom it concerns what came of it."""
    desk.work.votes.close(ballot, desk.now)
    followers = []
    if ballot.meeting is not None and ballot.meeting.state is not MeetingState.CANCELLED:
        topics = desk.work.topics.of_meeting(ballot.meeting)
        followers = [person for topic in topics for person in topic.followers if person is not None]
    voters = [desk.work.people.get(person_id) for person_id in desk.work.votes.voters(ballot)]
    begun_by = [desk.work.people.get(ballot.begun_by_id)] if ballot.begun_by_id is not None else []
    people = [*audience(desk, ballot), *voters, *followers, *begun_by]
    tell(desk, ballot, "result", people, vote_replies.result(ballot))


def _open_now(desk: Desk, ballot: Ballot) -> int:
    ballot.opened_at = desk.now
    return tell(desk, ballot, "open", audience(desk, ballot), vote_replies.paper(ballot))


def _remind(desk: Desk, ballot: Ballot) -> None:
    ballot.reminded_at = desk.now
    if ballot.opened_at is None or ballot.closes_at - ballot.opens_at < SHORTEST_TO_REMIND:
        return
    votes = desk.work.votes
    may = households.confirmed(audience(desk, ballot))
    voted, homes = set(votes.voters(ballot)), votes.homes(ballot)
    people = [each for each in may if each.id not in voted and not households.is_of(desk.work, each, homes)]
    tell(desk, ballot, "reminder", people, vote_replies.reminder(ballot))


def audience(desk: Desk, ballot: Ballot) -> list[Person]:
    """Those who live where it is voted and want notices; who is not confirmed yet may still be before it ends."""
    return [person for person in desk.work.people.living_in(ballot.area) if person.subscribed]


def tell(desk: Desk, ballot: Ballot, step: str, people: Iterable[Person], reply: Reply) -> int:
    """Tell people of a step of a ballot, under keys by which what is not sent yet can be taken back; how many."""
    keyed = replace(desk, key=f"ballot:{ballot.id}:{step}", numbers=count(1))
    return keyed.tell_all(people, reply, Priority.NOTICE)


BALLOT = Form(
    name="begin_vote",
    intent=Intent.VOTE,
    slots=(
        Slot(
            "question",
            vote_replies.ask_question,
            accept=_any_question,
            find=_question,
            greedy=True,
            called=("题目", "问题"),
        ),
        Slot("options", vote_replies.ask_nothing, find=_options, called=("选项",)),
        Slot("per", vote_replies.ask_nothing, find=_per),
        Slot("secret", vote_replies.ask_nothing, find=_secret),
        Slot("quorum", vote_replies.ask_nothing, find=_quorum, needed=lambda _values: False),
        Slot("opens", vote_replies.ask_nothing, find=_opens, needed=lambda _values: False),
        Slot(
            "closes",
            vote_replies.ask_until,
            read=_any_time,
            find=_closes,
            called=("截止", "时间"),
        ),
        Slot("grid", vote_replies.ask_nothing, find=_grid, needed=lambda _values: False),
    ),
    read_back=vote_replies.read_back,
    about=vote_replies.about_ballot,
    finish=_begin,
    owns=frozenset(
        {Intent.SCHEDULE_MEETING, Intent.PROPOSE_TOPIC, Intent.GIVE_OPINION, Intent.BROADCAST_NOTICE, Intent.RATE_CASE}
    ),
    words=("question",),
    context=_context,
)
