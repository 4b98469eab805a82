"""Every sentence that the bot says about mutual aid.

What neighbours read of each other before both have agreed names nobody, no door and no telephone; in a group it is the
kind of help and the day alone.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from handlers.aid.rules import settings
from handlers.consents import wording
from handlers.forms.replies import YES
from handlers.keeping import kept_for
from handlers.phrases import day, moment, span
from handlers.turn import Choice, Reply
from nlu.mutual_aid import OTHER, kinds
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.aid import AidState, MatchState, PointsState
from storage.consents import Purpose
from storage.retention import DataKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.aid import AidMatch, AidOffer, AidRequest
    from storage.people import Person

USE_KNOWN = "就用登记的电话"
NOT_GIVEN = "不留电话"
ANY_TIME = "时间好商量"
STATES = {
    AidState.OPEN: "还在找人",
    AidState.TAKEN: "有人帮了",
    AidState.DONE: "帮完了",
    AidState.WITHDRAWN: "撤了",
    AidState.EXPIRED: "过了时间",
}


def when(start: datetime | None, end: datetime | None, part: str | None) -> str:
    """The time at which help is wanted or given, as people say it."""
    if start is None:
        return f"{_before(end)}前" if end is not None else ANY_TIME
    local = start.astimezone(SHANGHAI)
    if local.time() != time():
        return span(start, end)
    last = end.astimezone(SHANGHAI).date() if end is not None else local.date()
    days = day(local.date()) if last == local.date() else f"{day(local.date())}到{day(last)}"
    return f"{days}{part or ''}"


def _before(end: datetime) -> str:
    local = end.astimezone(SHANGHAI)
    return moment(end) if local.time() != time() else day(local.date())


def number(request: AidRequest) -> str:
    """What a request is called: 互助3号."""
    return f"互助{request.id}号"


def in_short(request: AidRequest) -> str:
    """A request as anybody may read it, in a group too: its kind, when, and the grid."""
    at = when(request.start, request.end, request.part)
    return f"{number(request)}：{kinds()[request.kind]}，{at}，{request.area.name}"


def described(request: AidRequest) -> str:
    """A request as a neighbour reads it."""
    return f"{in_short(request)}（{request.what}）" if request.what else in_short(request)


def somebody(person: Person | None) -> str:
    """A neighbour before both have agreed."""
    return f"{person.name[0]}**" if person is not None and person.name else "一位邻居"


def full_name(person: Person | None) -> str:
    """A neighbour once both have agreed."""
    return person.name if person is not None and person.name else "这位邻居"


def about_request(_values: dict[str, Any]) -> str:
    """What asking for help is called while it is not done."""
    return "找邻居帮忙"


def about_offer(_values: dict[str, Any]) -> str:
    """What offering help is called while it is not done."""
    return "登记您能帮的忙"


def about_phone(_values: dict[str, Any]) -> str:
    """What agreeing to exchange telephones is called while it is not done."""
    return "邻里互助留电话"


def ask_what(_values: dict[str, Any]) -> Reply:
    """With what help is wanted."""
    return Reply("要邻居帮什么忙？比如“买药”“搬东西”“接娃”。")


def ask_what_you_can(_values: dict[str, Any]) -> Reply:
    """With what somebody can help."""
    return Reply("您能帮哪方面？比如“修水管”“买菜带东西”“陪老人看病”，都可以就说“都行”。")


def ask_when(_values: dict[str, Any]) -> Reply:
    """When help is wanted."""
    return Reply("什么时候要？", (Choice("今天"), Choice("明天"), Choice(ANY_TIME)))


def ask_agreement(values: dict[str, Any]) -> Reply:
    """Whether somebody agrees for whom help is asked."""
    return Reply(f"{values['named']}本人或者家里人同意您帮忙找人吗？", (Choice("同意的"), Choice("还没问")))


def not_without_agreement() -> Reply:
    """Nobody is asked to come to somebody who does not know of it."""
    return Reply("那先不登记。问过本人或者家里人，同意了再跟我说一声；要是急，说“转人工”找网格员。", (human(),))


def _time_of(values: dict[str, Any]) -> str:
    known = values["when"]
    start, end = (datetime.fromisoformat(known[key]) if known.get(key) else None for key in ("start", "end"))
    return when(start, end, known.get("part"))


def confirm_request(values: dict[str, Any]) -> Reply:
    """What neighbours will read, to be confirmed; in a group the kind and the day alone."""
    buttons = (YES, Choice("不对", Intent.DENY))
    kind = kinds()[values["kind"]]
    if values["in_group"]:
        return Reply(f"找邻居帮忙：{kind}，{_time_of(values)}。登记吗？电话、门牌号别在群里说。", buttons)
    whom = f"\n替谁：{values['for_whom']}" if values["for_whom"] else ""
    place = f"\n地方：{values['place']}（只给答应来帮的那一位）" if values.get("place") else ""
    people = f"\n要{values['wanted']}个人" if values["wanted"] > 1 else ""
    return Reply(
        f"登记邻里互助：{kind}，{_time_of(values)}{people}{whom}{place}\n邻居看到的是：“{values['what']}”，看不到您是谁。\n对不对？",
        buttons,
    )


def confirm_offer(values: dict[str, Any]) -> Reply:
    """What is kept of an offer, to be confirmed."""
    buttons = (YES, Choice("不对", Intent.DENY))
    kind = "各种忙" if values["kind"] == OTHER else kinds()[values["kind"]]
    says = "" if values["in_group"] else f"（{values['what']}）"
    return Reply(
        f"登记您能帮的：{kind}{says}，{_time_of(values)}，留到{day(_local(values['until']))}。有邻居要，我私下问您，您答应了才对接。对不对？",
        buttons,
    )


def _local(iso: str) -> Any:
    return datetime.fromisoformat(iso).astimezone(SHANGHAI).date()


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


def human() -> Choice:
    """A way to a human."""
    return Choice("转人工", Intent.TALK_TO_HUMAN)


def barred() -> str:
    """A complaint stands against whoever speaks."""
    return "有邻居反映过您参加的互助，网格员核实完以前，先不能帮忙对接。有话要说，可以说“转人工”。"


def offered(offer: AidOffer, fitting: Sequence[AidRequest]) -> Reply:
    """An offer stands now; and who waits for such help already."""
    kept = f"记下了，谢谢您！留到{day(offer.expires_at.astimezone(SHANGHAI).date())}。不想帮了就说“撤掉我的互助”。"
    if not fitting:
        return Reply(f"{kept}现在还没有邻居要这个忙，有了我告诉您。")
    return Reply(f"{kept}\n现在就有邻居要：\n{_lines(fitting)}\n要去帮哪一件？", tuple(map(_take, fitting)))


def offered_in_group() -> Reply:
    """An offer stands; what fits is said in private."""
    return Reply("记下了，谢谢您！有邻居要，我私下告诉您。")


def somebody_needs(request: AidRequest) -> Reply:
    """To a neighbour who can help with this."""
    return Reply(f"有邻居要帮忙。{described(request)}\n您能去吗？不方便不用回。", (_take(request),))


def _take(request: AidRequest) -> Choice:
    return Choice(f"我来帮{request.id}号", Intent.OFFER_MUTUAL_AID, f"{number(request)}我来", beside=False)


def _lines(requests: Sequence[AidRequest]) -> str:
    return "\n".join(f"· {described(request)}" for request in requests)


def waiting(requests: Sequence[AidRequest], *, in_group: bool) -> Reply:
    """What waits for helpers."""
    if in_group:
        lines = "\n".join(f"· {in_short(request)}" for request in requests)
        return Reply(f"等着人帮的：\n{lines}\n能帮的私下跟我说编号，比如“我来帮{requests[0].id}号”。")
    return Reply(f"等着人帮的：\n{_lines(requests)}\n能帮哪一件？", tuple(map(_take, requests)))


def nobody_waits() -> Reply:
    """Nothing waits for helpers."""
    return Reply("现在没有邻居在等人帮忙。您能帮哪方面可以先告诉我，比如“我会修水管，周末有空”，有人要我就问您。")


def no_such() -> str:
    """There is no such request, or not for whoever asks."""
    return "没找到这个编号的互助。说“有哪些要帮忙的”可以看等着的，说“我的互助”看您自己的。"


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


def ask_phone(values: dict[str, Any]) -> Reply:
    """Consent to pass the telephone on, asked of each side for itself."""
    words = wording(Purpose.AID)
    days = kept_for()[DataKind.AID_PHONES].days
    known = values.get("known")
    question = f"用登记的{mask(known)}吗？也可以另外说一个号码。" if known else "请说一个电话号码。"
    return Reply(
        f"{values['about']}\n要互相留个电话：存{words.keeps}，{words.why}，帮完{days}天后夜里自动删。{question}",
        (*((Choice(USE_KNOWN),) if known else ()), Choice(NOT_GIVEN)),
    )


def need_phone() -> str:
    """A yes without a telephone is not enough."""
    return "还没有您的电话。请说一个号码，只给对方看；不想留就说“不留电话”。"


def not_without_phone() -> Reply:
    """Nothing is passed on without both."""
    return Reply("好，不留。没有电话对不上，这次就不对接了，您的信息没有给任何人。")


def in_private() -> Reply:
    """Said in a group; the rest is for the two alone."""
    return Reply("这个我私下跟您说。电话、门牌号别发在群里。")


def say_here(said: str, text: str, intent: Intent) -> Reply:
    """In the private talk: do what was said in the group."""
    return Reply(f"您在群里说“{said}”，在这里接着办。", (Choice("接着办", intent, text),))


def on_its_way(request: AidRequest) -> Reply:
    """To a helper who waits for the other's word."""
    return Reply(f"好，谢谢您！我问问对方，同意了就把电话互相给你们。去不了就说“{number(request)}来不了”。")


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


