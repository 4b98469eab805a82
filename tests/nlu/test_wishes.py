"""Several wishes in one message: where it is split, what is heard as another wish, and what stays whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from nlu.parts import parts
from nlu.times import SHANGHAI
from nlu.understanding import Intent, Judgement, Understanding
from nlu.wishes import OpenForm, are_alike, intents, wishes_in

if TYPE_CHECKING:
    from nlu.parser import Parser

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)

MEANINGS = {
    "签退": (Intent.CHECK_OUT, 0.9),
    "看哈我有好多分": (Intent.CHECK_POINTS, 0.9),
    "路灯坏了两天了": (Intent.REPORT_INCIDENT, 0.9),
    "积分咋个算": (Intent.ASK_POINTS_RULES, 0.9),
    "我要报名当志愿者": (Intent.REGISTER_VOLUNTEER, 0.9),
    "归哪个部门管": (Intent.ASK_DEPARTMENT, 0.9),
    "黑得很": (Intent.REPORT_DISPUTE, 0.9),
    "他又来吵": (Intent.ADD_TO_CASE, 0.9),
    "井盖没得了": (Intent.REPORT_INCIDENT, 0.7),
    "谢谢": (Intent.THANKS, 0.9),
    "大概吧": (Intent.LIST_MEETINGS, 0.3),
    "桂花苑3栋": (Intent.BIND_PROFILE, 0.4),
    "发通知：明天停水": (Intent.BROADCAST_NOTICE, 0.9),
    "河边有人落水": (Intent.REPORT_EMERGENCY, 0.9),
}


REPORTS = frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT})


def judge(text: str) -> Judgement:
    meant = next((meaning for words, meaning in MEANINGS.items() if text.startswith(words)), None)
    return Judgement(*(meant or (Intent.OUT_OF_SCOPE, 0.1)))


def heard(text: str, form: OpenForm | None = None) -> list[tuple[str, Intent]]:
    wishes = wishes_in(Understanding(text, *judge(text)), judge, form)
    return [(wish, judge(wish).intent) for wish in wishes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("签退，顺便看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("签退顺便看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("签退。看哈我有好多分！", ["签退", "看哈我有好多分"]),
        ("签退 另外，看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("签退；还有就是：看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("另外，签退。对了，看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("签退，看哈我有好多分", ["签退，看哈我有好多分"]),
        ("8.30签退", ["8.30签退"]),
        ("……", []),
        ("", []),
    ],
)
def test_where_a_message_is_split(text: str, expected: list[str]) -> None:
    assert [text[part.start : part.end] for part in parts(text)] == expected


def test_a_part_knows_whether_a_word_joins_it() -> None:
    assert [part.joined for part in parts("签退。看分。另外，报名")] == [False, False, True]


def test_two_wishes_are_both_heard() -> None:
    assert heard("签退，顺便看哈我有好多分") == [
        ("签退", Intent.CHECK_OUT),
        ("看哈我有好多分", Intent.CHECK_POINTS),
    ]


def test_an_emergency_is_never_a_part_of_another_wish() -> None:
    assert [intent for _, intent in heard("签退，另外河边有人落水")] == [Intent.CHECK_OUT, Intent.REPORT_EMERGENCY]


def test_three_wishes_are_all_heard() -> None:
    found = heard("路灯坏了两天了，黑得很。另外积分咋个算？另外我要报名当志愿者。谢谢")
    assert found == [
        ("路灯坏了两天了，黑得很", Intent.REPORT_INCIDENT),
        ("积分咋个算", Intent.ASK_POINTS_RULES),
        ("我要报名当志愿者。谢谢", Intent.REGISTER_VOLUNTEER),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了两天了。归哪个部门管",
        "路灯坏了两天了，另外黑得很",
        "路灯坏了两天了，另外他又来吵",
        "路灯坏了两天了，另外大概吧",
        "签退。签退",
        "大概吧，另外积分咋个算",
        "发通知：明天停水，另外我要报名当志愿者",
        "河边有人落水，另外积分咋个算",
        "签退。" + "嗯。" * 8 + "另外积分咋个算",
    ],
    ids=lambda text: text[:12],
)
def test_what_stays_whole(text: str) -> None:
    assert [words for words, _ in heard(text)] == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("谢谢。签退", ["签退"]),
        ("谢谢，另外签退", ["签退"]),
        ("谢谢，路灯坏了两天了", ["路灯坏了两天了"]),
        ("谢谢。签退。看哈我有好多分", ["签退", "看哈我有好多分"]),
        ("签退。谢谢", ["签退。谢谢"]),
    ],
)
def test_a_courtesy_is_no_wish(text: str, expected: list[str]) -> None:
    assert [words for words, _ in heard(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("签退，路灯坏了两天了", ["签退", "路灯坏了两天了"]),
        ("签退，人多得很，路灯坏了两天了，黑得很", ["签退，人多得很", "路灯坏了两天了，黑得很"]),
        ("签退。井盖没得了", ["签退", "井盖没得了"]),
        ("归哪个部门管，路灯坏了两天了", ["归哪个部门管，路灯坏了两天了"]),
        ("签退，黑得很", ["签退，黑得很"]),
    ],
)
def test_a_report_is_heard_behind_anything_short(text: str, expected: list[str]) -> None:
    assert [words for words, _ in heard(text)] == expected


def test_reports_of_two_things_are_two() -> None:
    assert [words for words, _ in heard("路灯坏了两天了，另外井盖没得了")] == ["路灯坏了两天了", "井盖没得了"]
    form = OpenForm(REPORTS, category="street_light")
    assert [words for words, _ in heard("桂花苑3栋，另外井盖没得了", form)] == ["桂花苑3栋", "井盖没得了"]


def test_beside_the_answer_to_a_form_a_question_is_heard() -> None:
    form = OpenForm(REPORTS)
    assert heard("桂花苑3栋。归哪个部门管", form) == [
        ("桂花苑3栋", Intent.BIND_PROFILE),
        ("归哪个部门管", Intent.ASK_DEPARTMENT),
    ]
    assert heard("桂花苑3栋，另外我要报名当志愿者", form)[1:] == [("我要报名当志愿者", Intent.REGISTER_VOLUNTEER)]


@pytest.mark.parametrize(
    "text", ["桂花苑3栋。我要报名当志愿者", "桂花苑3栋，另外路灯坏了两天了", "桂花苑3栋。他又来吵"]
)
def test_more_of_the_answer_to_a_form_stays_with_it(text: str) -> None:
    form = OpenForm(REPORTS)
    assert [words for words, _ in heard(text, form)] == [text]


def test_what_is_done_alike_is_one_wish() -> None:
    assert are_alike(Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT)
    assert are_alike(Intent.VOTE, Intent.VOTE)
    assert not are_alike(Intent.ASK_POLICY, Intent.CHECK_POINTS)


def test_what_only_asks_is_never_told_at_length_nor_in_passing() -> None:
    assert not intents("questions") & (
        intents("stories") | intents("whole") | intents("passing") | intents("small_talk")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("谢谢你们。路口井盖没得了", [Intent.REPORT_INCIDENT]),
        ("打卡，我到河边了。这儿护栏断了", [Intent.CHECK_IN, Intent.REPORT_INCIDENT]),
        ("周五的会我来不了，路口井盖也没得了", [Intent.DECLINE_MEETING, Intent.REPORT_INCIDENT]),
        ("上次那个处理得很好。不过路口井盖没得了", [Intent.RATE_CASE, Intent.REPORT_INCIDENT]),
        ("路口井盖没得了，另外我家楼上漏水不修", [Intent.REPORT_INCIDENT, Intent.REPORT_DISPUTE]),
        ("收到，停水我晓得了，就是我们楼道灯坏了好久了", [Intent.ACKNOWLEDGE_NOTICE, Intent.REPORT_INCIDENT]),
        ("议事会好久开，我们楼道灯坏了半个月了", [Intent.LIST_MEETINGS, Intent.REPORT_INCIDENT]),
        ("楼上吵得很，另外他家狗也不拴绳子", [Intent.REPORT_DISPUTE]),
        ("我那个漏水的事咋样了，楼上还在漏", [Intent.CHECK_CASE]),
        ("我投赞成，停车太乱了", [Intent.VOTE]),
        ("不来开会了，我娃儿发烧", [Intent.DECLINE_MEETING]),
    ],
)
def test_what_the_shipped_model_hears(parser: Parser, text: str, expected: list[Intent]) -> None:
    wishes = wishes_in(parser.parse(text, NOW), parser.judge)
    assert [parser.judge(wish).intent for wish in wishes] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路灯坏了还有井盖也没得了", ["路灯坏了", "井盖也没得了"]),
        ("楼上漏水还有路灯也不亮了", ["楼上漏水", "路灯也不亮了"]),
        (
            "我要报三个事 一个是路灯坏了 一个是楼上半夜打麻将 还有一个是电瓶车在楼道充电",
            ["我要报三个事 一个是路灯坏了", "楼上半夜打麻将", "电瓶车在楼道充电"],
        ),
        ("路灯坏了还有两盏也不亮", ["路灯坏了还有两盏也不亮"]),
        ("隔壁吵得很还有他家狗也不拴", ["隔壁吵得很还有他家狗也不拴"]),
        ("楼上漏水，还有物业也不管", ["楼上漏水，还有物业也不管"]),
    ],
)
def test_things_that_are_reported_together(parser: Parser, text: str, expected: list[str]) -> None:
    assert list(wishes_in(parser.parse(text, NOW), parser.judge)) == expected
