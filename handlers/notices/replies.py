"""Every sentence that the bot says to whoever sends a notice, and the notice as its recipients read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.notices.reading_replies import ack_choice
from handlers.notices.settings import kinds
from handlers.phrases import moment, repeats
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.notice_sending import UNCERTAIN
from storage.notices import RecipientState, Skipped
from storage.people import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.notices import Notice

_ROLES = {Role.VOLUNTEER: "志愿者", Role.GRID_MEMBER: "网格员", Role.MEDIATOR: "调解员"}
_CHANNELS = {"web": "网页", "wechat": "微信", "wecom": "企业微信", "telegram": "Telegram", "terminal": "终端"}
_SKIPPED: dict[str, str] = {
    Skipped.UNSUBSCRIBED: "退订了通知",
    Skipped.OPTED_OUT: "不收这类通知",
    Skipped.NO_ACCOUNT: "没有可用账号",
    Skipped.CANCELLED: "取消了没再发",
}
_STATES = {
    RecipientState.SENT: "已送到{}人",
    RecipientState.ACKNOWLEDGED: "回复收到{}人",
    RecipientState.PENDING: "等着发{}人",
    RecipientState.DEFERRED: "夜里不打扰、早上再发{}人",
    RecipientState.FAILED: "没发成{}人",
    RecipientState.SKIPPED: "没有发{}人",
}
_SHORT = 24
_WORTH_TELLING = timedelta(minutes=2)
_LONGEST_REASON = 40


def about_notice(_values: dict[str, Any]) -> str:
    """What sending a notice is called while it is not done."""
    return "发通知"


def ask_text(_values: dict[str, Any]) -> Reply:
    """What to say."""
    return Reply("通知写什么？把要发的话整段发给我。")


def audience(areas: Sequence[str], roles: Sequence[Role]) -> str:
    """Who is meant."""
    return f"{'、'.join(areas)}的{'、'.join(_ROLES[role] for role in roles) or '居民'}"


def read_back(values: dict[str, Any]) -> Reply:
    """The whole notice with the number of people who will get it, to be confirmed."""
    lines = [f"通知{values['audience']}（{_people(values)}），{_when(values)}发：", values["text"]]
    if values.get("needs_ack"):
        lines.append("要求回复收到")
    kind = kinds()[values["kind_now"]]
    if kind.despite:
        lines.append(f"按{kind.name}通知发，退订的人也会收到，会说明原因")
    if values.get("urgent"):
        lines.append("紧急：夜里也照发，记下是您定的")
    lines.append("对不对？对就发。")
    return Reply("\n".join(lines), (YES, Choice("不对", Intent.DENY)))


def sent(totals: Mapping[RecipientState, int]) -> Reply:
    """To the author, of a notice that was begun in this very message."""
    left_out = totals.get(RecipientState.SKIPPED, 0)
    beside = f"，{left_out}人退订或没有账号，没有发" if left_out else ""
    return Reply(f"通知已经发出，共{sum(totals.values()) - left_out}人{beside}。")


def begins(people: int) -> Reply:
    """To the author, of a notice to many."""
    return Reply(f"好，马上开始发，共{people}人。问“发到哪了”随时看进度，发完告诉您。")


def begun(notice: Notice, size: int) -> Reply:
    """To the author, when it begins."""
    return Reply(f"通知“{short(notice.text)}”开始发了，共{size}人。")


def finished(
    notice: Notice, totals: Mapping[RecipientState, int], why: Sequence[tuple[RecipientState, str, int]]
) -> Reply:
    """To the author, when everybody has it, or cannot have it."""
    return Reply("\n".join([f"通知“{short(notice.text)}”发完了：{summed_up(totals, notice)}。", *reasons(why)]))


def scheduled(notice: Notice, to_whom: str) -> Reply:
    """To the author, of a notice for later."""
    again = repeats(notice.rrule)
    return Reply(f"定好了，{again and again + '，第一次'}{moment(notice.send_at)}发给{to_whom}。")


def body(notice: Notice) -> Reply:
    """To the recipients."""
    if not notice.needs_ack:
        return Reply(f"通知：{notice.text}")
    return Reply(f"通知：{notice.text}\n看到请回复“收到”。", (ack_choice(notice),))


def despite(text: str, kind: str) -> str:
    """To those who want no such notices, when one comes all the same."""
    return f"{text}\n（您退订了通知，这条是{kind}通知，关系到人身安全，所以照样发给您。）"


def correction(text: str) -> str:
    """To those who have the notice that this one corrects."""
    return f"更正，以这条为准。{text}"


def totals(figures: Mapping[int | None, Mapping[RecipientState, int]]) -> dict[RecipientState, int]:
    """The figures of all grids together."""
    summed: dict[RecipientState, int] = {}
    for states in figures.values():
        for state, count in states.items():
            summed[state] = summed.get(state, 0) + count
    return summed


def summed_up(totals: Mapping[RecipientState, int], notice: Notice) -> str:
    """Figures in words: each person is in one of them, and they add up to the audience."""
    counts = dict(totals)
    if not notice.needs_ack:
        got = counts.pop(RecipientState.ACKNOWLEDGED, 0)
        counts[RecipientState.SENT] = counts.get(RecipientState.SENT, 0) + got
    said = [words.format(counts[state]) for state, words in _STATES.items() if counts.get(state)]
    return "，".join([f"共{sum(counts.values())}人", *said])


def reasons(why: Sequence[tuple[RecipientState, str, int]]) -> list[str]:
    """Why people did not get it, a line for each state."""
    lines = []
    for state, lead in ((RecipientState.FAILED, "没发成"), (RecipientState.SKIPPED, "没有发")):
        parts = [f"{_reason(each)}{count}人" for which, each, count in why if which is state]
        if parts:
            lines.append(f"{lead}的原因：{'，'.join(parts)}。")
    return lines


def short(text: str) -> str:
    """The beginning of a notice, to know it by."""
    line = text.replace("\n", " ")
    return line if len(line) <= _SHORT else f"{line[:_SHORT]}…"


def not_your_area() -> str:
    """The grid lies outside the author's area."""
    return "这个网格不在您管的范围里，不能给那里发通知。"