def about_taking(request: AidRequest) -> str:
    """What a helper agrees to."""
    return f"您去帮{described(request)}。"


def about_agreeing(match: AidMatch) -> str:
    """What whoever asked agrees to."""
    return f"请{somebody(match.helper)}来帮{number(match.request)}。"


def contact(match: AidMatch, *, to_helper: bool) -> Reply:
    """The other one's name and telephone: the one message that says them."""
    request = match.request
    days = kept_for()[DataKind.AID_PHONES].days
    careful = "\n见面请先认清人，孩子、老人的事尽量在有人的地方交接。不收钱，有不对的马上跟我说。"
    if to_helper:
        whom = f"，替{request.for_whom}找的" if request.for_whom else ""
        where = f"\n地方：{request.place}" if request.place else ""
        return Reply(
            f"对上了。{in_short(request)}{whom}\n对方：{full_name(request.requester)}，电话{match.requester_phone}{where}{careful}\n"
            f"去不了了就说“{number(request)}来不了”。电话帮完{days}天后从这里删掉。"
        )
    return Reply(
        f"对上了。{in_short(request)}\n来帮您的：{full_name(match.helper)}，电话{match.helper_phone}{careful}\n电话帮完{days}天后从这里删掉。"
    )


def exchanged() -> Reply:
    """To whoever agreed; the telephone comes in a message of its own, which is forgotten later."""
    return Reply("好，电话已经互相告诉了。")


