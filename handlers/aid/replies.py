"""What the bot says about mutual aid to either side, and how it calls requests and people.

To the one side alone speak asker_replies and helper_replies, to staff staff_replies.

What neighbours read of each other before both have agreed names nobody, no door and no telephone; in a group it is the
kind of help and the day alone.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from handlers.consents import wording
from handlers.keeping import kept_for
from handlers.phrases import day, moment, span
from handlers.turn import Choice, Reply
from nlu.mutual_aid import kinds
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.aid import AidState, MatchState
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


def about_phone(_values: dict[str, Any]) -> str:
    """What agreeing to exchange telephones is called while it is not done."""
    return "邻里互助留电话"


def time_of(values: dict[str, Any]) -> str:
    """The time of a form, as people say it."""
    known = values["when"]
    start, end = (datetime.fromisoformat(known[key]) if known.get(key) else None for key in ("start", "end"))
    return when(start, end, known.get("part"))


def human() -> Choice:
    """A way to a human."""
    return Choice("转人工", Intent.TALK_TO_HUMAN)


def take(request: AidRequest) -> Choice:
    """To go and help with this one."""
    return Choice(f"我来帮{request.id}号", Intent.OFFER_MUTUAL_AID, f"{number(request)}我来", beside=False)


def listed(requests: Sequence[AidRequest]) -> str:
    """Requests as neighbours read them, a line each."""
    return "\n".join(f"· {described(request)}" for request in requests)


def no_such() -> str:
    """There is no such request, or not for whoever asks."""
    return "没找到这个编号的互助。说“有哪些要帮忙的”可以看等着的，说“我的互助”看您自己的。"


def ask_when(_values: dict[str, Any]) -> Reply:
    """When help is wanted."""
    return Reply("什么时候要？", (Choice("今天"), Choice("明天"), Choice(ANY_TIME)))


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


def mine(requests: Sequence[AidRequest], matches: Sequence[AidMatch], offers: Sequence[AidOffer]) -> Reply:
    """What somebody has asked for, helps with and offers."""
    lines = [f"· 要人帮 {described(each)}，{STATES[each.state]}" for each in requests]
    settled = {MatchState.OFFERED: "等对方回话", MatchState.AGREED: "说好了"}
    lines += [f"· 去帮 {described(each.request)}，{settled[each.state]}" for each in matches]
    lines += [f"· 能帮 {kinds()[each.kind]}，{when(each.start, each.end, each.part)}" for each in offers]
    return Reply("您的邻里互助：\n" + "\n".join(lines) if lines else "您现在没有登记邻里互助。")


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


def your_complaint(request: AidRequest, *, upheld: bool) -> Reply:
    """To whoever had complained."""
    if upheld:
        return Reply(f"{number(request)}您反映的情况网格员核实了，属实，不会再给对方对接邻居。谢谢您说出来。")
    return Reply(f"{number(request)}您反映的情况网格员核实过，没有发现问题。还有话说可以说“转人工”。", (human(),))
