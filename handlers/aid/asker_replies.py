"""What the bot says to whoever asks neighbours for help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.aid.replies import full_name, human, in_short, number, somebody, time_of
from handlers.aid.rules import settings
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.mutual_aid import kinds
from nlu.understanding import Intent
from storage.aid import AidState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.aid import AidMatch, AidRequest


def about_request(_values: dict[str, Any]) -> str:
    """What asking for help is called while it is not done."""
    return "找邻居帮忙"


def ask_what(_values: dict[str, Any]) -> Reply:
    """With what help is wanted."""
    return Reply("要邻居帮什么忙？比如“买药”“搬东西”“接娃”。")


def ask_agreement(values: dict[str, Any]) -> Reply:
    """Whether somebody agrees for whom help is asked."""
    return Reply(f"{values['named']}本人或者家里人同意您帮忙找人吗？", (Choice("同意的"), Choice("还没问")))


def not_without_agreement() -> Reply:
    """Nobody is asked to come to somebody who does not know of it."""
    return Reply("那先不登记。问过本人或者家里人，同意了再跟我说一声；要是急，说“转人工”找网格员。", (human(),))


def confirm_request(values: dict[str, Any]) -> Reply:
    """What neighbours will read, to be confirmed; in a group the kind and the day alone."""
    buttons = (YES, Choice("不对", Intent.DENY))
    kind = kinds()[values["kind"]]
    if values["in_group"]:
        return Reply(f"找邻居帮忙：{kind}，{time_of(values)}。登记吗？电话、门牌号别在群里说。", buttons)
    whom = f"\n替谁：{values['for_whom']}" if values["for_whom"] else ""
    place = f"\n地方：{values['place']}（只给答应来帮的那一位）" if values.get("place") else ""
    people = f"\n要{values['wanted']}个人" if values["wanted"] > 1 else ""
    return Reply(
        f"登记邻里互助：{kind}，{time_of(values)}{people}{whom}{place}\n邻居看到的是：“{values['what']}”，看不到您是谁。\n对不对？",
        buttons,
    )


def registered(request: AidRequest, *, in_group: bool) -> Reply:
    """A request waits for helpers now."""
    if in_group:
        return Reply(
            f"登记好了。{in_short(request)}。能帮的邻居私下跟我说“我来帮{request.id}号”，电话地址不用发在群里。"
        )
    careful = (
        "接送、照看孩子，只对接网格员核实过住址的邻居；见面请先认清人。" if request.kind in settings().careful else ""
    )
    return Reply(
        f"登记好了，编号是{number(request)}。有邻居愿意来，我先问您，您同意了才把电话给对方。{careful}"
        f"没人接的话，到时候会告诉网格员。不用了就说“{number(request)}撤了”。"
    )


def too_many() -> str:
    """Somebody waits for much already."""
    return f"您已经有{settings().most_open}件事在找人帮忙了，先等等。不用的可以撤掉，说“我的互助”看看。"


def asked_already(request: AidRequest) -> str:
    """The same is asked twice."""
    return f"这件事您登记过了：{in_short(request)}，还在找人。不用了就说“{number(request)}撤了”。"


def in_the_past() -> str:
    """The time has passed."""
    return "您说的时间已经过了，请说一个以后的时间。"


def child_speaks() -> str:
    """A child wants help for itself: a grown-up has to ask."""
    return "小朋友，这个要请家里大人来跟我说，电话别随便给人。大人不在又着急，就点“转人工”找网格员；有危险打110。"


ABUSE = {
    "money": "邻里互助不能借钱、垫钱、转账。手头真有困难，可以说“转人工”，请社区看能不能申请救助。",
    "loan": "贷款、刷单、投资、验证码这些不是邻里互助，多半是骗局，不能在这里发。已经转了钱，请马上打96110或者110。",
    "trade": "买卖、招工、出租、推销不能放进邻里互助，这里只帮不收钱的忙。",
}


def somebody_comes(match: AidMatch, place: int) -> Reply:
    """To whoever asked: a neighbour wants to help."""
    request = match.request
    helper, known = match.helper, ""
    if helper is not None and helper.confirmed_at is not None:
        known = "，住址网格员核实过"
    where = helper.area.name if helper is not None else ""
    return Reply(
        f"{in_short(request)}。{where}的{somebody(helper)}愿意来帮{known}。同意的话，你们的电话互相告诉对方。",
        (
            Choice("同意", Intent.REQUEST_MUTUAL_AID, f"{number(request)}同意第{place}位", is_yes=True),
            Choice("换一个人", Intent.REQUEST_MUTUAL_AID, f"{number(request)}换一个第{place}位", is_yes=False),
        ),
    )


def about_agreeing(match: AidMatch) -> str:
    """What whoever asked agrees to."""
    return f"请{somebody(match.helper)}来帮{number(match.request)}。"


def nobody_waits_for_an_answer() -> Reply:
    """To a yes or no that nobody asked for."""
    return Reply("现在没有等您答复的互助。要找人帮忙，直接说要帮什么、什么时候。")


def declined(request: AidRequest) -> Reply:
    """To whoever asked for somebody else."""
    return Reply(f"好，{number(request)}接着给您找人，没有把您的电话给出去。")


def nobody_to_agree(request: AidRequest) -> str:
    """Nobody waits for an answer."""
    return f"{number(request)}现在没有等您回话的人。"


def which_helper(matches: Sequence[AidMatch]) -> Reply:
    """Several want to help."""
    request = matches[0].request
    choices = tuple(
        Choice(
            f"第{place}位，{somebody(match.helper)}",
            Intent.REQUEST_MUTUAL_AID,
            f"{number(request)}同意第{place}位",
        )
        for place, match in enumerate(request.matches, 1)
        if match in matches
    )
    return Reply(f"{number(request)}有{len(matches)}个人愿意来，要哪一位？", choices)


def withdrawn(request: AidRequest) -> Reply:
    """Taken back."""
    return Reply(f"好，{number(request)}撤了。")


def which_to_withdraw(requests: Sequence[AidRequest]) -> Reply:
    """Several could be meant."""
    choices = tuple(Choice(in_short(each), Intent.REQUEST_MUTUAL_AID, f"{number(each)}撤了") for each in requests[:5])
    return Reply("要撤哪一件？", choices)


def helper_is_gone(request: AidRequest) -> Reply:
    """To whoever asked: the helper cannot come after all."""
    again = "我接着给您找人。" if request.state is AidState.OPEN else ""
    return Reply(f"{in_short(request)}：说好来帮的那位邻居来不了了。{again}", (human(),))


def not_settled(request: AidRequest) -> str:
    """Nothing was settled that could have been done."""
    return f"{number(request)}还没有对接到人，没有可以确认的。"


def did_it_help(match: AidMatch) -> Reply:
    """Asked once after the time of the help."""
    request = match.request
    return Reply(
        f"{in_short(request)}，{full_name(match.helper)}帮上了吗？",
        (
            Choice("帮上了，谢谢", Intent.REQUEST_MUTUAL_AID, f"{number(request)}帮上了", is_yes=True),
            Choice("没帮上", Intent.REQUEST_MUTUAL_AID, f"{number(request)}没帮上", is_yes=False),
            _complain(request),
        ),
    )


def _complain(request: AidRequest) -> Choice:
    return Choice("反映问题", Intent.REQUEST_MUTUAL_AID, f"{number(request)}反映")


def thanked(request: AidRequest, *, for_points: bool) -> Reply:
    """To whoever was helped."""
    points = "也请社区审核给对方记一点积分。" if for_points else ""
    return Reply(f"好，替您谢谢对方了。{points}{number(request)}就结了。")


def not_helped(request: AidRequest) -> Reply:
    """To whoever was not helped."""
    text = f"抱歉，没帮上。{number(request)}"
    if request.state is AidState.OPEN:
        return Reply(f"{text}接着给您找人。", (_complain(request), human()))
    return Reply(f"{text}的时间已经过了，要再找人就重新说一遍。", (_complain(request), human()))


def expired(request: AidRequest) -> Reply:
    """To whoever asked: nobody came in time."""
    return Reply(
        f"{in_short(request)}：时间到了，没有找到能帮的邻居，抱歉。还要的话再说一遍，急的话找网格员。", (human(),)
    )


def settled_for_now(request: AidRequest) -> Reply:
    """To whoever wanted more helpers than came."""
    return Reply(f"{in_short(request)}：要{request.wanted}个人，时间到了，说好了{len(request.agreed)}个。")
