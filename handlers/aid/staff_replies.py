"""What the bot says about mutual aid to grid members and those who approve points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.aid.replies import described, full_name, in_short, listed, number, take
from handlers.aid.rules import settings
from handlers.turn import Choice, Reply
from nlu.mutual_aid import kinds
from nlu.personal_data import mask
from nlu.understanding import Intent
from storage.aid import PointsState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.aid import AidMatch, AidRequest


def ask_for_points(match: AidMatch) -> Reply:
    """To whoever approves."""
    request = match.request
    return Reply(
        f"{in_short(request)}。{full_name(match.helper)}去帮的，{full_name(request.requester)}说帮上了。给{full_name(match.helper)}记{settings().points}分吗？",
        (
            Choice("通过", Intent.OFFER_MUTUAL_AID, f"{number(request)}通过", is_yes=True),
            Choice("不通过", Intent.OFFER_MUTUAL_AID, f"{number(request)}不通过", is_yes=False),
        ),
    )


def no_points_to_decide(request: AidRequest) -> str:
    """Nothing waits for approval, or not by this person."""
    return f"{number(request)}没有等您审核的积分。自己参加的、自己家里人的，要别人来审核。"


def decided(done: Sequence[tuple[AidMatch, int]]) -> Reply:
    """To whoever approved or not: what each was given, and what waits for somebody else."""
    return Reply("\n".join(_decided(match, given) for match, given in done))


def _decided(match: AidMatch, given: int) -> str:
    name = full_name(match.helper)
    match match.points:
        case PointsState.SECONDING:
            return f"{name}：这几天由您一个人给的分到限了，已经请第二个人确认，确认了才到账。"
        case PointsState.ASKED:
            return f"{name}：这次要第二个人确认，但没有合适的人，请别的审核人来办。"
        case _:
            return f"好，{name}记了{given}分。" if given else f"好，{name}没有记分。"


def points_reason(request: AidRequest) -> str:
    """The line of the ledger."""
    return f"邻里互助：{kinds()[request.kind]}"


def complaint_to_check(match: AidMatch, of_helper: bool) -> Reply:
    """To a grid member: what somebody says of a neighbour."""
    request = match.request
    one, other = full_name(request.requester), full_name(match.helper)
    by, about = (one, other) if of_helper else (other, one)
    return Reply(
        f"{in_short(request)}。{by}反映{about}：“{mask(match.complaint)}”。请核实。核实前不再对接{about}。",
        (
            Choice("属实，停止对接", Intent.OFFER_MUTUAL_AID, f"{number(request)}反映属实"),
            Choice("不属实，恢复", Intent.OFFER_MUTUAL_AID, f"{number(request)}反映不属实"),
        ),
    )


def complaint_decided(request: AidRequest, *, upheld: bool) -> Reply:
    """To whoever checked it."""
    result = f"以后{settings().complaint_days}天不再对接这个人" if upheld else "可以照常对接了"
    return Reply(f"好，{number(request)}的反映记为{'属实' if upheld else '不属实'}，{result}，也告诉了反映的人。")


def nothing_to_check(request: AidRequest) -> str:
    """No complaint waits."""
    return f"{number(request)}没有等您核实的反映。"


def nobody_took(request: AidRequest) -> Reply:
    """To a grid member: a neighbour waits, and nobody came forward."""
    old = f"是替{mask(request.for_whom)}找的。" if request.for_whom else ""
    return Reply(
        f"有邻居要帮忙，还没人接。{described(request)}。{old}请看看能不能帮着找个人，您自己能去就点“我来”。",
        (Choice("我来", Intent.OFFER_MUTUAL_AID, f"{number(request)}我来"),),
    )


def careful_match(match: AidMatch) -> Reply:
    """To a grid member: somebody will look after a child."""
    return Reply(
        f"跟您说一声：{in_short(match.request)}，说好由{full_name(match.helper)}去帮{full_name(match.request.requester)}，涉及孩子，请留意。"
    )


def untaken(requests: Sequence[AidRequest]) -> Reply:
    """To staff: what nobody has taken."""
    if not requests:
        return Reply("现在没有没人接的互助。")
    return Reply(f"没人接的互助：\n{listed(requests)}", tuple(map(take, requests[:5])))
