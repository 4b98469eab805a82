"""Finds what belongs together: annex rows and the clauses that set the same task, units and their short names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.terms import grams, plain

if TYPE_CHECKING:
    from collections.abc import Container

    from nlu.policy.clauses import Document
    from nlu.policy.terms import Thesaurus

_SAME_TASK = 0.5
_UNIT_ENDS = "局委办院"
_OF_MONEY = re.compile(r"[给出拨发]|的?(?:钱|款|补|资)")


def is_annex(clause_id: str) -> bool:
    """Whether a clause id is that of an annex row (`A14`)."""
    return clause_id[0].isalpha()


def overlap(part: str, whole: str) -> float:
    """The share (0 to 1) of the runs of two to four characters of `part` that `whole` (plain) holds too."""
    runs = {run for run in grams(plain(part), 4) if len(run) > 1}
    return sum(run in whole for run in runs) / len(runs) if runs else 0.0


def pair_tasks(document: Document) -> dict[str, str]:
    """For each annex row the id of the clause of the text that sets the same task; rows without one are left out."""
    body = [(clause.id, plain(clause.text)) for clause in document.clauses if not is_annex(clause.id)]
    pairs = {}
    for row in document.clauses:
        if is_annex(row.id) and body:
            share, clause_id = max((overlap(row.text, text), clause_id) for clause_id, text in body)
            if share >= _SAME_TASK:
                pairs[row.id] = clause_id
    return pairs


class Units:
    """The units that a document names as responsible, and how people call them."""

    def __init__(self, document: Document, thesaurus: Thesaurus) -> None:
        printed = dict.fromkeys(_bare(unit) for clause in document.clauses for unit in clause.departments)
        # 县级有关部门 names nobody that one could ask about.
        self.names: tuple[str, ...] = tuple(name for name in printed if not name.endswith(("部门", "单位")))
        self._known: dict[str, str] = {}
        for name in self.names:
            self._known |= {name: name, _without_county(name): name}
        for called, full in thesaurus.abbreviations.items():
            fitting = [name for name in self.names if full in (name, _without_county(name))]
            if fitting:
                self._known.setdefault(called, fitting[0])
        self._ambiguous = {called for called in self._known if len(called) == 2 and called[-1] not in _UNIT_ENDS}
        self._calls = re.compile("|".join(map(re.escape, sorted(self._known, key=len, reverse=True))) or r"(?!)")

    def named_in(self, question: str, known: Container[str]) -> tuple[tuple[str, ...], str]:
        """The units that `question` names, and `question` without them.

        A unit is known by its full name, without its county (民政局), or by an abbreviation (住建局) of no other.
        `known` holds the pairs of characters of the document, which tell whether a short name goes on as a longer word.
        """
        found: dict[str, None] = {}

        def taken(match: re.Match[str]) -> str:
            # 财政 is the bureau in 财政管不管, and is none in 财政预算 or 财政拨款.
            goes_on = question[match.end() - 1 : match.end() + 1] in known or _OF_MONEY.match(question, match.end())
            if match.group() in self._ambiguous and goes_on:
                return match.group()
            found.setdefault(self._known[match.group()])
            return " "

        rest = self._calls.sub(taken, question)
        for end in [index for index, character in enumerate(rest) if character in _UNIT_ENDS]:
            for start in range(max(end - 6, 0), end - 1):
                if fitting := self._abbreviated_by(rest[start : end + 1]):
                    found.setdefault(fitting)
                    rest = rest[:start] + " " * (end + 1 - start) + rest[end + 1 :]
                    break
        return tuple(found), " ".join(rest.split())

    def _abbreviated_by(self, short: str) -> str | None:
        """The one unit whose name holds the characters of `short` in order, from its first to its last."""
        fitting = [
            name for name in self.names if name[-1] == short[-1] and _is_subsequence(short, _without_county(name))
        ]
        return fitting[0] if len(fitting) == 1 else None

    @staticmethod
    def is_responsible(unit: str, departments: tuple[str, ...]) -> bool:
        """Whether `unit` is one of the printed `departments`."""
        return any(_bare(printed) == unit for printed in departments)


def _bare(unit: str) -> str:
    return unit.removesuffix("等")


def _without_county(unit: str) -> str:
    short = re.sub(r"^(?:县委(?!员)|市委(?!员)|县|市|区|镇|乡)", "", unit)
    return short if len(short) > 1 else unit


def _is_subsequence(short: str, name: str) -> bool:
    characters = iter(name)
    return short[0] == name[0] and all(character in characters for character in short)
