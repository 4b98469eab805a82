"""A ledger of a million entries on PostgreSQL: checking it, a balance, a ranking, and appending from four processes."""

from __future__ import annotations

import multiprocessing
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.areas import AreaKind
from storage.cases import By
from storage.database import Database
from storage.ledger import GENESIS, AccountKind, ChainHead, PointsAccount, PointsEntry
from storage.people import Person
from storage.unit_of_work import UnitOfWork
from tests.bench.county import BATCH, NOW
from tests.bench.figures import Figure, figure_of
from tests.bench.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.synchronize import Barrier

    from sqlalchemy import Select

    from storage.areas import Area

COMMUNITIES, RESIDENTS = 8, 5_000
"""Each community has so many people with an account, and a chain of its own."""

PROCESSES, APPENDED = 4, 300
VERIFY_S, BALANCE_MS, RANKING_MS, APPEND_PER_S = 60.0, 5.0, 200.0, 500.0
_COLUMNS = (
    *("chain_id", "position", "from_id", "to_id", "amount", "reason", "source", "granted_by_id", "at"),
    *("previous_hash", "hash"),
)


def measure(size: int, steps: Callable[[str, int], Callable[[], None]]) -> list[Figure]:
    """Fill a ledger of its own with `size` entries and measure on it."""
    with fresh_database() as database:
        communities = _settle(database)
        _fill(database, communities, size, steps(f"booking {size:,} entries", -(-size // BATCH)))
        verified = _verify(database, size)
        with UnitOfWork(database, read_only=True) as work:
            people = work.session.scalars(select(Person).order_by(Person.id).limit(40)).all()
            balances = [_timed(partial(work.points.balance, person)) for person in people]
            month = NOW - timedelta(days=31), NOW + timedelta(days=1)
            rankings = [_timed(partial(work.points.ranking, area, *month)) for area in communities]
        appended = _append(database)
        _verify(database, size + PROCESSES * APPENDED)
    return [
        Figure(f"ledger of {size:,} entries: checked", verified, "s", 1, target=VERIFY_S),
        figure_of("  a balance", balances, "ms", target=BALANCE_MS),
        figure_of(f"  the month's ranking of {RESIDENTS:,} people", rankings, "ms", target=RANKING_MS),
        Figure(
            f"  appended by {PROCESSES} processes", appended, "/s", PROCESSES * APPENDED, target=APPEND_PER_S, more=True
        ),
    ]


def _settle(database: Database) -> list[Area]:
    with UnitOfWork(database) as work:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
        areas = [work.areas.add(AreaKind.COMMUNITY, f"{number}社区", town) for number in range(COMMUNITIES)]
        for area in areas:
            residents = [
                Person(name=f"居民{number}", area_id=area.id, area=area, created_at=NOW) for number in range(RESIDENTS)
            ]
            work.session.add_all(residents)
            work.session.flush()
            work.session.add(PointsAccount(kind=AccountKind.ISSUE, chain_id=area.id))
            work.session.add_all(
                PointsAccount(kind=AccountKind.PERSON, person_id=each.id, chain_id=area.id) for each in residents
            )
        work.commit()
        return areas


def _fill(database: Database, communities: Sequence[Area], size: int, advance: Callable[[], None]) -> None:
    """Book entries of a year, each as the store would have made it, copied in bulk."""
    with UnitOfWork(database, read_only=True) as work:
        issue = {each.chain_id: each.id for each in work.session.scalars(_accounts(AccountKind.ISSUE))}
        own: dict[int, list[int]] = {chain_id: [] for chain_id in issue}
        for account in work.session.scalars(_accounts(AccountKind.PERSON)):
            own[account.chain_id].append(account.id)
    heads = dict.fromkeys(issue, (0, GENESIS))
    for start in range(0, size, BATCH):
        with database.engine.begin() as connection:
            cursor = connection.connection.cursor()
            with cursor.copy(f"COPY points_entries ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                for number in range(start, min(start + BATCH, size)):
                    chain_id = communities[number % COMMUNITIES].id
                    position, previous = heads[chain_id]
                    entry = PointsEntry(
                        chain_id=chain_id,
                        position=position + 1,
                        from_id=issue[chain_id],
                        to_id=own[chain_id][number * 31 % RESIDENTS],
                        amount=number % 9 + 1,
                        reason="志愿活动：河道清洁",
                        source=f"participation:{number}",
                        at=NOW - timedelta(minutes=(size - number) * 525_600 // size),
                        previous_hash=previous,
                    )
                    entry.hash = entry.digest()
                    heads[chain_id] = (entry.position, entry.hash)
                    copy.write_row([getattr(entry, column) for column in _COLUMNS])
        advance()
    with UnitOfWork(database) as work:
        for chain_id, (position, last) in heads.items():
            work.session.add(ChainHead(chain_id=chain_id, position=position, previous_hash=last, hash=last))
        work.commit()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _accounts(kind: AccountKind) -> Select[tuple[PointsAccount]]:
    return select(PointsAccount).where(PointsAccount.kind == kind).order_by(PointsAccount.id)


def _verify(database: Database, size: int) -> float:
    with UnitOfWork(database, read_only=True) as work:
        began = time.perf_counter()
        broken = work.points.first_broken()
        overdrawn = work.points.overdrawn()
        seconds = time.perf_counter() - began
        count = work.points.count()
    if broken is not None or overdrawn or count != size:
        raise RuntimeError(f"the ledger is not whole: {broken}, {overdrawn}")
    return seconds


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1e3


def _append(database: Database) -> float:
    """Entries a second that processes append side by side, each entry with a commit of its own."""
    url = database.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES + 1)
    children = [context.Process(target=_append_from, args=(url, number, ready)) for number in range(PROCESSES)]
    for child in children:
        child.start()
    ready.wait(60)
    began = time.perf_counter()
    for child in children:
        child.join()
    seconds = time.perf_counter() - began
    if any(child.exitcode for child in children):
        raise RuntimeError("a process that appends has failed")
    return PROCESSES * APPENDED / seconds


def _append_from(url: str, number: int, ready: Barrier) -> None:
    database = Database(url)
    with UnitOfWork(database, read_only=True) as work:
        everybody = select(Person).order_by(Person.id).offset(number * 37).limit(4_000)
        people = [*work.session.scalars(everybody)]
        areas = work.areas.communities()
    chosen = [person for person in people if person.area_id in {area.id for area in areas}]
    ready.wait(60)
    for turn in range(APPENDED):
        with UnitOfWork(database) as work:
            person = chosen[turn * 13 % len(chosen)]
            work.points.credit(person, 1, "志愿活动：河道清洁", f"bench:{number}:{turn}", By(None, NOW, "bench"))
            work.commit()
    database.close()
