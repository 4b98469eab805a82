"""What messages ask of the database: a statement more for every message shows here before it shows in a bench."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from storage.unit_of_work import UnitOfWork
from tests.storage.rows import case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database
    from tests.town import Town

LIFE = (
    ("李秀芬", "楼上天天漏水又不肯修，桂花苑3栋2单元501，从上周一开始的，不用匿名", 27),
    ("李秀芬", "对的", 34),
    ("王春梅", "接单 001", 28),
    ("王春梅", "001号修好了，双方没意见，结案", 34),
    ("李秀芬", "解决了，打5分", 28),
)
"""Who says what in the life of a case, and how many statements their message may take."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []
    listener = database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
    event.listen(*listener)
    yield statements
    event.remove(*listener)


def cost(town: Town, who: str, text: str) -> list[str]:
    """The statements from the arrival of a message to its commit."""
    message = town.message(who, text)
    with counted(town.database) as statements:
        town.inbox.receive(message)
        town.router.work_off(message.talk)
    town.deliver()
    return statements


@pytest.mark.parametrize("step", range(len(LIFE)))
def test_the_life_of_a_case(town: Town, step: int) -> None:
    town.say("李秀芬", "你好")
    town.say("王春梅", "你好")
    for who, text, _ in LIFE[:step]:
        town.say(who, text)
    who, text, most = LIFE[step]
    statements = cost(town, who, text)
    assert len(statements) <= most, "\n".join(statements)


def test_a_message_that_does_nothing(town: Town) -> None:
    town.say("李秀芬", "你好")
    assert len(cost(town, "李秀芬", "谢谢")) <= 21


def test_it_costs_the_same_after_many_cases(town: Town) -> None:
    """What one reports, and what they then say, asks nothing more of those who have reported much."""
    town.say("李秀芬", "你好")
    before = len(cost(town, "李秀芬", "楼道的灯不亮了，桂花苑5栋"))
    town.say("李秀芬", "算了")
    with UnitOfWork(town.database) as work:
        person = work.people.get(1)
        community = work.areas.community_of(person.area)
        for number in range(30):
            work.cases.add(case(person.area, community, f"20260301-{number:03d}", reporter=person))
        work.commit()
    assert len(cost(town, "李秀芬", "楼道的灯不亮了，桂花苑5栋")) <= before + 1
