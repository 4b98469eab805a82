"""A small evaluation set, and a model that answers it in a known way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.evaluation.report import Report, evaluate
from bot.evaluation.sets import read_set
from nlu.parser import Parser
from nlu.understanding import NO_CONTEXT, Intent

if TYPE_CHECKING:
    from pathlib import Path

    from nlu.understanding import Context, Ranking

INTENTS = """
- {text: 你好, intent: greet}
- {text: 在不在, intent: greet, accept: [talk_to_human]}
- {text: <打个招呼>, intent: greet}
- {text: 收到, intent: acknowledge_notice}
- {text: 楼上着火了, intent: report_emergency}
- {text: 三栋出大事了, intent: report_emergency}
- {text: 火锅店好火, intent: out_of_scope}
- {text: 今天股市咋样, intent: out_of_scope}
- text: 3号楼2单元漏水，012号有3个人报过，明天来看
  intent: report_incident
  entities:
  - {entity: place, text: 3号楼2单元, value: 3栋2单元}
  - {entity: category, text: 漏水, value: water_leak}
  - {entity: category, text: 来看, value: noise}
  - {entity: case_number, text: "012", value: "012"}
  - {entity: count, text: 3个人, value: 4}
  - {entity: time, text: 明天}
"""
PERSONAL_DATA = """
- text: 电话13900001111，车牌川A12345
  found:
  - {kind: phone, text: "13900001111"}
  - {kind: plate, text: 川A12345}
- text: 我的暗号是芝麻开门
  found:
  - {kind: wechat_id, text: 芝麻开门}
- text: 打我电话13900001111
  found:
  - {kind: phone, text: 电话13900001111}
- {text: 打12345, found: []}
- {text: 打13900002222, found: []}
"""
TIMES = """
table:
- now: 2026-04-15T10:20
  subject: days
  sentences:
  - {say: 明天, start: 2026-04-16}
  - {say: 明天下午三点, start: 2026-04-16T15:00}
  - {say: 明天, start: 2026-04-16T00:00}
- now: 2026-04-15T10:20
  subject: no time
  sentences:
  - {say: 三点建议}
"""
ANSWERS = {
    "你好": (Intent.GREET, 0.95),
    "在不在": (Intent.TALK_TO_HUMAN, 0.65),
    "<打个招呼>": (Intent.HELP, 0.55),
    "收到": (Intent.AFFIRM, 0.45),
    "楼上着火了": (Intent.REPORT_EMERGENCY, 0.99),
    "三栋出大事了": (Intent.REPORT_INCIDENT, 0.96),
    "火锅店好火": (Intent.REPORT_EMERGENCY, 0.91),
    "今天股市咋样": (Intent.HELP, 0.1),
}
SECOND = {"收到": Intent.ACKNOWLEDGE_NOTICE}


class KnownModel:
    """Ranks the intents of the small set as it is told above; anything else is a report of an incident."""

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - it knows no context
        """The intent that it was told, a second one, and the others with no confidence at all."""
        intent, confidence = ANSWERS.get(text, (Intent.REPORT_INCIDENT, 1.0))
        others = [SECOND[text]] if text in SECOND else []
        others += [other for other in Intent if other not in (intent, *others)]
        return ((intent, confidence), *((other, 0.0) for other in others))


def write_set(folder: Path) -> Path:
    """Write the whole set."""
    for name, content in (("intents", INTENTS), ("personal_data", PERSONAL_DATA), ("times", TIMES)):
        (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    return folder


def report_on(folder: Path, *models: str) -> Report:
    """The report of the set in `folder`, for as many names of the known model."""
    return evaluate(read_set(folder), {name: Parser(KnownModel()) for name in models or ("known",)})
