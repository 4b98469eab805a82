"""The checks of the training sentences, on small sets whose findings are known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlu.data_checks import (
    FEWEST,
    FEWEST_OF_LARGE,
    LARGE,
    Problem,
    Sentence,
    compare,
    leaks,
    learnt,
    missing,
    spoken,
    wording,
)
from nlu.understanding import Intent

SOURCE = Path("some.yml")


def said(*texts: str, intent: Intent | None = Intent.GREET) -> list[Sentence]:
    return [Sentence(text, SOURCE, line, intent) for line, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("取消ＴＤ", "取消td"),
        ("我要 注销！！", "我要注销"),
        ("收到👌", "收到"),
        ("积分咋个算嘛", "积分怎么算"),
        ("007到哪一步了", "20260409-012到哪一步了"),
        ("换三袋洗衣粉", "换10袋洗衣粉"),
        ("停电通知看到了哈", "停电通知看到"),
    ],
)
def test_copies_share_their_wording(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("88", "886"), ("3Q", "5Q"), ("好", "好了"), ("来得", "来了"), ("👌", "❌"), ("三栋", "三组"), ("参加", "不参加")],
)
def test_short_texts_are_told_apart_by_all_that_they_hold(one: str, other: str) -> None:
    assert wording(one) != wording(other)


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        ("今天的会几点开", "今天的会，几点开？", Problem.TWICE),
        ("今天的会几点开", "今天的会好久开", None),
        ("积分咋个算嘛", "积分怎么算", Problem.ALIKE),
        ("社区活动室的水电费按啥子价", "社区活动室的水电费按啥子价算", Problem.ALIKE),
        ("不是这个", "就是这个", None),
    ],
)
def test_sentences_of_one_intent(one: str, other: str, problem: Problem | None) -> None:
    sentences = said(one, other)
    found = [(finding.problem, finding.at, finding.beside) for finding in compare(sentences)]
    assert found == ([(problem, sentences[1], sentences[0])] if problem else [])


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        ("查我的工单", "查我的工单。", Problem.CONTRADICTION),
        ("反映的漏水咋个样了嘛", "反映的漏水怎么样了", Problem.CONTRADICTION),
        ("会议回执：参加", "会议回执：不参加", Problem.ALIKE),
        ("三单元着火了", "三单元着火那个事处理没得", None),
    ],
)
def test_sentences_of_two_intents(one: str, other: str, problem: Problem | None) -> None:
    sentences = said(one, intent=Intent.CHECK_CASE) + said(other, intent=Intent.MY_TASKS)
    assert [finding.problem for finding in compare(sentences)] == ([problem] if problem else [])


def test_a_contradiction_is_seen_behind_a_copy_of_the_same_intent() -> None:
    sentences = [*said("打卡", intent=Intent.CHECK_OUT), *said("打卡"), *said("打卡")]
    found = compare(sentences)
    assert [(finding.problem, finding.beside) for finding in found] == [(Problem.CONTRADICTION, sentences[0])] * 2
    assert all(finding.fails for finding in found)


def test_what_is_alike_need_not_be_mended() -> None:
    (finding,) = compare(said("报明参加议事会", "报名参加议事会"))
    assert not finding.fails
    assert str(finding) == "some.yml:2: alike: 报名参加议事会 (greet) | some.yml:1: 报明参加议事会 (greet)"


def test_copies_of_the_evaluation_are_found_whatever_else_is_learnt() -> None:
    training = said("申请成为志愿者", "垃圾没人收", "嗯", "议事会几点开", "查积分")
    evaluation = said("好的", "嗯！", "申请成为社区志愿者", "议事会在哪里开", intent=None)
    found = [(finding.problem, finding.at.text, finding.beside.text) for finding in leaks(training, evaluation)]
    assert found == [
        (Problem.IN_EVALUATION, "申请成为志愿者", "申请成为社区志愿者"),
        (Problem.IN_EVALUATION, "嗯", "嗯！"),
    ]


def test_many_sentences_are_compared_in_every_block() -> None:
    words = [chr(0x4E00 + n) for n in range(5000)]
    texts = ["".join(words[n : n + 8]) for n in range(0, 4900, 2)]
    copied = said(*texts, texts[0] + "前", texts[-1] + "后")
    found = [finding for finding in compare(copied) if finding.at.line > len(texts)]
    assert [finding.beside.text for finding in found] == [texts[0], texts[-1]]


def test_every_text_that_is_said_is_read_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "set.yml"
    file.write_text(
        "- text: 3栋漏水\n  entities:\n  - {entity: place, text: 3栋}\n"
        "- turns: [积分制是啥, 那哪个管]\n- q: 谁负责\n"
        "- text: 电话1\n  found:\n  - {kind: phone, text: '1'}\n"
        "- clauses:\n  - clause: '3.1'\n    questions:\n    - 几户一个社区\n  unanswerable: [天气咋样]\n"
        "- now: 2026-04-15\n  sentences:\n  - {say: 明天}\n",
        encoding="utf-8",
    )
    assert [(sentence.text, sentence.line) for sentence in spoken([file])] == [
        ("3栋漏水", 1),
        ("那哪个管", 4),
        ("谁负责", 5),
        ("电话1", 6),
        ("几户一个社区", 12),
        ("天气咋样", 13),
        ("明天", 16),
    ]


def test_questions_on_documents_are_learnt_too(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "some.questions.yml").write_text("unanswerable: [天气咋样]\n", encoding="utf-8")
    (tmp_path / "talk.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n', encoding="utf-8"
    )
    assert [(sentence.text, sentence.intent) for sentence in learnt(tmp_path)] == [
        ("你好", Intent.GREET),
        ("天气咋样", None),
    ]


def test_intents_lack_what_they_have_too_few_of() -> None:
    needed = Counter({intent: FEWEST_OF_LARGE if intent in LARGE else FEWEST for intent in Intent})
    needed[Intent.VOTE] -= 3
    needed[Intent.OUT_OF_SCOPE] -= 1
    sentences = [sentence for intent, many in needed.items() for sentence in said(*["好"] * many, intent=intent)]
    assert missing(sentences) == {Intent.VOTE: 3, Intent.OUT_OF_SCOPE: 1}
