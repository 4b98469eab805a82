"""What was learned for the shipped document comes with the program, and a file that no longer fits is noticed."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nlu.policy import learned
from nlu.policy.document_index import DocumentIndex
from nlu.policy.learned import LEARNS, SHIPPED, LearnedArrays
from nlu.policy.questions import QuestionSet, shipped_questions
from nlu.policy.search import shipped_document
from nlu.policy.terms import shipped_thesaurus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

LARGEST = 10_000_000
# These hold values only, and what they hold is in the key by itself.
VALUES = {"clauses", "questions", "learned"}


class OnlyShipped(LearnedArrays):
    """Learns nothing."""

    def recall(
        self,
        text: str,
        learn: Callable[[], Mapping[str, NDArray[np.generic]]],  # noqa: ARG002
        *,
        models: bool = False,
    ) -> learned.Arrays:
        def refuse() -> Mapping[str, NDArray[np.generic]]:
            raise AssertionError("nlu/policy/learned is stale: run `make head`")

        return super().recall(text, refuse, models=models)


def test_all_that_the_shipped_document_needs_is_shipped_and_no_more() -> None:
    used: set[Path] = set()
    kept = OnlyShipped(used=used)
    index = DocumentIndex(shipped_document(), shipped_thesaurus(), kept, shipped_questions())
    index.models_for_text(kept)
    assert used == set(SHIPPED.glob("*"))
    assert sum(path.stat().st_size for path in used) < LARGEST


def test_what_is_learned_depends_on_the_modules_that_the_key_is_made_of() -> None:
    seen: set[str] = set()
    todo = ["document_index"]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += imported((Path(learned.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    assert seen - VALUES == set(LEARNS)


def imported(code: str) -> list[str]:
    nodes = [node.module or "" for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return [module.split(".")[2] for module in nodes if module.startswith("nlu.policy.")]


@pytest.mark.parametrize("models", [True, False])
def test_another_text_is_learned_anew_and_kept(tmp_path: Path, *, models: bool) -> None:
    asked: list[str] = []

    def learn() -> dict[str, NDArray[np.float64]]:
        asked.append("learned")
        return {"numbers": np.arange(3.0)}

    for _ in range(2):
        found = LearnedArrays(tmp_path).recall("a text that no document has", learn, models=models)
        np.testing.assert_array_equal(found["numbers"], [0.0, 1.0, 2.0])
    assert asked == ["learned"]


def test_other_questions_or_another_text_are_another_key() -> None:
    class Keys(LearnedArrays):
        """Keeps the descriptions, and gives what is shipped so that nothing is learned."""

        def __init__(self) -> None:
            super().__init__()
            self.keys: list[str] = []

        def recall(
            self, text: str, learn: Callable[[], Mapping[str, NDArray[np.generic]]], *, models: bool = False
        ) -> learned.Arrays:
            if models:
                self.keys.append(text)
                raise KeyboardInterrupt
            return super().recall(text, learn)

    questions = shipped_questions()
    fewer = QuestionSet(questions.document, questions.answered[:-1], questions.unanswerable)
    first, *others = shipped_document().clauses
    renamed = replace(shipped_document(), clauses=(replace(first, heading="另一个标题"), *others))
    keys = Keys()
    for document, asked in ((shipped_document(), questions), (shipped_document(), fewer), (renamed, questions)):
        with pytest.raises(KeyboardInterrupt):
            DocumentIndex(document, shipped_thesaurus(), keys, asked)
    assert len(set(keys.keys)) == 3