def not_this_time(match: AidMatch) -> Reply:
    """To a helper who is not needed."""
    return Reply(f"{number(match.request)}这次不用了，对方另有安排，您的电话没有给出去。谢谢您的好意！")


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


def quit_noted(request: AidRequest) -> Reply:
    """To a helper who cannot come."""
    return Reply(f"好，{number(request)}我跟对方说您来不了了。")


def offers_withdrawn() -> Reply:
    """Nothing more is offered."""
    return Reply("好，您登记的能帮的忙都撤了，不再推给别人。")


def mine(requests: Sequence[AidRequest], matches: Sequence[AidMatch], offers: Sequence[AidOffer]) -> Reply:
    """What somebody has asked for, helps with and offers."""
    lines = [f"· 要人帮 {described(each)}，{STATES[each.state]}" for each in requests]
    settled = {MatchState.OFFERED: "等对方回话", MatchState.AGREED: "说好了"}
    lines += [f"· 去帮 {described(each.request)}，{settled[each.state]}" for each in matches]
    lines += [f"· 能帮 {kinds()[each.kind]}，{when(each.start, each.end, each.part)}" for each in offers]
    return Reply("您的邻里互助：\n" + "\n".join(lines) if lines else "您现在没有登记邻里互助。")


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


def thanks(match: AidMatch, *, for_points: bool) -> Reply:
    """To the helper."""
    points = f"社区审核通过的话，记{settings().points}分。" if for_points else ""
    return Reply(f"{in_short(match.request)}：对方说帮上了，谢谢您！{points}")


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


