"""What is said where somebody reports for somebody else (代报)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.replies.describing import about_case
from handlers.cases.replies.report import receipt
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.cases import Case
    from storage.people import Person


def ask_consent(values: dict[str, Any]) -> Reply:
    """Nobody is reported for without knowing of it."""
    return Reply(f"{values['name']}本人同意报吗？", (YES, Choice("没同意", Intent.DENY)))


def not_without_consent() -> Reply:
    """They did not agree."""
    return Reply("本人没同意，就先不报。问过了再跟我说。")


def ask_what(name: str) -> Reply:
    """For whom is known, and not what."""
    return Reply(f"帮{name}报什么事？接着说：发生了什么、在哪里，比如“帮{name}报：厨房水管爆了，本人同意”。")


def consent_noted(name: str) -> str:
    """The line of the history."""
    return f"代{name}报，本人同意"


@about_case
def filed_for_you(case: Case, by_whom: Person) -> Reply:
    """To the person for whom it was reported, who follows it as if they had done so themselves."""
    told = receipt(case, case.assignee)
    return Reply(f"{by_whom.name or '网格员'}帮您报了一件事（{case.place}）。{told.text}", told.choices)
