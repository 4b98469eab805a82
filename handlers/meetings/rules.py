"""Decisions about meetings: what one sentence says of a meeting, and when to remind."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from nlu.places import find_places, grid_of
from storage.meetings import Answer

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
    r"(?:议题(?:是|为)?[：:]?|商议|议一[议下]|议议|讨论一下|讨论|商量一下|商量|协商|研究|说一说|说说|(?<![家们你位])说(?:一下|哈|下)|摆(?:一下|哈)|谈(?:一下|一谈|谈|哈)|(?<![会协商决提建审复])议(?!事|题|会)|关于|主要说|内容(?:是|为)?[：:]?)"
    r"(?:一下|哈|下)?(?P<topic>[^，,。；;！!\n]{2,40})"
)
_TOPIC_TAIL = re.compile(r"(?:的(?:事情?|问题|议事会|会议?|恳谈会|听证会))?(?:[吧嘛哈啊了哦]|一下)*$")
_NOT_TOPIC = re.compile(r"通知|[0-9一二三四五六七八九]+\s*(?:号)?网格|请(?:大家|各位|相互)|参加")


def read_meeting(text: str) -> dict[str, Any]:
    """What one sentence says of a meeting besides its time: kind, place, topics, grid; only what it says."""
    said: dict[str, Any] = {}
    kind = next((kind for kind in KINDS if kind in text), None)
    if kind is not None and kind != "会":
        said["kind"] = kind
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


def shared_words(text: str, words: list[str]) -> int:
    """How many pairs of neighbouring characters of `words` stand in `text`."""
    pairs = {word[start : start + 2] for word in words for start in range(len(word) - 1)}
    return sum(pair in text for pair in pairs)


def is_reminded(which: str, answer: Answer | None) -> bool:
    """Whether somebody who gave this answer is reminded: a day before only whoever gave none."""
    return answer is None if which == "day" else answer is not Answer.NO


def are_alike(one: str, other: str, part: float) -> bool:
    """Whether two topics share at least that part of the pairs of characters of the shorter one."""
    shorter, longer = sorted((one, other), key=len)
    pairs = {shorter[start : start + 2] for start in range(len(shorter) - 1)}
    return shorter in longer or (bool(pairs) and sum(pair in longer for pair in pairs) >= part * len(pairs))


def title(kind: str, topics: list[str]) -> str:
    """What a meeting is called: its topics and its kind."""
    return f"{'、'.join(topics)}{kind}" if topics else kind
