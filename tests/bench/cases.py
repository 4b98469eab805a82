"""The life of a case on PostgreSQL, among none and among a million others: report, accept, resolve, rate, search.

Each step is the action that a message leads to, in a transaction of its own with its commit; understanding the message
is measured elsewhere. As in the bot itself, one process serves as many residents at once as it has threads
(`bot.workers`). The yardstick is eGov DIGIT CCRS, which reports 37 a second with 100,000 cases and 6.3 with a million,
on 16 processors. Beside what the clock says stands what a life costs this process of a processor and in statements:
those two a busy machine does not change as much.
"""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event

from bot.workers import THREADS
from handlers.cases.report import REPORT
from handlers.features import ROUTES
from handlers.turn import Inbound, Turn
from nlu.understanding import Entity, EntityKind, Intent, Understanding
from storage.case_search import Wanted
from storage.cases import Case, CaseState
from storage.people import ADMINS
from storage.unit_of_work import UnitOfWork
from tests.bench import county
from tests.bench.figures import Figure, figure_of
from tests.bench.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nlu.policy.library import Library
    from storage.areas import Area
    from storage.database import Database
    from storage.people import Person
    from tests.bench.county import Corner, Report

SIZES = (0, 10_000, 100_000, 1_000_000)
LIVES = 400
A_SECOND = 37.0
SEARCH_MS = 100.0
DIGIT = {100_000: 37.0, 1_000_000: 6.3}
WARMING_UP = 40
KEPT = 0.8
"""What the rate at a million must be of that of the empty database."""

WORDS = (
    ("漏水",),
    ("电动车", "充电"),
    ("麻将",),
    ("桂花苑3栋",),
    ("路灯", "不亮"),
    ("撬锁",),
    ("恐龙化石",),
    ("井盖",),
)


def measure(library: Library, largest: int, steps: Callable[[str, int], Callable[[], None]]) -> list[Figure]:
    """Fill a database of its own and measure at each of SIZES up to `largest`."""
    with fresh_database() as database:
        return _measure(database, library, [size for size in SIZES if size <= largest], steps)


