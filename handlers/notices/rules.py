"""Decisions about notices: what one sentence says of a notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nlu.places import grid_of
from nlu.times import find_time, find_times

if TYPE_CHECKING:
    from datetime import datetime

_NEEDS_ACK = re.compile(
    r"(?:看到|收到)(?:的|了)?(?:请|要|都)?(?:回复|回个|回一个|回|确认|吱)|请?(?:回复|确认)[“\"「]?收到|请确认"
)
_COMMAND = re.compile(
    r"^(?:麻烦|请|帮我|帮忙)*(?:(?:给|向|跟|对)[^：:，,。\n]{1,20}?)?(?:群发|推送|发布|发送|发出|发|通知)(?:一?[个条则份]|一下|下|哈)?(?:紧急|重要)?(?:通知|消息|公告|提醒)?"
    r"(?:给|到|一下)?(?P<whom>(?:[^：:，,。\n]{0,20}?)(?:居民|住户|业主|村民|网格|群众|全体|所有人|大家|志愿者)?(?:的?(?:人|居民|住户|业主|村民|群众))?)?\s*[：:，,]\s*"
)
_SEND_AT = re.compile(r"(?:再|才|准时|定时|就)?\s*(?:发出去|发出|发送|推送|群发|发布|发)(?!通知|布会|现|生|烧|火|票)")
_LEAD = re.compile(r"(?:请|麻烦|帮我|帮忙|给我|定时|定在|等到|到|在|\s)*")
_TIMED = re.compile(r"定时|定在|到时候|等到")


def read_notice(text: str, now: datetime) -> dict[str, Any]:
    """What one sentence says of a notice: text, grid, needs_ack and send_at (ISO); only what it says."""
    said: dict[str, Any] = {"needs_ack": True} if _NEEDS_ACK.search(text) else {}
    grid = grid_of(text)
    if grid:
        said["grid"] = grid
    send_at, rest = _send_at(text, now)
    if send_at:
        said["send_at"] = send_at
    body = _COMMAND.sub("", rest, count=1).strip(" ，,。：:")
    if body != rest.strip(" ，,。：:") and len(body) >= 2:
        said["text"] = body
    return said


def time_in(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when the event is of which a notice tells."""
    span = find_time(text, now)
    return (span.start, span.end) if span is not None else (None, None)


def _send_at(text: str, now: datetime) -> tuple[str | None, str]:
    """The moment at which to send, where the words name one (「今晚八点发」), and the text without those words."""
    for span in find_times(text, now):
        if span.start is None or span.date_only:
            continue
        before, after = text[: span.offset], text[span.offset + len(span.text) :].lstrip(" ，,")
        # 「今晚八点发通知给1网格：…」: the command itself follows the time.
        if _LEAD.fullmatch(before) and _COMMAND.match(after):
            return span.start.isoformat(), after
        match = _SEND_AT.match(after)
        if match is not None:
            rest = _TIMED.sub("", before + after[match.end() :]).strip(" ，,。")
            says_it = after[match.end() :].lstrip()[:1] in ("：", ":")
            return span.start.isoformat(), f"发通知{after[match.end() :].lstrip()}" if says_it else rest
    return None, text
