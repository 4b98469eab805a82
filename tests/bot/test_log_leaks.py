"""Nothing that people say of themselves or of others stands in any log line or trace, whatever fails on the way."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot.channels.channel import Channel, ChannelError, Failure
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.router import Router
from bot.timetable import run_duty
from handlers import features
from handlers.routes import Duty, Route, Routes
from storage.database import Base
from tests.bot.fakes import FrailDatabase, SetClock, inbound, log_lines, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.channels.channel import Outgoing
    from handlers.turn import Desk, Inbound, Reply, Turn
    from nlu.parser import Parser
    from nlu.policy.library import PolicyLibrary

MESSAGES = 1_000
FAULT_EVERY = 4
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = "小明秀芬建国春梅志强文清晓兰德明雨桐桂芳"
ESTATES = ("桂花苑", "滨河花园", "东升家园")
PROVINCES = "川京渝"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What one message tells of somebody."""

    name: str
    phone: str
    card: str
    home: str
    plate: str

    @property
    def all(self) -> tuple[str, ...]:
        return (self.name, self.phone, self.card, self.home, self.plate, self.plate[1:])


TEMPLATES = (
    "我叫{name}，住{home}，电话{phone}",
    "登记一下，{name}，{home}，身份证{card}",
    "{home}的{name}天天吵，电话{phone}，车牌{plate}",
    "楼上{name}家漏水，他住{home}",
    "{name}打人了！在{home}，快来",
    "{plate}挡住消防通道了，车主{name}，{phone}",
    "{name}的身份证号是{card}，帮他查一下低保",
    "让{name}当1网格的网格员",
    "你们存了{name}的电话{phone}没有",
    "删除我的信息，{name}，{card}",
    "对的，我是{name}",
    "{name}",
    "{phone}",
    "{home}",
    "转人工，打{phone}找{name}",
    "文件里对{name}这样的残疾人咋规定的，他身份证{card}",
    "发通知给1网格：{name}（{phone}）的车{plate}请挪开",
    "补充一下，{name}昨晚又来了，电话{phone}",
    "001号{name}家已上门，电话{phone}，调解成功，结案",
    "绑定 ABCD2345，我是{name}{phone}",
)


def secrets(chance: random.Random) -> Secrets:
    digits = "".join(chance.choices("0123456789", k=8))
    body = f"5114211990{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{chance.randint(100, 999)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]
    return Secrets(
        name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
        phone=f"13{digits}{chance.randint(0, 9)}",
        card=body + check,
        home=f"{chance.choice(ESTATES)}{chance.randint(1, 30)}栋{chance.randint(1, 4)}单元{chance.randint(101, 999)}",
        plate=f"{chance.choice(PROVINCES)}{chance.choice('ABCDE')}{chance.randint(10_000, 99_999)}",
    )


class Faults:
    """Breaks something at every fourth step, with the words that are under way in the mouth of the error."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.said = ""
        self.raised = 0

    def maybe(self, *kinds: Callable[[str], Exception]) -> None:
        if self._chance.randrange(FAULT_EVERY) == 0:
            self.raised += 1
            raise self._chance.choice(kinds)(self.said)

    def at(self, step: str) -> None:
        if step == "before commit" and self._chance.randrange(10) == 0:
            self.raised += 1
            raise self._chance.choice((_database_error, RuntimeError))(self.said)


def _database_error(said: str) -> Exception:
    return OperationalError(f"UPDATE people SET name = '{said}'", {"name": said}, ValueError(f"Key (name)=({said})"))


def _chained(said: str) -> Exception:
    error = LookupError({"text": said, "more": [said.encode(), ascii(said)]})
    error.__cause__ = KeyError(said)
    error.add_note(f"while working {said}")
    return error


class Platform(Channel):
    """Fails with what it was to send."""

    name, account, knows_keys = "test", "bot", True

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def send(self, message: Outgoing) -> None:
        self._faults.maybe(
            lambda said: ChannelError(f"{said}: {message.text}", Failure.MESSAGE),
            lambda said: RuntimeError(said, message.text, message),
        )


def breaking(faults: Faults) -> Routes:
    """The real routes, each of which may break before or after it has acted."""

    def broken(route: Route) -> Route:
        def action(turn: Turn) -> Reply | None:
            faults.maybe(ValueError, KeyError, _chained)
            reply = route.action(turn)
            faults.maybe(ValueError, _chained)
            return reply

        return Route(route.intent, action, route.in_group, route.roles)

    return Routes(map(broken, features.ROUTES))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    with log_lines() as lines:
        yield lines


def test_a_thousand_messages_leave_nothing_in_the_log(
    lines: list[str], tmp_path: Path, parser: Parser, library: PolicyLibrary
) -> None:
    chance = random.Random(20260415)
    faults = Faults(chance)
    database = FrailDatabase(f"sqlite:///{tmp_path / 'leaks.db'}", lambda _step: None)
    Base.metadata.create_all(database.engine)
    settle(database)
    database._at = faults.at
    clock = SetClock()
    inbox = Inbox(database, clock)
    router = Router(database, parser, library, clock, breaking(faults), features.FORMS)
    delivery = Delivery(database, [Platform(faults)], clock)
    told: list[Secrets] = []
    for number in range(MESSAGES):
        of_somebody = secrets(chance)
        told.append(of_somebody)
        text = chance.choice(TEMPLATES).format(
            **{field: getattr(of_somebody, field) for field in ("name", "phone", "card", "home", "plate")}
        )
        faults.said = text
        clock.later(seconds=20)
        who = chance.choice(("李秀芬", "张建国", "王春梅", f"新来的{number}"))
        message = inbound(who, text, group=chance.random() < 0.2, at_bot=chance.random() < 0.5)
        try:
            inbox.receive(message)
        except (RuntimeError, OperationalError):
            continue
        _work(router, message)
        if number % 10 == 0:
            _deliver(delivery)
            _run_a_duty(database, faults, clock)
    database.close()
    written = "\n".join(lines)
    assert faults.raised > MESSAGES / 5
    assert written.count("level=error") > MESSAGES / 10
    assert "Traceback" in written
    assert "action failed" in written
    assert "channel failed" in written
    leaked = {secret for each in told for secret in each.all if secret in written}
    leaked |= {each.name for each in told if ascii(each.name)[1:-1] in written}
    assert not leaked, (sorted(leaked)[:10], next(line for line in lines if sorted(leaked)[0] in line))


def _work(router: Router, message: Inbound) -> None:
    """As the workers do it."""
    try:
        router.work_off(message.talk)
    except (RuntimeError, OperationalError):
        structlog.get_logger("bot.workers").exception("talk failed", channel=message.channel)


def _deliver(delivery: Delivery) -> None:
    async def drain() -> None:
        await delivery.drain(("test", "bot"))

    try:
        asyncio.run(drain())
    except (RuntimeError, OperationalError):
        return


def _run_a_duty(database: FrailDatabase, faults: Faults, clock: SetClock) -> None:
    def fail(_desk: Desk) -> None:
        raise _chained(faults.said)

    try:
        run_duty(database, Duty("test.fails", 60, fail), clock)
    except LookupError:
        structlog.get_logger("bot.timetable").exception("duty failed", said=faults.said)
