"""The language model beside the bot: what it says is taken as it is, and where it fails there is nothing to take."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from nlu.language_model import AT_ONCE, LanguageModel
from nlu.service import PAUSE
from tests.nlu.fake_language_model import FakeLanguageModel, completion
from tests.nlu.fake_server import Clock, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict

KEY = "sk-Geheim-4711"
SHORT = 0.2
SLOW = 30.0
"""Far more than a timeout; a server that is told to be slow is let go when its test ends."""


@pytest.fixture
def fake() -> Iterator[FakeLanguageModel]:
    with serving(FakeLanguageModel()) as fake:
        yield fake


def connect(fake: FakeLanguageModel, timeout: float = 10.0, clock: Clock | None = None) -> LanguageModel:
    return LanguageModel(f"{fake.url}/v1/", "small", KEY, timeout, clock or Clock())


def test_it_is_asked_as_a_chat_and_says_what_it_says(fake: FakeLanguageModel) -> None:
    fake.says(" 好的\n")
    assert connect(fake).say("改写", "咋个弄") == "好的"
    (path, asked), headers = fake.heard[0], fake.headers[0]
    assert path == "/v1/chat/completions"
    assert asked["model"] == "small"
    assert asked["messages"] == [{"role": "system", "content": "改写"}, {"role": "user", "content": "咋个弄"}]
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_and_a_name_none_is_sent(fake: FakeLanguageModel) -> None:
    assert LanguageModel(fake.url, "", "", 10.0).say("改写", "咋个弄") == "好"
    assert "model" not in fake.heard[0][1]
    assert "Authorization" not in fake.headers[0]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        pytest.param(500, completion("好"), "status 500", id="error"),
        pytest.param(401, f'{{"error": "wrong key {KEY}"}}', "status 401", id="wrong key"),
        pytest.param(302, "", "status 302", id="moved"),
        pytest.param(200, "<html>502 Bad Gateway</html>", "not a chat completion", id="not JSON"),
        pytest.param(200, "", "not a chat completion", id="nothing"),
        pytest.param(200, '{"choices": []}', "choices", id="no choice"),
        pytest.param(200, completion(None), "valid string", id="no text"),
        pytest.param(200, completion({"key": KEY}), "valid string", id="no text but an object"),
        pytest.param(200, "[" * 100_000, "not a chat completion", id="deep"),
        pytest.param(200, completion("哈" * 2_000_000), "more than", id="huge"),
    ],
)
def test_who_answers_wrongly_says_nothing(
    fake: FakeLanguageModel, told: list[EventDict], status: int, body: str, reason: str
) -> None:
    fake.status, fake.body = status, body
    assert connect(fake).say("改写", "咋个弄") is None
    assert [line["log_level"] for line in told] == ["warning"]
    assert reason in told[0]["reason"]
    assert KEY not in str(told)


def test_who_breaks_off_says_nothing(fake: FakeLanguageModel, told: list[EventDict]) -> None:
    fake.most = 20
    assert connect(fake).say("改写", "咋个弄") is None
    assert len(told) == 1


@pytest.mark.parametrize(("delay", "drip"), [(SLOW, 0), (0, SHORT * 0.9)])
def test_nobody_waits_longer_than_the_timeout(
    fake: FakeLanguageModel, told: list[EventDict], delay: float, drip: float
) -> None:
    fake.delay, fake.drip = delay, drip
    model = connect(fake, SHORT)
    begun = time.monotonic()
    assert model.say("改写", "咋个弄") is None
    assert time.monotonic() - begun < SHORT + 0.5
    assert told[0]["reason"] == f"no answer within {SHORT} s"


def test_who_fails_is_left_alone_and_the_operator_is_told_once(fake: FakeLanguageModel, told: list[EventDict]) -> None:
    clock = Clock()
    model = connect(fake, clock=clock)
    fake.status = 500
    assert [model.say("改写", text) for text in "一二三"] == [None] * 3
    assert len(fake.heard) == 1
    clock.now += PAUSE
    fake.status = 200
    assert [model.say("改写", text) for text in "四五"] == ["好", "好"]
    server = f"127.0.0.1:{fake.server_port}"
    assert told == [
        {
            "event": "the language model fails, answers go out without it",
            "server": server,
            "reason": "status 500",
            "log_level": "warning",
        },
        {"event": "the language model answers again", "server": server, "log_level": "warning"},
    ]


def test_only_a_few_wait_for_it_at_a_time(fake: FakeLanguageModel, told: list[EventDict]) -> None:
    fake.delay = SLOW
    model = connect(fake, 5.0)
    waiting = [Thread(target=model.say, args=("改写", "咋个弄")) for _ in range(AT_ONCE)]
    for thread in waiting:
        thread.start()
    while len(fake.heard) < AT_ONCE:
        time.sleep(0.001)
    begun = time.monotonic()
    assert model.say("改写", "还有我") is None
    assert time.monotonic() - begun < 1
    assert told == []
    fake.over.set()
    for thread in waiting:
        thread.join()
    assert model.say("改写", "还有我") == "好"
