"""The way of a message from stored to committed, in process on SQLite, beside a bare commit on the same disk."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy import func, select

from bot.schema import open_at_head
from storage.cases import Case
from storage.database import Database
from storage.people import Role
from storage.volunteers import Activity, Participation, ParticipationState
from tests.bench.figures import Figure, figure_of
from tests.bench.understanding import questions
from tests.town import PEOPLE, Town

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.parser import Parser
    from nlu.policy.library import PolicyLibrary

TALKS = Path(__file__).with_name("talks.yml")
ROUNDS = 60
"""In each there are one question, one whole report and one check-in, so that all meet the database as it grows."""

MESSAGE_MS = 30.0
MOST_TURNS = 8
RESIDENTS = tuple(name for name, (_, _, roles) in PEOPLE.items() if not roles)


@dataclass(slots=True)
class _Measured:
    """Milliseconds of every message of a kind, and of the bare commits between them."""

    receipts: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    check_ins: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def measure(folder: Path, parser: Parser, library: PolicyLibrary, advance: Callable[[], None]) -> list[Figure]:
    """Speak as the people of the town; the database is written to `folder`, which must be on a disk."""
    database = open_at_head(f"sqlite:///{folder / 'messages.db'}")
    beside = Database(f"sqlite:///{folder / 'bare.db'}")
    try:
        measured = _Bench(Town(database, parser, library), beside).run(advance)
    finally:
        database.close()
        beside.close()
    return _figures(measured)


def _figures(measured: _Measured) -> list[Figure]:
    bare = median(measured.bare)
    every = [*measured.questions, *measured.reports, *measured.check_ins]
    kinds = {
        "a message, stored to committed": every,
        "  a question on the policy": measured.questions,
        "  a turn of a case report": measured.reports,
        "  a check-in": measured.check_ins,
    }
    return [
        *(figure_of(name, values, "ms", target=MESSAGE_MS, bare=bare) for name, values in kinds.items()),
        figure_of("a message, until it is stored and acknowledged", measured.receipts, "ms", bare=bare),
        figure_of("bare insert-and-commit of two rows", measured.bare, "ms"),
    ]


class _Bench:
    """People of the town, who say what talks.yml tells."""

    def __init__(self, town: Town, beside: Database) -> None:
        self._town = town
        self._bare = _BareCommits(beside)
        self._talks: dict[str, Any] = yaml.safe_load(TALKS.read_text(encoding="utf-8"))
        self._measured = _Measured()

    def run(self, advance: Callable[[], None]) -> _Measured:
        """Let them speak; raises RuntimeError when the bot did not do what they asked for."""
        volunteers, code = self._call_volunteers()
        asked = questions()
        for number in range(ROUNDS):
            resident = RESIDENTS[number % len(RESIDENTS)]
            self._say(resident, asked[number * len(asked) // ROUNDS][-1], self._measured.questions)
            self._report(resident, number)
            self._say(volunteers[number], f"签到 {code}", self._measured.check_ins)
            advance()
        self._check()
        return self._measured

    def _say(self, who: str, text: str, times: list[float]) -> str:
        """Say something, note the time that it took, and the time of a bare commit right after it."""
        town = self._town
        town.now += timedelta(seconds=20)
        message = town.message(who, text)
        began = time.perf_counter()
        town.inbox.receive(message)
        stored = time.perf_counter()
        town.router.work_off(message.talk)
        committed = time.perf_counter()
        self._measured.receipts.append((stored - began) * 1e3)
        times.append((committed - stored) * 1e3)
        self._measured.bare.append(self._bare.commit(text))
        town.deliver()
        return town.heard(who)

    def _report(self, who: str, number: int) -> None:
        """Report a dispute at a place of its own and answer whatever is asked until the case has its number."""
        complaints, answers = self._talks["complaints"], self._talks["answers"]
        heard = self._say(who, complaints[number % len(complaints)], self._measured.reports)
        for _ in range(MOST_TURNS):
            if self._talks["receipt"] in heard:
                return
            answer = next((said for asked, said in answers.items() if asked in heard), None)
            if answer is None:
                break
            heard = self._say(who, answer.format(building=number + 1), self._measured.reports)
        raise RuntimeError(f"a report came to no end; the last answer was: {heard}")

    def _call_volunteers(self) -> tuple[list[str], str]:
        """One activity under way, and as many who signed up for it as there are rounds; their names and its code."""
        town, plan = self._town, self._talks["activity"]
        names = [f"志愿者{number}" for number in range(1, ROUNDS + 1)]
        with town.work() as work:
            community = work.areas.communities()[0]
            start, end = town.now, town.now + timedelta(days=1)
            activity = Activity(**plan, area=community, start=start, end=end, created_at=town.now)
            work.volunteers.add(activity)
            for name in names:
                person = work.people.add(community, town.now, name=name)
                work.people.add_identity(person, "test", "test", name, town.now, private_chat=f"p:{name}")
                work.people.grant(person, Role.VOLUNTEER, community, town.now)
                work.volunteers.join(activity, person, town.now)
            work.commit()
        return names, plan["code"]

    def _check(self) -> None:
        """What takes no time because nothing is done would be no figure."""
        with self._town.work() as work:
            cases = work.session.scalar(select(func.count()).select_from(Case))
            checked_in = work.session.scalar(
                select(func.count()).where(Participation.state == ParticipationState.CHECKED_IN)
            )
        if (cases, checked_in) != (ROUNDS, ROUNDS):
            raise RuntimeError(f"{ROUNDS} rounds made {cases} cases and {checked_in} check-ins")


class _BareCommits:
    """Two rows and a commit, by the driver alone, with the pragmas of every SQLite database of the project."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.raw_connection()
        self._cursor = self._connection.cursor()
        self._cursor.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    def commit(self, text: str) -> float:
        """Insert `text` twice and commit; milliseconds."""
        began = time.perf_counter()
        self._cursor.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            self._cursor.execute("INSERT INTO bare (text) VALUES (?)", (text,))
        self._cursor.execute("COMMIT")
        return (time.perf_counter() - began) * 1e3
