"""The measures, on a small set whose answers are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.evaluation.figures import Figure, figures_of_model, figures_of_texts
from bot.evaluation.intents import Answer, Share
from bot.evaluation.readings import entities
from bot.evaluation.sets import Mark, Message
from nlu.personal_data import DatumKind
from nlu.understanding import Entity, EntityKind, Intent, Understanding
from tests.bot.evaluation.samples import report_on, write_set

if TYPE_CHECKING:
    from bot.evaluation.report import ModelReport, Report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_on(write_set(tmp_path_factory.mktemp("set")))


@pytest.fixture(scope="module")
def model(report: Report) -> ModelReport:
    return report.models[0]


def test_an_accepted_intent_is_right(model: ModelReport) -> None:
    assert model.right == Share(5, 9)


def test_the_right_intent_may_be_the_second(model: ModelReport) -> None:
    # <打个招呼> and 收到 have it in the second place; 三栋出大事了 and 火锅店好火 far behind.
    assert model.among_three == Share(7, 9)


def test_recall_counts_the_messages_of_an_intent_and_precision_those_taken_for_it(model: ModelReport) -> None:
    scores = {score.intent: (score.found, score.precise) for score in model.by_intent}
    assert scores[Intent.GREET] == (Share(2, 3), Share(1, 1))
    assert scores[Intent.TALK_TO_HUMAN] == (Share(0, 0), Share(1, 1))
    assert scores[Intent.REPORT_EMERGENCY] == (Share(1, 2), Share(1, 2))
    assert scores[Intent.REPORT_INCIDENT] == (Share(1, 1), Share(1, 2))
    assert Intent.VOTE not in scores


def test_confusions_name_the_messages(model: ModelReport) -> None:
    assert [(pair.intent, pair.taken_for, pair.texts) for pair in model.confusions] == [
        (Intent.ACKNOWLEDGE_NOTICE, Intent.AFFIRM, ("收到",)),
        (Intent.GREET, Intent.HELP, ("<打个招呼>",)),
        (Intent.OUT_OF_SCOPE, Intent.REPORT_EMERGENCY, ("火锅店好火",)),
        (Intent.REPORT_EMERGENCY, Intent.REPORT_INCIDENT, ("三栋出大事了",)),
    ]


def test_emergencies_are_missed_and_seen_where_none_is(model: ModelReport) -> None:
    found = model.emergencies
    assert (found.found, found.missed) == (Share(1, 2), ("三栋出大事了",))
    assert (found.false_alarms, found.alarmed) == (Share(1, 7), ("火锅店好火",))


def test_what_is_below_the_threshold_is_out_of_scope(model: ModelReport) -> None:
    assert model.out_of_scope.found == Share(1, 2)
    assert model.out_of_scope.false_alarms == Share(0, 7)


def test_an_entity_is_found_where_kind_value_and_place_agree(model: ModelReport) -> None:
    scores = {score.kind: score.found for score in model.entities}
    assert scores == {
        EntityKind.PLACE: Share(1, 1),
        EntityKind.CATEGORY: Share(1, 2),
        EntityKind.CASE_NUMBER: Share(1, 1),
        EntityKind.COUNT: Share(0, 1),
        EntityKind.TIME: Share(1, 1),
    }
    (missed,) = next(score.missed for score in model.entities if score.kind is EntityKind.COUNT)
    assert (missed.expected, missed.read) == ("3个人 = 4", "3个人 = 3")


@pytest.mark.parametrize(
    ("marked", "is_found"), [("5网格", True), ("第5网格", True), ("五号网格", True), ("6网格", False), ("5栋", False)]
)
def test_two_spellings_of_a_place_are_one(marked: str, is_found: bool) -> None:
    message = Message(
        text="第5网格的路灯坏了",
        intent=Intent.REPORT_INCIDENT,
        entities=(Mark(entity=EntityKind.PLACE, text="第5网格", value=marked),),
    )
    place = Entity(EntityKind.PLACE, 0, 4, "第5网格", "5网格")
    understanding = Understanding(message.text, message.intent, 1.0, entities=(place,))
    (score,) = entities([Answer(message, understanding, 1.0)])
    assert score.found == Share(int(is_found), 1)


def test_calibration_counts_the_likeliest_intent_by_its_confidence(model: ModelReport) -> None:
    assert [(row.low, row.right) for row in model.calibration] == [
        (0.1, Share(0, 1)),
        (0.4, Share(0, 1)),
        (0.5, Share(0, 1)),
        (0.6, Share(1, 1)),
        (0.9, Share(3, 5)),
    ]
    assert model.calibration[-1].confidence == pytest.approx((0.95 + 0.99 + 0.96 + 0.91 + 1.0) / 5)


def test_every_message_takes_some_time(model: ModelReport) -> None:
    assert 0 < model.speed.median <= model.speed.p95


def test_a_time_is_right_where_all_of_it_is(report: Report) -> None:
    assert [(score.subject, score.right) for score in report.times] == [("days", Share(2, 3)), ("no time", Share(1, 1))]
    (wrong,) = report.times[0].wrong
    assert (wrong.text, wrong.expected, wrong.read) == ("明天", "2026-04-16T00:00 - -", "2026-04-16 - -")


def test_masking_counts_whole_spans_and_look_alikes(report: Report) -> None:
    assert report.masking is not None
    assert {score.kind: (score.masked, score.exact) for score in report.masking.by_kind} == {
        DatumKind.PHONE: (Share(1, 2), Share(1, 2)),
        DatumKind.PLATE: (Share(1, 1), Share(1, 1)),
        DatumKind.WECHAT_ID: (Share(0, 1), Share(0, 1)),
    }
    assert (report.masking.masked, report.masking.touched) == (Share(2, 4), Share(1, 2))
    assert [(row.expected, row.read) for row in report.masking.missed] == [
        ("芝麻开门", ""),
        ("电话13900001111", "13900001111 (phone)"),
    ]
    assert [row.read for row in report.masking.touched_texts] == ["13900002222 (phone)"]


def test_figures_hold_or_miss_their_target(report: Report, model: ModelReport) -> None:
    figures = {figure.name: figure for figure in (*figures_of_model(model), *figures_of_texts(report))}
    shown = {name: (figure.counted, figure.shown, figure.target, figure.holds) for name, figure in figures.items()}
    assert shown["intents right"] == ("5 of 9", "55.6 %", "≥ 93 %", False)
    assert shown["right intent among the first three"] == ("7 of 9", "77.8 %", "", None)
    assert shown["in scope, but thrown out"] == ("0 of 7", "0.0 %", "≤ 3 %", True)
    assert shown["written times read exactly"] == ("3 of 4", "75.0 %", "≥ 95 %", False)
    assert shown["look-alikes touched"] == ("1 of 2", "50.0 %", "≤ 3 %", False)


@pytest.mark.parametrize(
    ("figure", "shown", "target", "holds"),
    [
        (Figure("a time", 9.96, at_most=10), "10.0 ms", "≤ 10 ms", True),
        (Figure("a time", 10.01, at_most=10), "10.0 ms", "≤ 10 ms", False),
        (Figure("of nothing", Share(0, 0), at_least=0.9), "-", "≥ 90 %", None),
        (Figure("all", Share(1172, 1172), at_least=0.98), "100.0 %", "≥ 98 %", True),
    ],
)
def test_a_figure(figure: Figure, shown: str, target: str, holds: bool | None) -> None:
    assert (figure.shown, figure.target, figure.holds) == (shown, target, holds)
