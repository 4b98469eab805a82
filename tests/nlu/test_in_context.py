"""What is said in the middle of a talk: the file that the package carries, and what is refused with its line."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from nlu.in_context import FILE, ContextExample, load_in_context
from nlu.training_data import load_examples
from nlu.understanding import NO_CONTEXT, Context, Intent
from nlu.yaml_nodes import TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path

CONFIRMING = """\
- context: {form: report_dispute, confirming: true, offered: [affirm, deny]}
  says:
    affirm: [可以, 要得]
    report_dispute: [
      不是5栋是6栋, 5]
- context: {last: ask_policy}
  says:
    ask_policy: [那农村呢]
- context: {}
  says:
    out_of_scope: [no]
"""


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_each_text_comes_with_its_intent_context_and_line(tmp_path: Path) -> None:
    report = Context(
        form=Intent.REPORT_DISPUTE, confirming=True, offered=frozenset({Intent.AFFIRM, Intent.DENY}), last=None
    )
    assert load_in_context(written(tmp_path, CONFIRMING)) == (
        ContextExample("可以", Intent.AFFIRM, report, 3),
        ContextExample("要得", Intent.AFFIRM, report, 3),
        ContextExample("不是5栋是6栋", Intent.REPORT_DISPUTE, report, 5),
        ContextExample("5", Intent.REPORT_DISPUTE, report, 5),
        ContextExample("那农村呢", Intent.ASK_POLICY, Context(last=Intent.ASK_POLICY), 8),
        ContextExample("no", Intent.OUT_OF_SCOPE, NO_CONTEXT, 11),
    )


def test_the_sentences_without_context_pass_the_file_over(tmp_path: Path) -> None:
    assert load_examples(written(tmp_path, CONFIRMING)) == ()


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "expected a list"),
        ("version: 1", 1, "expected a list"),
        ("- context: {}", 1, "expected the keys context and says, found ['context']"),
        ("- context: {}\n  says: {}\n  also: 1", 1, "expected the keys"),
        ("- context: [form]\n  says: {}", 1, "expected a mapping"),
        ("- context: {from: greet}\n  says: {}", 1, "a context has no from"),
        ("- context: {form: greeting}\n  says: {}", 1, "unknown intent 'greeting'"),
        ("- context: {offered: greet}\n  says: {}", 1, "expected a list"),
        ("- context: {confirming: true}\n  says: {}", 1, "confirming is true, and of a form"),
        ("- context: {form: greet, confirming: false}\n  says: {}", 1, "confirming is true, and of a form"),
        ("- context: {}\n  says:\n    hello: [x]", 3, "unknown intent 'hello'"),
        ("- context: {}\n  says:\n    greet: x", 3, "expected a list"),
        ("- context: {}\n  says:\n    greet:\n      - x\n      - [y]", 5, "expected a text"),
        ("- context: {}\n  says:\n    greet: [x]\n    deny:\n      - x", 5, "x stands twice in this context"),
        ("- context: {}\n  says: {}\n- context: {}\n  says: {}", 3, "this context stands here twice"),
        ("- context: {", 2, "did not find expected"),
    ],
)
def test_what_breaks_the_format_is_refused_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(TrainingDataError) as refused:
        load_in_context(written(tmp_path, text))
    assert str(refused.value).startswith(f"{tmp_path / FILE}:{line}: ")
    assert problem in str(refused.value)


def test_the_same_short_words_mean_something_else_in_another_context() -> None:
    meanings: dict[str, set[Intent]] = defaultdict(set)
    for example in load_in_context():
        meanings[example.text].add(example.intent)
    for text in (
        "可以",
        "要得",
        "不是",
        "5",
        "就这些",
        "算了",
        "第二个",
        "我要来",
        "晓得了",
        "收到",
        "好久",
        "再说一遍",
    ):
        assert len(meanings[text]) > 1, text


def test_emergencies_break_into_forms_and_talks() -> None:
    contexts = {example.context for example in load_in_context() if example.intent is Intent.REPORT_EMERGENCY}
    forms = {example.context for example in load_in_context() if example.context.form is not None}
    broken_into = {context for context in forms if context in contexts}
    assert len(broken_into) >= 0.9 * len(forms)
