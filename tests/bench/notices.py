"""A notice to a hundred thousand people and to a million on PostgreSQL: freezing, queueing, counting.

Freezing and queueing goes through the timetable's own duty, a transaction a batch. Its time stands beside that of one
bare statement that puts as many rows into the same outbox.
"""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from bot.timetable import run_duty
from handlers.notices import sending
from handlers.routes import Duty
from storage.areas import AreaKind
from storage.messages import OutboxMessage
from storage.notices import Notice, NoticeState
from storage.unit_of_work import UnitOfWork
from tests.bench.county import NOW
from tests.bench.figures import Figure, figure_of
from tests.bench.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

SIZES = (100_000, 1_000_000)
GRIDS = 200
COUNTED = 5
RATIO, FIGURES_MS, GROWTH_MB = 4.0, 300.0, 64.0

_PEOPLE = """
INSERT INTO people (name, area_id, subscribed, created_at)
SELECT '居民' || n, (SELECT min(id) FROM areas WHERE kind = 'grid') + n % :grids, n % 50 <> 0, :now
FROM generate_series(1, :size) AS n
"""
_ACCOUNTS = """
INSERT INTO identities (person_id, channel, account, sender, private_chat, seen_at)
SELECT id, CASE id % 3 WHEN 0 THEN 'web' ELSE 'wechat' END, 'bench', 's' || id, 'p' || id, :now FROM people
"""
_BARE = """
INSERT INTO outbox (key, channel, account, chat, text, choices, priority, person_id, due_at, state, attempts)
SELECT 'bare:' || person_id, channel, account, private_chat, :text, '[]', '2_notice', person_id, :now, 'due', 0
FROM identities
"""
_SEND = Duty("notices.send", 5, sending.send)


def measure(largest: int, steps: Callable[[str, int], Callable[[], None]]) -> list[Figure]:
    """Give out a notice at each of SIZES up to `largest`, each in a database of its own."""
    figures: list[Figure] = []
    for size in SIZES:
        if size <= largest:
            with fresh_database() as database:
                figures += _measure(database, size, steps(f"a notice to {size:,} people", 3))
    return figures


def _measure(database: Database, size: int, advance: Callable[[], None]) -> list[Figure]:
    notice_id = _settle(database, size)
    advance()
    bare = _bare(database)
    advance()
    before = _resident_mb()
    began = time.perf_counter()
    while not _is_fed(database, notice_id):
        run_duty(database, _SEND, lambda: NOW)
    seconds = time.perf_counter() - began
    growth = _resident_mb() - before
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE recipients, outbox")
    counted = [_count(database, notice_id, size) for _ in range(COUNTED)]
    advance()
    page = FIGURES_MS if size == SIZES[0] else None
    return [
        Figure(f"a notice to {size:,}: frozen and queued", seconds, "s", 1, ratio=seconds / bare),
        Figure("  as a ratio to one bare INSERT … SELECT into the outbox", seconds / bare, "×", 1, target=RATIO),
        Figure("  one bare INSERT … SELECT of as many rows", bare, "s", 1),
        Figure("  memory grown meanwhile", growth, "MB", 1, target=GROWTH_MB),
        figure_of(f"  its states by {GRIDS} grids", counted, "ms", target=page),
    ]


def _settle(database: Database, size: int) -> int:
    """A community with so many people, and a notice to all of them; its id."""
    with UnitOfWork(database) as work:
        town = work.areas.add(AreaKind.TOWN, "清溪镇", work.areas.add(AreaKind.COUNTY, "仁和县"))
        community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", town)
        for code in range(1, GRIDS + 1):
            work.areas.add(AreaKind.GRID, f"{code}网格", community, str(code))
        notice = work.notices.add(
            Notice(
                area_id=community.id,
                areas=[community],
                text="明天8点到18点停水，请大家提前存水",
                needs_ack=True,
                send_at=NOW,
                state=NoticeState.SCHEDULED,
                created_at=NOW,
            )
        )
        work.session.execute(text(_PEOPLE), {"grids": GRIDS, "size": size, "now": NOW})
        work.session.execute(text(_ACCOUNTS), {"now": NOW})
        work.commit()
        notice_id = notice.id
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return notice_id


def _bare(database: Database) -> float:
    """Seconds of the bare statement; what it wrote is gone afterwards."""
    began = time.perf_counter()
    with database.engine.begin() as connection:
        connection.execute(text(_BARE), {"text": "明天8点到18点停水，请大家提前存水", "now": NOW})
    seconds = time.perf_counter() - began
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {OutboxMessage.__tablename__} CASCADE")
    return seconds


def _is_fed(database: Database, notice_id: int) -> bool:
    with UnitOfWork(database, read_only=True) as work:
        notice = work.session.scalars(select(Notice).where(Notice.id == notice_id)).one()
        return notice.state is not NoticeState.SCHEDULED and work.notice_sending.is_fed(notice)


def _count(database: Database, notice_id: int, size: int) -> float:
    """Milliseconds of the figures by grid; they must add up to the audience."""
    with UnitOfWork(database, read_only=True) as work:
        notice = work.session.get_one(Notice, notice_id)
        began = time.perf_counter()
        figures = work.notice_sending.figures(notice, NOW)
        milliseconds = (time.perf_counter() - began) * 1e3
    total = sum(sum(states.values()) for states in figures.values())
    if total != size or len(figures) != GRIDS:
        raise RuntimeError(f"a notice to {size} accounts for {total} people in {len(figures)} grids")
    return milliseconds


def _resident_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
