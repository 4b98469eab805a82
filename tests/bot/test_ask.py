"""`gridbot ask` answers the last question of a line, and all that it asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import commands
from nlu.policy.search import shipped_search
from nlu.times import SHANGHAI


def ask(**data: Any) -> dict[str, Any]:
    return commands.ask(shipped_search(), lambda: datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI), data)


def test_two_questions_of_one_line_are_answered_together() -> None:
    said = ask(q="志愿者要多少比例，垃圾分类归哪个管")
    assert said["answered"]
    assert said["clauses"] == ["3.1.4", "A19", "3.3.1"]
    assert said["departments"][-1] == "县综合行政执法局"
    assert [quote["clause"] for quote in said["quotes"]] == ["3.1.4", "A19"]
    assert "要达到13%以上。" in said["text"]


def test_a_refusal_holds_nothing() -> None:
    said = ask(turns=["垃圾分类归哪个管", "低保标准是多少"])
    assert (said["answered"], said["clauses"], said["departments"], said["quotes"]) == (False, [], [], [])
    assert "没有写" in said["text"]


def test_too_vague_a_question_is_asked_back() -> None:
    said = ask(q="社区咋办")
    assert (said["answered"], said["clauses"]) == (False, [])
    assert "您具体想问哪一件" in said["text"]


def test_a_deadline_is_set_beside_the_moment_that_is_given() -> None:
    assert "今天是2026年4月15日" in ask(q="志愿者好久要达到13%")["text"]
    assert "今天是" not in ask(q="志愿者好久要达到13%", now="2019-04-15T10:20:00+08:00")["text"]
