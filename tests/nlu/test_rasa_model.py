"""The model beside the bot: what a Rasa server ranks is taken as it is, and where it fails another model ranks."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from nlu.rasa_model import RasaModel, RasaServer
from nlu.service import PAUSE, ServiceError
from nlu.understanding import NO_CONTEXT, Context, Intent, Ranking
from tests.nlu.fake_rasa import FakeRasa, ranked, rasa_says
from tests.nlu.fake_server import Clock, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict

SHORT = 0.2
SLOW = 30.0
"""Far more than a timeout; a server that is told to be slow is let go when its test ends."""


def connect(url: str, timeout: float = 10.0) -> RasaServer:
    return RasaServer(url, timeout)


class Fallback:
    """Ranks greet first, and remembers for what."""

    ranking: Ranking = tuple((intent, 1.0 if intent is Intent.GREET else 0.0) for intent in Intent)

    def __init__(self) -> None:
        self.asked: list[tuple[str, Context]] = []

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        self.asked.append((text, context))
        return self.ranking


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    with serving(FakeRasa()) as fake:
        yield fake


def test_the_ranking_of_the_server_comes_best_first(rasa: FakeRasa) -> None:
    ranking = connect(rasa.url).rank("我有多少分")
    assert ranking[0][0] is Intent.CHECK_POINTS
    assert ranking[0][1] == pytest.approx(0.948)
    assert {intent for intent, _ in ranking} == set(Intent)
    assert rasa.heard == [("/model/parse", {"text": "我有多少分"})]


@pytest.mark.parametrize(
    ("text", "asked"), [("/report_emergency", "report_emergency"), (" /\n/拉", "拉"), ("3/4", "3/4")]
)
def test_nobody_commands_the_server(rasa: FakeRasa, text: str, asked: str) -> None:
    """A slash at the beginning would tell Rasa which intent to answer with."""
    connect(rasa.url).rank(text)
    assert rasa.heard == [("/model/parse", {"text": asked})]


@pytest.mark.parametrize("text", ["", " \u3000\n", "//", "\x1f"])
def test_what_has_no_words_is_not_asked_and_no_failure(rasa: FakeRasa, told: list[EventDict], text: str) -> None:
    fallback = Fallback()
    assert RasaModel(connect(rasa.url), fallback).rank(text) == Fallback.ranking
    assert fallback.asked == [(text, NO_CONTEXT)]
    assert rasa.heard == []
    assert told == []


def test_a_path_and_a_key_in_the_address_are_kept(rasa: FakeRasa) -> None:
    connect(f"{rasa.url}/nlu/?token=open").rank("你好")
    assert rasa.heard == [("/nlu/model/parse?token=open", {"text": "你好"})]


WRONG = [
    pytest.param(500, rasa_says(ranked()), "status 500", id="error"),
    pytest.param(401, '{"reason": "NotAuthenticated"}', "status 401", id="no key"),
    pytest.param(302, "", "status 302", id="moved"),
    pytest.param(200, "<html>502 Bad Gateway</html>", "not an answer of Rasa", id="not JSON"),
    pytest.param(200, '{"version": "3.6.21"}', "intent_ranking Field required", id="something else"),
    pytest.param(200, rasa_says([]), "0 of 53 intents", id="no model"),
    pytest.param(200, rasa_says(ranked()[-10:]), "10 of 53 intents", id="cut off"),
    pytest.param(200, rasa_says([*ranked(), {"name": "nlu_fallback", "confidence": 0}]), "nlu_fallback", id="unknown"),
    pytest.param(200, rasa_says(ranked(rest=-0.1)), "greater than or equal to 0", id="below 0"),
    pytest.param(200, rasa_says(ranked(rest=float("nan"))), "finite number", id="no number"),
    pytest.param(200, " " * 2_000_000, "more than", id="endless"),
]


@pytest.mark.parametrize(("delay", "drip"), [(SLOW, 0), (0, SHORT / 5)])
def test_who_is_slow_is_not_waited_for(rasa: FakeRasa, delay: float, drip: float) -> None:
    rasa.delay, rasa.drip = delay, drip
    begun = time.monotonic()
    with pytest.raises(ServiceError, match=f"no answer within {SHORT} s"):
        connect(rasa.url, SHORT).rank("你好")
    assert time.monotonic() - begun < SLOW / 2


def test_who_is_down_is_named() -> None:
    with serving(FakeRasa()) as gone:
        pass
    with pytest.raises(ServiceError, match="refused"):
        connect(gone.url).rank("你好")


@pytest.mark.parametrize(("status", "body", "reason"), WRONG)
def test_another_model_ranks_where_the_server_fails(
    rasa: FakeRasa,
    told: list[EventDict],
    status: int,
    body: str,
    reason: str,
) -> None:
    rasa.status, rasa.body = status, body
    fallback, context = Fallback(), Context(form=Intent.REPORT_DISPUTE)
    assert RasaModel(connect(rasa.url), fallback).rank("你好", context) == Fallback.ranking
    assert fallback.asked == [("你好", context)]
    assert [line["log_level"] for line in told] == ["warning"]
    assert reason in told[0]["reason"]


def test_a_server_that_fails_is_left_alone_for_a_while(rasa: FakeRasa) -> None:
    clock = Clock()
    model = RasaModel(connect(rasa.url), Fallback(), clock)
    rasa.status = 500
    for _ in range(5):
        assert model.rank("你好") == Fallback.ranking
    assert len(rasa.heard) == 1
    clock.now += PAUSE
    for _ in range(5):
        assert model.rank("你好") == Fallback.ranking
    assert len(rasa.heard) == 2


def test_the_operator_is_told_once_that_it_began_and_once_that_it_ended(rasa: FakeRasa, told: list[EventDict]) -> None:
    clock = Clock()
    model = RasaModel(connect(f"{rasa.url}?token=open"), Fallback(), clock)
    assert model.rank("你好")[0][0] is Intent.CHECK_POINTS
    assert told == []

    rasa.status = 500
    for text in ("一", "二", "三"):
        model.rank(text)
        clock.now += PAUSE
    rasa.status = 200
    assert model.rank("四")[0][0] is Intent.CHECK_POINTS
    assert model.rank("五")[0][0] is Intent.CHECK_POINTS

    server = f"127.0.0.1:{rasa.server_port}"
    assert told == [
        {
            "event": "rasa fails, the embedded model ranks",
            "server": server,
            "reason": "status 500",
            "log_level": "warning",
        },
        {"event": "rasa ranks again", "server": server, "log_level": "warning"},
    ]


def test_a_server_that_was_away_is_found_again() -> None:
    clock = Clock()
    with serving(FakeRasa()) as first:
        model = RasaModel(connect(first.url), Fallback(), clock)
        assert model.rank("你好")[0][0] is Intent.CHECK_POINTS
    assert model.rank("还在不在") == Fallback.ranking
    with serving(FakeRasa(first.server_port)):
        assert model.rank("回来没有") == Fallback.ranking
        clock.now += PAUSE
        assert model.rank("回来没有")[0][0] is Intent.CHECK_POINTS


def test_a_text_is_asked_once(rasa: FakeRasa) -> None:
    model = RasaModel(connect(rasa.url), Fallback())
    assert model.rank("你好") == model.rank("你好", Context(form=Intent.REPORT_DISPUTE))
    assert len(rasa.heard) == 1


def test_one_message_tries_a_server_that_was_slow_and_the_others_do_not_wait(rasa: FakeRasa) -> None:
    clock = Clock()
    model = RasaModel(connect(rasa.url, 1.0), Fallback(), clock)
    rasa.status = 500
    model.rank("第一句")
    clock.now += PAUSE
    rasa.status, rasa.delay = 200, SLOW
    trying = Thread(target=model.rank, args=("第二句",))
    trying.start()
    while len(rasa.heard) < 2:
        time.sleep(0.001)
    assert model.rank("第三句") == Fallback.ranking
    trying.join()
    assert [asked for _, asked in rasa.heard] == [{"text": "第一句"}, {"text": "第二句"}]
