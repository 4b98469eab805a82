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
_ADDED = re.compile(
    r"^(?:另外|然后|对了|还有|顺便|议题|[，,\s])*(?:再加|(?:再|还|也|要|多)*(?:加上|增加|添上?|补上?|加(?=[一个条项议：:])))(?:一|个|条|项|议题|[：:，,\s])*(?P<topic>[^。；;！!\n]{2,40})"
    r"|^(?:另外|还有|顺便|再|还要?|也要?|[，,\s])+(?:议一下|议一议|议|讨论一下|讨论|说一下|说说|商量一下|商量)(?P<further>[^。；;！!\n]{2,40})"
)
_NO_TOPICS = re.compile(r"^(?:上|了)?(?:[0-9一二两三四五六七八九十]+\s*(?:个)?(?:人|名)|地点|时间|名额)")
# Where people meet, behind a topic (「议停车位 在会议室」).
_PLACE_AFTER = re.compile(
    r"\s+(?=[在于到]|地点|时间|通知|喊|请|限|最多)|(?<=[^划修停建装放设])(?=[在到][^，,。；;\s]{1,14}(?:会议室|活动室|广场|坝子|坝坝|院坝|院子|服务中心|礼堂|食堂|阅览室|办公室|居委会)(?:里|头|开)?$)"
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
    bare = _TOPIC.sub(lambda match: "，" + match[0][match.end("topic") - match.start() - len(_behind(match)) :], text)
    places = [place for place in find_places(bare) if grid_of(place.text) is None]
    if places:
        said["place"] = max((place.text for place in places), key=len)
    grid = grid_of(text)
    return {**said, "grid": grid} if grid else said


def added_topics(text: str) -> list[str]:
    """The topics that are to be added to those that there are (「再加一个电梯」), or none."""
    found = _ADDED.search(text)
    if found is None or _NO_TOPICS.search(found["topic"] or ""):
        return []
    words = re.split("[、，,]", found["topic"] or found["further"])
    return [topic for word in words if len(topic := _TOPIC_TAIL.sub("", word.strip())) > 1]


def _behind(match: re.Match[str]) -> str:
    """What stands behind a topic and is none of it."""
    place = _PLACE_AFTER.search(match["topic"])
    return match["topic"][place.start() :] if place else ""


def _topic(match: re.Match[str]) -> str:
    topic = _TOPIC_TAIL.sub("", match["topic"].removesuffix(_behind(match)).strip())
    return "" if _NOT_TOPIC.match(topic) else topic


def shared_words(text: str, words: list[str]) -> int:
    """How many pairs of neighbouring characters of `words` stand in `text`."""
    pairs = {word[start : start + 2] for word in words for start in range(len(word) - 1)}
    return sum(pair in text for pair in pairs)


def is_reminded(which: str, answer: Answer | None) -> bool:
    """Whether somebody who gave this answer is reminded: a day before only whoever gave none."""
    return answer is None if which == "day" else answer in (None, Answer.YES)


def are_alike(one: str, other: str, part: float) -> bool:
    """Whether two topics share at least that part of the pairs of characters of the shorter one."""
    shorter, longer = sorted((one, other), key=len)
    pairs = {shorter[start : start + 2] for start in range(len(shorter) - 1)}
    return shorter in longer or (bool(pairs) and sum(pair in longer for pair in pairs) >= part * len(pairs))


def title(kind: str, topics: list[str]) -> str:
    """What a meeting is called: its topics and its kind."""
    return f"{'、'.join(topics)}{kind}" if topics else kind
