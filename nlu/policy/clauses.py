"""What a policy document is once it has been read: its clauses, its status and what the reader was unsure of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime


class DocumentError(Exception):
    """A file or text that is no policy document; its text is the sentence for the person who sent it."""


class Status(StrEnum):
    """How binding a document is; the values are the words that documents and answers use."""

    DRAFT = "征求意见稿"
    IN_FORCE = "现行"
    REPEALED = "已废止"


@dataclass(frozen=True, slots=True)
class Clause:
    """One citable piece of a document.

    `id` follows the document's own numbering (`3.2.4`, `16`, `A14` for row 14 of the annex). `heading` is the short
    heading as printed, empty where none is printed; `path` the headings above it, outermost first. `text` is what is
    printed below the heading, word for word: paragraphs that were broken in mid-sentence are joined, real paragraphs
    and items stay apart by a line feed. `departments` are the units named as responsible for exactly this clause, in
    the order and spelling of the document (a closing 等 stays with the last one).
    """

    id: str
    heading: str
    path: tuple[str, ...]
    text: str
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document read into clauses, in printed order.

    `issuer`, `number` (文号), `date` (of issue) and `effective` (the day it takes effect) are None where the document
    does not print them. `uncertain` holds one Chinese sentence for each thing that a person should look at before
    relying on the reading.
    """

    title: str
    status: Status
    issuer: str | None
    number: str | None
    date: datetime.date | None
    clauses: tuple[Clause, ...]
    uncertain: tuple[str, ...] = ()
    effective: datetime.date | None = None

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, or None."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)
