"""What the bot says to whoever offers help or has helped."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.aid.replies import STATES, described, human, in_short, listed, number, take, time_of
from handlers.aid.rules import settings
from handlers.forms.replies import YES
from handlers.phrases import day
from handlers.turn import Choice, Reply
from nlu.mutual_aid import OTHER, kinds
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.aid import AidMatch, AidOffer, AidRequest


def about_offer(_values: dict[str, Any]) -> str:
    """What offering help is called while it is not done."""
    return "登记您能帮的忙"


def ask_what_you_can(_values: dict[str, Any]) -> Reply:
    """With what somebody can help."""
    return Reply("您能帮哪方面？比如“修水管”“买菜带东西”“陪老人看病”，都可以就说“都行”。")


def confirm_offer(values: dict[str, Any]) -> Reply:
    """What is kept of an offer, to be confirmed."""
    buttons = (YES, Choice("不对", Intent.DENY))
    kind = "各种忙" if values["kind"] == OTHER else kinds()[values["kind"]]
    says = "" if values["in_group"] else f"（{values['what']}）"
    return Reply(
        f"登记您能帮的：{kind}{says}，{time_of(values)}，留到{day(_local(values['until']))}。有邻居要，我私下问您，您答应了才对接。对不对？",
        buttons,
    )


def _local(iso: str) -> Any:
    return datetime.fromisoformat(iso).astimezone(SHANGHAI).date()


def barred() -> str:
    """A complaint stands against whoever speaks."""
    return "有邻居反映过您参加的互助，网格员核实完以前，先不能帮忙对接。有话要说，可以说“转人工”。"


def offered(offer: AidOffer, fitting: Sequence[AidRequest]) -> Reply:
    """An offer stands now; and who waits for such help already."""
    kept = f"记下了，谢谢您！留到{day(offer.expires_at.astimezone(SHANGHAI).date())}。不想帮了就说“撤掉我的互助”。"
    if not fitting:
        return Reply(f"{kept}现在还没有邻居要这个忙，有了我告诉您。")
    return Reply(f"{kept}\n现在就有邻居要：\n{listed(fitting)}\n要去帮哪一件？", tuple(map(take, fitting)))


def offered_in_group() -> Reply:
    """An offer stands; what fits is said in private."""
    return Reply("记下了，谢谢您！有邻居要，我私下告诉您。")


def somebody_needs(request: AidRequest) -> Reply:
    """To a neighbour who can help with this."""
    return Reply(f"有邻居要帮忙。{described(request)}\n您能去吗？不方便不用回。", (take(request),))


def waiting(requests: Sequence[AidRequest], *, in_group: bool) -> Reply:
    """What waits for helpers."""
    if in_group:
        lines = "\n".join(f"· {in_short(request)}" for request in requests)
        return Reply(f"等着人帮的：\n{lines}\n能帮的私下跟我说编号，比如“我来帮{requests[0].id}号”。")
    return Reply(f"等着人帮的：\n{listed(requests)}\n能帮哪一件？", tuple(map(take, requests)))


def nobody_waits() -> Reply:
    """Nothing waits for helpers."""
    return Reply("现在没有邻居在等人帮忙。您能帮哪方面可以先告诉我，比如“我会修水管，周末有空”，有人要我就问您。")


def over(request: AidRequest) -> str:
    """It cannot be taken any more."""
    return f"{number(request)}{STATES[request.state]}，不用再去了，谢谢您！"


def your_own() -> str:
    """Nobody helps themselves."""
    return "这是您自己要人帮的那一件。"


def taken_already(request: AidRequest) -> str:
    """Whoever speaks has said so before."""
    return f"{number(request)}您已经说过要来，等对方回话就行。去不了就说“{number(request)}来不了”。"


def only_confirmed() -> str:
    """To children only somebody comes whom a grid member knows."""
    return "照看孩子的事，只能请网格员核实过住址的邻居去。先登记住址（说“我是某某，住几栋几单元”），核实了就可以。"


def on_its_way(request: AidRequest) -> Reply:
    """To a helper who waits for the other's word."""
    return Reply(f"好，谢谢您！我问问对方，同意了就把电话互相给你们。去不了就说“{number(request)}来不了”。")


def about_taking(request: AidRequest) -> str:
    """What a helper agrees to."""
    return f"您去帮{described(request)}。"


def not_this_time(match: AidMatch) -> Reply:
    """To a helper who is not needed."""
    return Reply(f"{number(match.request)}这次不用了，对方另有安排，您的电话没有给出去。谢谢您的好意！")


def quit_noted(request: AidRequest) -> Reply:
    """To a helper who cannot come."""
    return Reply(f"好，{number(request)}我跟对方说您来不了了。")


def offers_withdrawn() -> Reply:
    """Nothing more is offered."""
    return Reply("好，您登记的能帮的忙都撤了，不再推给别人。")


def thanks(match: AidMatch, *, for_points: bool) -> Reply:
    """To the helper."""
    points = f"社区审核通过的话，记{settings().points}分。" if for_points else ""
    return Reply(f"{in_short(match.request)}：对方说帮上了，谢谢您！{points}")


def points_given(match: AidMatch, given: int, balance: int) -> Reply:
    """To the helper."""
    if not given:
        return Reply(f"{number(match.request)}审核通过了，不过您今天或者这个月的积分已经到上限，这次没有加分。")
    return Reply(f"{number(match.request)}审核通过，加了{given}分，现在{balance}分。谢谢您！")


def points_refused(match: AidMatch) -> Reply:
    """To the helper."""
    return Reply(f"{number(match.request)}的积分没有审核通过。有疑问可以说“转人工”。", (human(),))


def not_helped_after_all(match: AidMatch) -> Reply:
    """To the helper who did not come."""
    return Reply(f"{number(match.request)}：对方说没帮上，已经另外找人了。要是弄错了，请直接跟对方说清楚。")


def expired_for_helper(request: AidRequest) -> Reply:
    """To a helper who was never answered."""
    return Reply(f"{in_short(request)}：时间过了，对方没有回话，不用去了。您的电话没有给出去，谢谢您！")