def no_such_group(groups: Sequence[str]) -> str:
    """Nobody keeps a list of such people."""
    said = "、".join(groups)
    return f"我这里没有登记哪些人是{said}，不能只发给他们。可以按网格、小区，或者按志愿者、网格员、调解员来发。"


def no_such_place(place: str) -> str:
    """No area is called so."""
    return f"没有登记“{place}”这个地方，不知道发给哪些人。可以说网格，比如“发给1网格”。"


def which_place(place: str) -> str:
    """Several areas are called so."""
    return f"“{place}”不止一处，请把小区或者网格一起说。"


def in_the_past() -> str:
    """The time has passed."""
    return "定的时间已经过了，请说一个以后的时间，或者说“现在发”。"


def _people(values: dict[str, Any]) -> str:
    channels = [(channel, count, _through(values, at)) for channel, count, at in values.get("channels") or ()]
    if len(channels) < 2 and not any(through for _, _, through in channels):
        return f"{values['people']}人"
    parts = "，".join(f"{_CHANNELS.get(channel, channel)}{count}人{through}" for channel, count, through in channels)
    return f"{values['people']}人，其中{parts}"


def _through(values: dict[str, Any], at: str | None) -> str:
    """When a channel is through, where that takes long enough to be of interest."""
    if at is None:
        return "（超过额度，发不完）"
    through, begins = datetime.fromisoformat(at), datetime.fromisoformat(values["begins"])
    return f"（大约{moment(through)}发完）" if through - begins > _WORTH_TELLING else ""


def _when(values: dict[str, Any]) -> str:
    when = values.get("when") or {}
    if not when.get("at"):
        return "现在"
    again = repeats(when.get("rrule"))
    at = moment(datetime.fromisoformat(when["at"]))
    return f"{again}，第一次{at}" if again else at


def _reason(why: str) -> str:
    known = {**_SKIPPED, UNCERTAIN: "不清楚送到没有、怕重复没有再发"}
    return known.get(why) or why[:_LONGEST_REASON] or "原因不明"
