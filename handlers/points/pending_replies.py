"""Every sentence about points of which it is not decided whether somebody gets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.points.credit_replies import request_line
from handlers.seconding_replies import named
from handlers.turn import Choice, Reply
from nlu.mutual_aid import kinds
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.aid import PointsState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.aid import AidMatch
    from storage.credits import CreditRequest
    from storage.volunteers import Participation

MOST = 8
"""Lines of each kind."""

SECOND, APPROVAL = "等第二个人确认", "等审核"


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody is to get: for check-ins, by requests, and for help that a neighbour has thanked for."""

    parts: Sequence[Participation]
    requests: Sequence[CreditRequest]
    help: Sequence[AidMatch]

    def lines(self) -> list[str]:
        """A line for each, no more than are shown."""
        asked = {request.participation_id for request in self.requests}
        said = [
            f"· {part.activity.title}（{_day_of(part)}），{part.activity.points}分，"
            f"{SECOND if part.id in asked else APPROVAL}"
            for part in self.parts
            if part.activity.points
        ]
        by_hand = [each for each in self.requests if each.participation_id is None and each.aid_match_id is None]
        said += [f"· {each.reason}，{each.amount}分，{SECOND}" for each in by_hand]
        said += [
            f"· {_called(match)}，{SECOND if match.points is PointsState.SECONDING else APPROVAL}"
            for match in self.help
        ]
        return _shown(said)


def own(waiting: Own, balance: int) -> Reply:
    """To a resident: what they are to get, and by whom it is decided."""
    lines = waiting.lines()
    if not lines:
        return Reply(f"您没有等确认的积分，现在有{balance}分。")
    return Reply("\n".join(["您还没到账的积分：", *lines, f"审核通过就到账，会告诉您。现在有{balance}分。"]))


def of_staff(
    to_second: Sequence[CreditRequest],
    asked: Sequence[CreditRequest],
    parts: Sequence[Participation],
    help_given: Sequence[AidMatch],
    mine: Own,
) -> Reply:
    """To an approver: what waits for them, what they have asked of others, and what they are to get."""
    said: list[str] = []
    if to_second:
        said += ["等您确认的（第二个人）："]
        said += _shown([f"· {request_line(each)}，{named(each.asked_by)}提出" for each in to_second])
        said.append("说“同意积分申请”或“不同意积分申请”加编号。")
    if parts:
        said += [f"等您审核的打卡（{len(parts)}条）："]
        said += _shown(
            [
                f"· {named(each.person)}，{each.activity.title}（{_day_of(each)}），{each.activity.points}分"
                for each in parts
            ]
        )
    if help_given:
        said += ["等您审核的互助：", *_shown([f"· {_called(each)}，{named_helper(each)}去帮的" for each in help_given])]
        said.append("说“互助几号通过”或“互助几号不通过”。")
    if asked:
        said += ["您提出、等别人确认的：", *_shown([f"· {request_line(each)}" for each in asked])]
    lines = mine.lines()
    if lines:
        said += ["您自己还没到账的：", *lines]
    choices = (Choice("审核打卡", Intent.APPROVE_CHECK_IN),) if parts else ()
    return Reply("\n".join(said) if said else "没有等确认的积分，打卡、补记、互助都没有。", choices)


def named_helper(match: AidMatch) -> str:
    """Who helped, as staff read of them."""
    return named(match.helper) if match.helper is not None else "一位居民"


def _called(match: AidMatch) -> str:
    return f"互助{match.request_id}号（{kinds()[match.request.kind]}）"


def _day_of(part: Participation) -> str:
    return day((part.checked_in_at or part.activity.start).astimezone(SHANGHAI).date())


def _shown(lines: Sequence[str]) -> list[str]:
    more = [f"· 还有{len(lines) - MOST}条"] if len(lines) > MOST else []
    return [*lines[:MOST], *more]
