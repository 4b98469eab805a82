"""Every sentence that the bot says about volunteers and their activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.consents import wording
from handlers.moments import day_of
from handlers.phrases import day, moment, span
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.consents import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.volunteers import Activity, Participation


def registered(*, asks: bool) -> Reply:
    """Welcome among the volunteers; `asks` for what they can do and when."""
    more = "会做些什么、什么时候有空，愿意说的接着说一句就行，比如“我会理发，周末有空”；不说也可以。" if asks else ""
    return Reply(f"登记好了，您现在是社区志愿者。有活动会告诉您，说“有啥活动”随时可以看。{more}")


def noted_skills(skills: Sequence[str], times: Sequence[str]) -> Reply:
    """What is kept of what a volunteer can do."""
    return Reply(f"记下了：{_offer(skills, times)}。要补充接着说；不想留了说“收回同意”。")


def _offer(skills: Sequence[str], times: Sequence[str]) -> str:
    said = (f"会{'、'.join(skills)}" if skills else "", f"{'、'.join(times)}有空" if times else "")
    return "，".join(filter(None, said))


def registered_already() -> Reply:
    """A volunteer already."""
    return Reply("您已经是志愿者了。说“有啥活动”可以看最近的活动。")


def about_registration(_values: dict[str, Any]) -> str:
    """What becoming a volunteer is called while it is not confirmed."""
    return "当志愿者"


def confirm_registration(values: dict[str, Any]) -> Reply:
    """Consent before anything is stored."""
    offer = _offer(values.get("skills", ()), values.get("times", ()))
    also = f"，还有您说的（{offer}）" if offer else ""
    return Reply(
        f"登记成社区志愿者：会记下您的账号和参加活动的时间、积分{also}，只给社区组织活动用，"
        "随时可以说“收回同意”或者“删除我的信息”。同意吗？",
        (Choice("同意", Intent.AFFIRM), Choice("不同意", Intent.DENY)),
    )


def about_activity(_values: dict[str, Any]) -> str:
    """What publishing an activity is called while it is not done."""
    return "发布活动"


def ask_title(_values: dict[str, Any]) -> Reply:
    """What it is."""
    return Reply("做什么活动？")


def ask_time(values: dict[str, Any]) -> Reply:
    """When it is; a day without an hour is not enough."""
    return Reply(f"{day_of(values.get('when')) or '什么时候'}，几点到几点？")


def ask_place(_values: dict[str, Any]) -> Reply:
    """Where it is."""
    return Reply("在哪里集合？")


def ask_points(_values: dict[str, Any]) -> Reply:
    """What it earns."""
    return Reply("每人几分？")


def announced(activity: Activity, again: str = "") -> Reply:
    """To the volunteers of the area; `again` says how it repeats."""
    return Reply(
        f"新活动：{described(activity)}{f'（{again}）' if again else ''}",
        (Choice(f"参加{activity.title}", Intent.JOIN_ACTIVITY, f"我要参加{activity.title}"),),
    )


def described(activity: Activity) -> str:
    """One activity in one line."""
    waiting = f"，候补{len(activity.waiting)}人" if activity.waiting else ""
    limit = f"，限{activity.capacity}人（已报{len(activity.taken)}人{waiting}）" if activity.capacity else ""
    return f"{activity.title}，{span(activity.start, activity.end)}，{activity.place}，每人{activity.points}分{limit}"


def label(activity: Activity, among: Sequence[Activity]) -> str:
    """An activity by its title, with its day where several of one title are offered."""
    titles = [each.title for each in among]
    on = f"{day(activity.start.astimezone(SHANGHAI).date())}的" if titles.count(activity.title) > 1 else ""
    return f"{on}{activity.title}"


def coming(activities: Sequence[Activity]) -> Reply:
    """What one can join."""
    lines = [f"· {described(activity)}" for activity in activities]
    choices = tuple(
        Choice(f"参加{label(activity, activities)}", Intent.JOIN_ACTIVITY, f"我要参加{label(activity, activities)}")
        for activity in activities[:5]
    )
    return Reply("最近的活动：\n" + "\n".join(lines), choices)


def none_coming() -> Reply:
    """Nothing planned."""
    return Reply("最近没有可以报名的活动，有了会通知志愿者。")


def which(activities: Sequence[Activity]) -> Reply:
    """Several fit."""
    return Reply(
        "参加哪一个？",
        tuple(
            Choice(label(each, activities), Intent.JOIN_ACTIVITY, f"我要参加{label(each, activities)}")
            for each in activities[:8]
        ),
    )


def joined(activity: Activity, same_time: Sequence[Activity] = ()) -> Reply:
    """To whoever joined; what they have joined at the same time is said."""
    clash = f"注意：和您报的{'、'.join(each.title for each in same_time)}时间有重的。" if same_time else ""
    return Reply(
        f"报上名了：{activity.title}，{span(activity.start, activity.end)}，{activity.place}。"
        f"到了现场发“签到”加现场的签到码。{clash}"
    )


def joined_already(activity: Activity) -> Reply:
    """Joined before."""
    return Reply(f"您已经报了{activity.title}，{moment(activity.start)}，{activity.place}。")


def left(activity: Activity) -> Reply:
    """To whoever took a sign-up back."""
    return Reply(f"{activity.title}（{moment(activity.start)}）给您退了，名额让出来了。")


def joined_nothing() -> Reply:
    """There is no sign-up to take back."""
    return Reply("您没有报名还没开始的活动，不用退。")


def which_to_leave(activities: Sequence[Activity]) -> Reply:
    """Several that could be left."""
    return Reply(
        "退哪一个？",
        tuple(
            Choice(label(each, activities), Intent.JOIN_ACTIVITY, f"我不参加{label(each, activities)}了")
            for each in activities
        ),
    )


def _no_more(activity: Activity) -> Choice:
    return Choice("不等了", Intent.JOIN_ACTIVITY, f"我不参加{activity.title}了", beside=True)


def waits(activity: Activity, place: int) -> Reply:
    """No place is left: to whoever waits for one."""
    return Reply(
        f"{activity.title}已经报满（{activity.capacity}人），给您排在候补第{place}位。有人退出就马上告诉您，不用再报。",
        (_no_more(activity),),
    )


def waits_already(activity: Activity, place: int) -> Reply:
    """Waits since before."""
    return Reply(f"{activity.title}您已经在候补第{place}位，有名额会马上告诉您。", (_no_more(activity),))


def waits_no_more(activity: Activity) -> Reply:
    """To whoever no longer waits."""
    return Reply(f"{activity.title}的候补给您退了。")


def waits_still(activity: Activity) -> str:
    """Has no place yet."""
    return f"{activity.title}您还在候补，没有名额，签不了到。到了现场请找组织的人。"


def got_a_place(activity: Activity) -> Reply:
    """To whoever waited longest."""
    return Reply(
        f"有名额了，给您报上了{activity.title}，{span(activity.start, activity.end)}，{activity.place}。"
        "来不了请马上说一声，名额让给下一位。",
        (Choice("来不了", Intent.JOIN_ACTIVITY, f"我不参加{activity.title}了", beside=True),),
    )


def ask_code(_values: dict[str, Any]) -> Reply:
    """The code on the spot."""
    return Reply("请发现场的签到码（组织的人会给大家看），或者发个定位。")


def ask_location_consent(_values: dict[str, Any]) -> Reply:
    """What becomes of a location, before it is looked at."""
    words = wording(Purpose.LOCATION)
    return Reply(
        f"用位置签到，我要存{words.keeps}，{words.why}，{words.until}。同意吗？（同意一次就行，随时能说“收回同意”。）",
        (Choice("同意", Intent.AFFIRM), Choice("不用位置，发签到码", Intent.DENY, "不同意")),
    )


def location_is_old() -> Reply:
    """Agreed to long after the location was sent."""
    return Reply("刚才那个位置过了些时候了，请到现场再发一次定位，或者发签到码。")


def nothing_to_check_in() -> str:
    """Joined nothing that is on."""
    return "您没有报名现在能签到的活动。说“有啥活动”可以看，先报名再签到。"


def wrong_code() -> str:
    """The code fits nothing."""
    return "签到码不对。请看现场组织的人给的码，再发一次。"


def too_many_codes() -> str:
    """One wrong code after the other."""
    return "签到码错了太多次，先停一会儿。人到了现场的，请组织的人替您签到。"


def at_work_elsewhere(activity: Activity) -> str:
    """One person in one place."""
    return f"您在{activity.title}签了到还没签退，一个人同一时间只能在一处。先说“签退”，再到这边签到。"


def too_far(activity: Activity) -> str:
    """The location lies outside."""
    return f"定位离{activity.title}的地点太远了，到了现场再签到，或者发现场的签到码。"


def too_early(activity: Activity, opens: datetime) -> str:
    """Not open yet."""
    return f"{activity.title}还没到签到时间，{moment(opens)}起可以签到。"


def too_late(activity: Activity) -> str:
    """Over."""
    return f"{activity.title}已经结束（{moment(activity.end)}），签不了到了。漏签的请找组织的人。"


def not_joined(activity: Activity) -> str:
    """Not signed up."""
    return f"您还没有报名{activity.title}，先说“我要参加{activity.title}”。"


def checked_in_already(activity: Activity) -> str:
    """Twice."""
    return f"{activity.title}您已经签过到了。"


def checked_in(part: Participation) -> Reply:
    """Checked in."""
    at = moment(part.checked_in_at) if part.checked_in_at else ""
    return Reply(f"签到成功：{part.activity.title}，{at}。走的时候记得说“签退”。")


def not_checked_in() -> str:
    """Nothing to check out of."""
    return "您现在没有签到中的活动，不用签退。"


def checked_out(part: Participation) -> Reply:
    """Checked out; points come with the approval."""
    return Reply(f"签退成功：{part.activity.title}。辛苦了！审核通过后{part.activity.points}分会记到您的积分里。")


def something_to_approve(part: Participation) -> Reply:
    """To the organiser."""
    name = part.person.name or "一位志愿者"
    return Reply(
        f"{name}签退了{part.activity.title}，等您审核。",
        (Choice(f"通过{name}", Intent.APPROVE_CHECK_IN, f"通过{name}的打卡"),),
    )
