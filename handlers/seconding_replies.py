"""Every sentence about points for which a second person has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.credits import CreditRequest
    from storage.people import Person


def named(person: Person) -> str:
    """A person as staff read of them."""
    return person.name or "一位居民"


def please_second(request: CreditRequest, refused: int) -> Reply:
    """To whoever may agree: who wants to give whom how much for what, and when that was typed in."""
    if request.aid_match is not None:
        kind = "邻居说帮上了，超过一个人能批的分数"
    elif request.participation is not None:
        kind = "有签到记录，超过一个人能批的分数"
    else:
        kind = "没有签到记录，是手工补记"
    before = f"\n这个月给他的申请已经有{refused}次没被同意。" if refused else ""
    said = (
        f"积分申请{request.id}：{named(request.asked_by)}要给{named(request.person)}加{request.amount}分，"
        f"理由：{request.reason}（{kind}，{moment(request.asked_at)}提出）。要您也同意才算数，"
        f"{moment(request.expires_at)}以前有效。通过后公示，您也算经手人。{before}"
    )
    return Reply(said, _choices(request))


def _choices(request: CreditRequest) -> tuple[Choice, ...]:
    return (
        Choice("同意", Intent.CHECK_POINTS, f"同意积分申请{request.id}"),
        Choice("不同意", Intent.CHECK_POINTS, f"不同意积分申请{request.id}"),
    )


def nobody_to_second(person: Person) -> str:
    """Nobody is left who could be the second one."""
    return f"给{named(person)}加这个分要第二个人确认，现在没有合适的人（不能是您或他家里人），请上一级的管理员来办。"
