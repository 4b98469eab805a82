"""What the bot says of codes, of lists, and of check-ins that were closed or marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.phrases import moment
from handlers.turn import Choice, Reply
from handlers.volunteers.replies import label
from handlers.volunteers.settings import settings
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.volunteers.codes import Code
    from storage.people import Person
    from storage.volunteers import Activity, Participation


def code(activity: Activity, shown: Code) -> Reply:
    """The code of the minute."""
    until = shown.until.astimezone(SHANGHAI)
    return Reply(
        f"{activity.title}的签到码：{shown.digits}\n{until:%H:%M:%S}前有效，每{settings().code_seconds}秒换一次，"
        "请只在现场给大家看，不要发到群里。网页版下面点“签到码”，有会自己换的大字和二维码。",
        (Choice("看新的签到码", None, "签到码"),),
    )


def code_in_private() -> Reply:
    """Asked for in a group, where those who are not on the spot would read it."""
    return Reply("签到码只在私聊里给您看，请私聊我说“签到码”。")


def no_code_yet(activity: Activity) -> Reply:
    """Check-in has not begun."""
    opens = moment(activity.start - settings().opens_before)
    return Reply(f"{activity.title}还没到签到时间，{opens}起说“签到码”就能看到。")


def which_code(activities: Sequence[Activity]) -> Reply:
    """Several are on."""
    return Reply(
        "看哪个活动的签到码？",
        tuple(Choice(label(each, activities), None, f"{each.title}的签到码") for each in activities[:8]),
    )


def nothing_open(activity: Activity | None) -> Reply:
    """No check-in is open that this organiser could make."""
    named = f"{activity.title}还没到签到时间，" if activity else "您管的活动现在没有能签到的，"
    return Reply(f"{named}开始前{_minutes()}分钟到结束之间才能替人签到签退。")


def _minutes() -> int:
    return int(settings().opens_before.total_seconds() // 60)


def list_in_private() -> Reply:
    """Names do not belong into a group."""
    return Reply("替人签到请到私聊里跟我说名字。")


def which_for_list(activities: Sequence[Activity], text: str) -> Reply:
    """Several are on."""
    return Reply(
        "是哪个活动？",
        tuple(Choice(label(each, activities), None, f"{each.title}，{text}") for each in activities[:8]),
    )


def unknown(name: str) -> str:
    """Nobody of this name is registered."""
    return f"{name}：没有登记过这个名字的居民。没有手机的，先说“登记{name}当志愿者”加住址，再替他签到"


def several(name: str, people: Sequence[Person]) -> str:
    """More than one person of this name."""
    homes = "、".join(person.home or person.area.name for person in people)
    return f"{name}：有{len(people)}位同名的（{homes}），请带上住址再说一次"


def not_yourself() -> str:
    """Organisers check in like everybody else."""
    return "您自己要用签到码或者定位签到签退"


def is_in_already(person: Person) -> str:
    """Checked in before."""
    return f"{person.name}：已经签过到了"


def is_elsewhere(person: Person, activity: Activity) -> str:
    """One person, one place."""
    return f"{person.name}：还在{activity.title}，没有签退"


def is_not_in(person: Person) -> str:
    """Nothing to check out of."""
    return f"{person.name}：没有签到，或者已经签退了"


def listed(activity: Activity, done: Sequence[str], not_done: Sequence[str], *, out: bool) -> Reply:
    """What became of a list."""
    what = "签退" if out else "签到"
    lines = [f"{activity.title}，替{len(done)}人{what}了：{'、'.join(done)}。"] if done else []
    if not_done:
        lines += [f"没有{what}：", *(f"· {why}" for why in not_done)]
    return Reply("\n".join(lines))


def checked_in_for_you(part: Participation, staff: Person) -> Reply:
    """To whoever was on the list."""
    return Reply(
        f"{staff.name or '组织活动的人'}替您在{part.activity.title}签了到。不是您本人去的，请马上跟社区说一声。"
    )


def checked_out_for_you(part: Participation, staff: Person) -> Reply:
    """To whoever was on the list."""
    return Reply(f"{staff.name or '组织活动的人'}替您在{part.activity.title}签退了，辛苦了！审核通过后记积分。")


def closed_for_you(part: Participation) -> Reply:
    """To whoever forgot to check out."""
    return Reply(
        f"{part.activity.title}结束了，您还没有签退，先按{moment(part.activity.end)}结束记下。"
        "审核的人问清楚了才记积分；中途走了的，跟组织的人说一声。"
    )


def closed_for_others(activity: Activity, parts: Sequence[Participation]) -> Reply:
    """To the organiser."""
    names = "、".join(part.person.name or "一位志愿者" for part in parts)
    return Reply(f"{activity.title}有{len(parts)}人没有签退，先按结束时间记下了，要您看过再审核：{names}。")
