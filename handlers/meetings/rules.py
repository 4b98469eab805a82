"""Decisions about meetings: what one sentence says of a meeting, and when to remind."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from nlu.places import find_places, grid_of
from nlu.times import find_time

if TYPE_CHECKING:
    from datetime import datetime

REMIND_BEFORE = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
"""A day before, those who have not answered; an hour before, everybody who has not declined."""

KINDS = (
    "议事会",
    "民主恳谈会",
    "恳谈会",
    "听证会",
    "理事会",
    "坝坝会",
    "院坝会",
    "居民代表大会",
    "居民大会",
    "村民代表会",
    "村民大会",
    "协商会",
    "座谈会",
    "业主大会",
    "会",
)
_TOPIC = re.compile(
    r"(?:议题(?:是|为)?[：:]?|商议|议一[议下]|议议|讨论一下|讨论|商量一下|商量|协商|研究|说一说|说说|说哈|摆一下|(?<![会协商决提建审复])议(?!事|题|会)|关于|主要说|内容(?:是|为)?[：:]?)"
    r"(?:一下|哈|下)?(?P<topic>[^，,。；;！!\n]{2,40})"
)
_TOPIC_TAIL = re.compile(r"(?:的(?:事情?|问题|议事会|会议?|恳谈会|听证会))?(?:[吧嘛哈啊了哦]|一下)*$")
_NOT_TOPIC = re.compile(r"通知|[0-9一二三四五六七八九]+\s*(?:号)?网格|请(?:大家|各位|相互)|参加")


def read_meeting(text: str, now: datetime) -> dict[str, Any]:
    """What one sentence says of a meeting: kind, start and end (ISO), date, place, topics, grid; only what it says."""
    said: dict[str, Any] = {}
    kind = next((kind for kind in KINDS if kind in text), None)
    if kind is not None and kind != "会":
        said["kind"] = kind
    span = find_time(text, now)
    if span is not None and span.start is not None and not span.date_only:
        said["start"] = span.start.isoformat()
        said["end"] = span.end.isoformat() if span.end else None
    topics = [topic for topic in map(_topic, _TOPIC.finditer(text)) if topic]
    if topics:
        said["topics"] = topics
    # A place inside the topic (「议3栋电梯的事」) is not where people meet.
    bare = _TOPIC.sub("，", text)
    places = [place for place in find_places(bare) if grid_of(place.text) is None]
    if places:
        said["place"] = max((place.text for place in places), key=len)
    grid = grid_of(text)
    return {**said, "grid": grid} if grid else said


def _topic(match: re.Match[str]) -> str:
    topic = _TOPIC_TAIL.sub("", match["topic"].strip())
    return "" if _NOT_TOPIC.match(topic) else topic


def title(kind: str, topics: list[str]) -> str:
    """What a meeting is called: its topics and its kind."""
    return f"{'、'.join(topics)}{kind}" if topics else kind
