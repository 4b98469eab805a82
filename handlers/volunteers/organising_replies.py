"""What the bot says to those who set up, change and cancel activities, and to those who have joined them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import day, moment, repeats, span
from handlers.turn import Choice, Reply
from handlers.volunteers.replies import described, label
from handlers.volunteers.settings import settings
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.volunteers import Activity


def read_back(values: dict[str, Any]) -> Reply:
    """The whole activity, to be confirmed."""
    when = span(datetime.fromisoformat(values["start"]), datetime.fromisoformat(values["end"]))
    again = f"（{repeats(values['rrule'])}，第一次就是这天）" if values.get("rrule") else ""
    limit = f"，限{values['capacity']}人" if values.get("capacity") else ""
    located = f"定位签到：{settings().radius_m}米以内" if values.get("location") else "想用定位签到的，现在发个定位"
    return Reply(
        f"发布活动：{values['title']}\n时间：{when}{again}\n地点：{values['place']}\n"
        f"每人{values['points']}分{limit}\n（{located}）\n对不对？",
        (YES, Choice("不对", Intent.DENY)),
    )


def published(activity: Activity, told: int, rrule: str | None) -> Reply:
    """To the organiser."""
    opens = moment(activity.start - settings().opens_before)
    again = f"以后{repeats(rrule)}都有，提前一周发布。" if rrule else ""
    return Reply(
        f"活动发布了：{activity.title}，已经告诉{told}位志愿者。{again}{opens}起可以签到，"
        "到时候对我说“签到码”，就给您看每分钟换一次的码，请只在现场给大家看。"
        f"要改要取消，直接说“{activity.title}改到……”“{activity.title}取消”。"
    )


def not_any_more() -> str:
    """The role was taken in the meantime."""
    return "您现在不是网格员或者管理员，发布不了活动。"


def in_the_past() -> str:
    """The time has passed."""
    return "这个时间已经过了，请说一个以后的时间。"


def in_private() -> Reply:
    """Said in a group."""
    return Reply("改活动、取消活动请到私聊里跟我说。")


def which(activities: Sequence[Activity], text: str) -> Reply:
    """Several may be meant."""
    choices = tuple(
        Choice(label(each, activities), None, f"{label(each, activities)}，{text}") for each in activities[:8]
    )
    return Reply("您说的是哪个活动？", choices)


def none_then(title: str) -> Reply:
    """There is none on the day that was said."""
    return Reply(f"那天没有{title}。说“有啥活动”可以看都有哪些。")


def ask_hours(values: dict[str, Any]) -> Reply:
    """The new day is known, and the hours do not fit it."""
    start = datetime.fromisoformat(values["when"]["start"]).astimezone(SHANGHAI)
    return Reply(f"{day(start.date())}几点到几点？")


def confirm_change(values: dict[str, Any]) -> Reply:
    """What will be changed, and how many will be told."""
    lines = "\n".join(_changed(values))
    only = "" if not values["repeats"] else "（以后每次都改）" if values["for_good"] else "（只改这一次）"
    return Reply(
        f"{values['title']}，{values['was']}{only}，改成：\n{lines}\n会告诉已经报名的{values['people']}人。对不对？",
        (YES, Choice("不对", Intent.DENY)),
    )


def about_change(values: dict[str, Any]) -> str:
    """What the change is called while it is not confirmed."""
    return f"改{values['title']}"


def _changed(values: dict[str, Any]) -> list[str]:
    lines = []
    if values.get("start"):
        when = span(datetime.fromisoformat(values["start"]), datetime.fromisoformat(values["end"]))
        lines.append(f"时间：{when}")
    if values.get("place"):
        lines.append(f"地点：{values['place']}")
    if values.get("unlimited"):
        lines.append("人数：不限")
    if values.get("capacity"):
        lines.append(f"人数：{values['capacity']}人")
    if values.get("points") is not None:
        lines.append(f"积分：每人{values['points']}分")
    return lines


def too_few_places(taken: int) -> str:
    """More have joined than there would be places."""
    return f"已经有{taken}人报上名了，人数不能比这个少。"


def somebody_is_there(activity: Activity) -> str:
    """It has begun for somebody."""
    return f"{activity.title}已经有人签到了，不能再改时间或者取消。要提前结束，请大家签退就行。"


def not_there_any_more() -> str:
    """Cancelled or over in the meantime."""
    return "这个活动已经取消或者结束了，没有改。"


def new_rule_is_a_new_activity(title: str) -> str:
    """The times of a series do not change."""
    return f"每次的时间都要改的话，先说“{title}以后都不搞了”，再发布一个新的。只改一次，直接说“{title}改到……”。"


def changed(activity: Activity, told: int, promoted: int) -> Reply:
    """To the organiser."""
    places = f"候补的{promoted}人有名额了，也告诉了。" if promoted else ""
    return Reply(f"改好了：{described(activity)}。告诉了{told}人。{places}")


def you_joined_what_has_changed(activity: Activity, values: dict[str, Any]) -> Reply:
    """To those who joined."""
    lines = "\n".join(_changed(values))
    return Reply(
        f"您报名的{activity.title}（原来{values['was']}）有变动：\n{lines}",
        (Choice("来不了", Intent.JOIN_ACTIVITY, f"我不参加{activity.title}了", beside=True),),
    )


def confirm_cancelling(values: dict[str, Any]) -> Reply:
    """What will be cancelled, and how many will be told."""
    only = "" if not values["repeats"] else "，以后的也都不办了" if values["for_good"] else "，只取消这一次"
    why = f"（{values['reason']}）" if values["reason"] else ""
    return Reply(
        f"取消{values['title']}，{values['was']}{why}{only}。会告诉已经报名的{values['people']}人，取消了不能恢复。确定吗？",
        (Choice("确定取消", Intent.AFFIRM, is_yes=True), Choice("不取消", Intent.DENY, is_yes=False)),
    )


def about_cancelling(values: dict[str, Any]) -> str:
    """What cancelling is called while it is not confirmed."""
    return f"取消{values['title']}"


def cancelled(title: str, told: int) -> Reply:
    """To the organiser."""
    return Reply(f"{title}取消了，告诉了{told}人。")


def your_activity_is_cancelled(activity: Activity, reason: str) -> Reply:
    """To those who joined."""
    why = f"，因为{reason}" if reason else ""
    return Reply(
        f"您报名的{activity.title}（{span(activity.start, activity.end)}）取消了{why}，不用去了。有新的活动会告诉您。"
    )


def reminder(activity: Activity, now: datetime) -> Reply:
    """Before it begins."""
    soon = activity.start - now <= timedelta(hours=2)
    lead = "马上就开始了" if soon else "别忘了"
    return Reply(
        f"您报名的活动{lead}：{activity.title}，{span(activity.start, activity.end)}，{activity.place}。",
        (Choice("来不了", Intent.JOIN_ACTIVITY, f"我不参加{activity.title}了", beside=True),),
    )