def _measure(
    database: Database, library: Library, sizes: Sequence[int], steps: Callable[[str, int], Callable[[], None]]
) -> list[Figure]:
    with UnitOfWork(database) as work:
        corners = county.settle(work)
        work.commit()
    told = county.reports()
    bench = _Bench(database, library, corners, told)
    figures, filled, empty = [], 0, 0.0
    for size in sizes:
        if size:
            batches = -(-(size - filled) // county.BATCH)
            county.fill(database, corners, told, filled, size, steps(f"copying cases up to {size:,}", batches))
            filled = size
        rate, processor, statements = bench.lives()
        empty = empty or rate
        target = A_SECOND if size == max(SIZES) else None
        theirs = f" (eGov DIGIT CCRS: {DIGIT[size]:g})" if size in DIGIT else ""
        what = f"lives of cases a second, {size:,} in the database{theirs}"
        figures += [
            Figure(what, rate, "/s", LIVES, target=target, more=True),
            Figure("  a life of a processor, in this process", processor, "ms", LIVES),
            Figure("  statements a life", statements, "", LIVES),
        ]
        if size == max(SIZES):
            figures.append(
                Figure("  of the rate of the empty database", rate / empty, "", LIVES, target=KEPT, more=True)
            )
        if size:
            figures += [
                figure_of(f"  {what}", values, "ms", target=SEARCH_MS) for what, values in bench.searches().items()
            ]
    return figures


class _Bench:
    """Residents who report, grid members who work, in as many threads as the server has."""

    def __init__(self, database: Database, library: Library, corners: list[Corner], told: list[Report]) -> None:
        self._database = database
        self._library = library
        self._corners = corners
        self._told = told
        self._numbers = itertools.count(1)

    def lives(self) -> tuple[float, float, float]:
        """How many cases are reported, accepted, resolved, rated and found again in a second.

        And what one of them takes: milliseconds of a processor, and statements.
        """
        for _ in range(WARMING_UP):
            self._life(next(self._numbers))
        with UnitOfWork(self._database, read_only=True) as work:
            before = work.cases.count()
        numbers = [next(self._numbers) for _ in range(LIVES)]
        asked: list[None] = []
        listener = self._database.engine, "before_cursor_execute", lambda *_: asked.append(None)
        event.listen(*listener)
        began, spent = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._life, numbers))
        seconds, spent = time.perf_counter() - began, time.process_time() - spent
        event.remove(*listener)
        with UnitOfWork(self._database, read_only=True) as work:
            made = work.cases.count() - before
        if made != LIVES:
            raise RuntimeError(f"{LIVES} lives made {made} cases")
        return LIVES / seconds, spent / LIVES * 1e3, len(asked) / LIVES

    def searches(self) -> dict[str, list[float]]:
        """Milliseconds of searches by a grid member and by the admin of the county, by what is searched for."""
        wanted = {
            "search by number": [
                Wanted(number=f"{county.NOW - timedelta(days=day):%Y%m%d}-0010001") for day in range(3)
            ],
            "search by words": [Wanted(words=words) for words in WORDS],
            "search by place": [Wanted(words=(f"桂花苑{number}栋3单元",)) for number in range(1, 38, 5)],
            "search by state": [Wanted(states=frozenset({state})) for state in (CaseState.OPEN, CaseState.WITHDRAWN)],
            "search by person": [Wanted(person=corner.residents[0].name or "") for corner in self._corners[::400]],
        }
        times: dict[str, list[float]] = {}
        with UnitOfWork(self._database, read_only=True) as work:
            staff = [work.people.get(self._corners[0].member.id), *work.people.holding(ADMINS, self._county(work))]
            for (what, each), person in itertools.product(wanted.items(), staff):
                for one in each:
                    began = time.perf_counter()
                    work.case_search.find(person, one)
                    times.setdefault(what, []).append((time.perf_counter() - began) * 1e3)
        return times

    def _county(self, work: UnitOfWork) -> Area:
        return work.areas.get(self._corners[0].grid.ancestor_ids[-1])

    def _life(self, number: int) -> None:
        corner = self._corners[number * 31 % len(self._corners)]
        resident, member = corner.residents[number % len(corner.residents)], corner.member
        case_id, case = self._report(corner, resident, number)
        for step, (person, said, intent) in enumerate(
            (
                (member, f"接单 {case}", Intent.ACCEPT_CASE),
                (member, f"{case} 换了新的，结案", Intent.CLOSE_CASE),
                (resident, f"{case} 解决了，打5分", Intent.RATE_CASE),
            )
        ):
            with UnitOfWork(self._database) as work:
                route = ROUTES.get(intent)
                assert route is not None
                route.action(self._turn(work, person, f"{number}:{step}", said, intent, case))
                work.commit()
        with UnitOfWork(self._database, read_only=True) as work:
            found = work.case_search.find(work.people.get(member.id), Wanted(number=case))
            if [(row.id, row.rating) for row in found] != [(case_id, 5)]:
                raise RuntimeError(f"{case} is not found as one that was rated with 5")

    def _report(self, corner: Corner, resident: Person, number: int) -> tuple[int, str]:
        told = self._told[number % len(self._told)]
        values = {
            "kind": told.kind,
            "category": told.category,
            "place": f"量速度巷{number}号",
            "text": told.text,
            "area": corner.grid.id,
        }
        with UnitOfWork(self._database) as work:
            turn = self._turn(work, resident, f"{number}", told.text, Intent.REPORT_DISPUTE)
            REPORT.finish(turn, values)
            case = work.session.get_one(Case, turn.talk.topic["case"])
            work.commit()
            return case.id, case.number

    def _turn(
        self, work: UnitOfWork, person: Person, key: str, said: str, intent: Intent, case: str | None = None
    ) -> Turn:
        name = person.name or ""
        message = Inbound("bench", "bench", key, name, name, said, county.NOW, private_chat=name)
        start = said.find(case) if case else 0
        numbers = (Entity(EntityKind.CASE_NUMBER, start, start + len(case), case, case),) if case else ()
        speaker = work.people.get(person.id)
        return Turn(
            work,
            county.NOW,
            f"bench:{key}",
            message=message,
            person=speaker,
            talk=work.talks.find(message.talk, speaker, county.NOW, in_group=False),
            understanding=Understanding(said, intent, 1.0, entities=numbers),
            library=self._library,
        )