def points_given(match: AidMatch, given: int, balance: int) -> Reply:
    """To the helper."""
    if not given:
        return Reply(f"{number(match.request)}审核通过了，不过您今天或者这个月的积分已经到上限，这次没有加分。")
    return Reply(f"{number(match.request)}审核通过，加了{given}分，现在{balance}分。谢谢您！")


def points_refused(match: AidMatch) -> Reply:
    """To the helper."""
    return Reply(f"{number(match.request)}的积分没有审核通过。有疑问可以说“转人工”。", (human(),))


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


def not_helped(request: AidRequest) -> Reply:
    """To whoever was not helped."""
    text = f"抱歉，没帮上。{number(request)}"
    if request.state is AidState.OPEN:
        return Reply(f"{text}接着给您找人。", (_complain(request), human()))
    return Reply(f"{text}的时间已经过了，要再找人就重新说一遍。", (_complain(request), human()))


def not_helped_after_all(match: AidMatch) -> Reply:
    """To the helper who did not come."""
    return Reply(f"{number(match.request)}：对方说没帮上，已经另外找人了。要是弄错了，请直接跟对方说清楚。")


def what_happened(request: AidRequest) -> Reply:
    """A complaint without words."""
    return Reply(
        f"什么问题？从“{number(request)}反映”说起，比如“{number(request)}反映他找我要钱”。马上有危险就打110。",
        (human(),),
    )


def complained(request: AidRequest) -> Reply:
    """To whoever complains."""
    return Reply(
        f"记下了，{number(request)}的情况已经告诉网格员去核实，核实完以前不会再给对方对接邻居。要钱的不要给；有危险马上打110。",
        (human(),),
    )


def no_other_side(request: AidRequest) -> str:
    """Only the two know of each other."""
    return f"{number(request)}还没有对接到人。有别的问题，说“转人工”。"


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


def your_complaint(request: AidRequest, *, upheld: bool) -> Reply:
    """To whoever had complained."""
    if upheld:
        return Reply(f"{number(request)}您反映的情况网格员核实了，属实，不会再给对方对接邻居。谢谢您说出来。")
    return Reply(f"{number(request)}您反映的情况网格员核实过，没有发现问题。还有话说可以说“转人工”。", (human(),))


def nothing_to_check(request: AidRequest) -> str:
    """No complaint waits."""
    return f"{number(request)}没有等您核实的反映。"


def expired(request: AidRequest) -> Reply:
    """To whoever asked: nobody came in time."""
    return Reply(
        f"{in_short(request)}：时间到了，没有找到能帮的邻居，抱歉。还要的话再说一遍，急的话找网格员。", (human(),)
    )


def expired_for_helper(request: AidRequest) -> Reply:
    """To a helper who was never answered."""
    return Reply(f"{in_short(request)}：时间过了，对方没有回话，不用去了。您的电话没有给出去，谢谢您！")


def settled_for_now(request: AidRequest) -> Reply:
    """To whoever wanted more helpers than came."""
    return Reply(f"{in_short(request)}：要{request.wanted}个人，时间到了，说好了{len(request.agreed)}个。")


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
    return Reply(f"没人接的互助：\n{_lines(requests)}", tuple(map(_take, requests[:5])))
