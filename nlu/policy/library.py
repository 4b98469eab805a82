"""The library: the search over the documents that are in force, built once for each set of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.document import parse
from nlu.policy.learned import LearnedArrays
from nlu.policy.questions import shipped_questions
from nlu.policy.search import PolicySearch
from nlu.policy.terms import DATA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nlu.policy.clauses import Document, Status


@dataclass(frozen=True, slots=True)
class Source:
    """One document as it is stored: `id` names the version, `text` is what was published.

    `status` is how binding it is by now; without it, what the text says of itself holds.
    """

    id: int
    text: str
    status: Status | None = None

    def read(self) -> Document:
        """The document in the text, with the status it has by now."""
        document = parse(self.text)
        return replace(document, status=self.status or document.status)


class Library(Protocol):
    """What answers questions from any set of documents."""

    def answer(self, turns: Sequence[str], sources: Sequence[Source]) -> PolicyAnswer:
        """Answer the last of `turns` from `sources` alone; ValueError where there are none."""

    def search_over(self, sources: Sequence[Source]) -> PolicySearch:
        """The search over exactly these documents."""


class PolicyLibrary:
    """Answers from any set of documents; the last set asked for is kept ready."""

    def __init__(self, folder: Path | None = None) -> None:
        """What is learned from training questions is kept in `folder`, so that the next start need not learn it."""
        self._kept = LearnedArrays(folder)
        self._lock = Lock()
        self._ready: tuple[tuple[tuple[int, Status | None], ...], PolicySearch] | None = None

    def answer(self, turns: Sequence[str], sources: Sequence[Source]) -> PolicyAnswer:
        """Answer the last of `turns` from `sources` alone; ValueError where there are none."""
        return answer(turns, self.search_over(sources))

    def search_over(self, sources: Sequence[Source]) -> PolicySearch:
        """The search over exactly these documents, with the training questions of those that have some."""
        versions = tuple((source.id, source.status) for source in sources)
        with self._lock:
            if self._ready is None or self._ready[0] != versions:
                documents = [source.read() for source in sources]
                self._ready = versions, PolicySearch(documents, shipped_questions(), kept=self._kept)
            return self._ready[1]


def shipped_text() -> str:
    """The text of the policy document that the product carries, as it was published."""
    return (DATA / "renshou-draft.txt").read_text(encoding="utf-8")
