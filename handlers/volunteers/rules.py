"""Decisions about activities: when check-in is open, who may approve, what one sentence says of an activity."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from handlers.distances import metres
from handlers.errors import Refusal
from handlers.volunteers import replies
from handlers.volunteers.settings import settings
from nlu.places import find_places
from nlu.times import find_times
from nlu.wording import chinese_number
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from datetime import datetime

    from storage.volunteers import Activity, Participation


_REJECTS = re.compile(r"(?<!没有)(?<!没得)(?<!无)(?:不予?通过|没通过|驳回|不合格|不算|拒绝|打回|不批|不同意)")
_APPROVES = re.compile(
    r"(?<!不)(?:通过|同意|批准|批了|准了|认可|属实|没问题|没得问题|审了|审掉|审完|审核了|给过|放行|确认|ok)",
    re.IGNORECASE,
)
_NUMBER = r"([0-9]{1,4}|[零一二两三四五六七八九十百]{1,5})"
_POINTS = re.compile(_NUMBER + r"\s*(?:个)?(?:积分|分)(?!钟|之|左右|开始|到)")
_CAPACITY = re.compile(r"(?:限|招|要|最多|名额)?\s*" + _NUMBER + r"\s*(?:个)?(?:人|名|位|个名额)")
_LEAVES = re.compile("(?<!能)(?<!要)不(?:去|来|参加|报)|(?:来|去|参加)不(?:了|成|到)|退出|退掉|退了|取消")
_COMMAND = re.compile(
    r"^(?:帮我|请|麻烦|我要|我想|再|还要|另外)*(?:发布|发|创建|新建|搞|组织|安排|弄|建|挂|上)"
    r"(?:(?:一?个|一下|一场|一次)?(?:新的)?(?:志愿(?:服务|者)?)?(?:的)?活动[：:，,\s]*|(?:一?个|一?场|一次)(?:新的)?)"
)
_FILLER = re.compile(
    r"^(?:在|于|去|到|集合|地点|时间|每人|每次|一人|限|招募?|需要|志愿者?|参加|人|积分?|加|给|奖励|的|了|要)+|(?:集合|每人|一人|每次|的)+$"
)
_AGAIN = re.compile(
    r"(?:以后|今后|往后|之后|从此)?(?:也|都)?(?P<often>每[^，,。；;：:\s]{1,12}?|隔(?:一?周|两?周|天))"
    r"(?:都|也|各|再)?(?:这个时候|同一时间|照样)?(?:都)?(?:搞|办|有|做|弄|开展|组织|进行|举行|举办|来)?(?:一?次|一?回|一?场)?(?:的|哈|嘛|哦|吧)?"
)
_DATE = re.compile(r"[0-9一二三四五六七八九十][号日月]|今|明|后天|[这本下]个?(?:周|星期|礼拜|月)")
_EVERY_WEEK = re.compile(r"每一?个?(?:周|星期|礼拜)")
_AMOUNT = re.compile(_NUMBER + r"\s*\w?")
_CODE = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z]{3,8})(?![0-9A-Za-z])")


def decision_in(text: str) -> bool | None:
    """Whether the words approve (True) or reject (False); None where they do neither, or both."""
    rest, rejections = _REJECTS.subn("", text)
    approves = _APPROVES.search(rest) is not None
    return None if approves == bool(rejections) else approves


def leaves(text: str) -> bool:
    """Whether somebody who speaks of an activity wants out of it, not in."""
    return _LEAVES.search(text) is not None


def read_activity(text: str, now: datetime) -> dict[str, Any]:
    """What one sentence says of an activity besides its time: title, place, capacity, points; only what it says."""
    said: dict[str, Any] = {}
    points, capacity = _POINTS.search(text), _CAPACITY.search(text)
    if points:
        said["points"] = _int(points[1])
    if capacity:
        said["capacity"] = _int(capacity[1])
    places = find_places(text)
    if places:
        said["place"] = max((place.text for place in places), key=len)
    title = _title(text, now)
    return {**said, "title": title} if title else said


def _title(text: str, now: datetime) -> str:
    rest = _COMMAND.sub("", text.strip())
    rest = "，".join(piece for piece in _pieces(rest) if not _AGAIN.fullmatch(piece))
    for span in find_times(rest, now):
        rest = rest.replace(span.text, "，")
    for place in find_places(rest):
        rest = rest.replace(place.text, "，")
    rest = _CAPACITY.sub("，", _POINTS.sub("，", rest))
    pieces = [_FILLER.sub("", piece) for piece in _pieces(rest)]
    return next((piece[:40] for piece in pieces if len(piece) >= 2 and not _AMOUNT.fullmatch(piece)), "")


def _int(words: str) -> int | None:
    return int(words) if words.isdigit() else chinese_number(words)


def repeats(text: str, now: datetime) -> str | None:
    """The RFC 5545 rule of an activity of which a part of the sentence says no more than how often (「每周六都搞」)."""
    for piece in _pieces(text):
        again = _AGAIN.fullmatch(piece)
        if again is None:
            continue
        if _EVERY_WEEK.fullmatch(again["often"]):
            return "FREQ=WEEKLY"
        said = [span for span in find_times(piece, now) if span.rrule]
        if said:
            return said[0].rrule
    return None


def names_a_date(words: str) -> bool:
    """Whether words for a time name one day of the calendar, and not a day of every week alone."""
    return _DATE.search(words) is not None


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[，,。；;：:！!\s]+", text) if piece]


def read_code(text: str) -> str | None:
    """The check-in code that a message gives, or None."""
    found = [code for code in _CODE.findall(text) if any(char.isdigit() for char in code)]
    return found[-1].upper() if found else None


def check_open(activity: Activity, now: datetime) -> None:
    """Refuse a check-in before or after its time."""
    opens = activity.start - settings().opens_before
    if now < opens:
        raise Refusal(replies.too_early(activity, opens))
    if now > activity.end:
        raise Refusal(replies.too_late(activity), final=True)


def check_joined(part: Participation | None, activity: Activity) -> Participation:
    """Refuse whoever has not joined, and a second check-in."""
    if part is None:
        raise Refusal(replies.not_joined(activity))
    if part.state is ParticipationState.WAITING:
        raise Refusal(replies.waits_still(activity))
    if part.state is not ParticipationState.SIGNED_UP:
        raise Refusal(replies.checked_in_already(activity))
    return part


def is_too_fast(metres: float, time: timedelta, kmh: float) -> bool:
    """Whether nobody makes a way in that time at so many kilometres an hour."""
    return metres / 1000 > kmh * max(time, timedelta(0)) / timedelta(hours=1)


def is_near(activity: Activity, location: list[float] | None) -> bool:
    """Whether a location lies within the activity's radius."""
    if location is None or activity.location is None or activity.radius_m is None:
        return False
    return metres(activity.location, location) <= activity.radius_m


def source_of(part: Participation) -> str:
    """What the ledger and the history call a participation."""
    return f"participation:{part.id}"
