"""Decisions about cases: which state may follow which, when it is due, what is the same thing, what a rating says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.cases import working_time
from handlers.cases.replies import staff as replies
from handlers.errors import Refusal
from nlu.places import find_places
from storage.cases import CaseKind, CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nlu.categories import Category
    from storage.cases import Case

RESPONSE_HOURS = timedelta(hours=4)
SAME_WITHIN = timedelta(hours=72)
REOPEN_WITHIN = timedelta(days=7)
ALERT_AGAIN_AFTER = timedelta(minutes=3)
ALERT_AT_MOST = 10
FAIR = 3
"""Stars below this, given to what is not solved, do not close the case: it is opened again."""

_OWN_NAME = re.compile(
    r"[0-9A-Za-z]|[东南西北]门|.(?:花园|家园|苑|府|城|湾|庭|路|街|巷|桥|村)|小区|广场|公园|学校|小学|中学|幼儿园|市场|院子|步道|公交站|卫生室"
)
_RATINGS = (
    (1, re.compile(r"非常不满意|很不满意|太差|差得很|差评|垃圾|糟糕|一[分星]|1\s*[分星]")),
    (2, re.compile(r"不满意|不太满意|不咋样|不得行|不好|两[分星]|二[分星]|2\s*[分星]")),
    (3, re.compile(r"一般|还行|还可以|凑合|将就|马马虎虎|过得去|三[分星]|3\s*[分星]")),
    (
        5,
        re.compile(
            r"非常满意|很满意|满意得很|太满意|特别满意|特别好|好得很|非常好|巴适得|满分|五[分星]|5\s*[分星]|好评|点赞|👍"
        ),
    ),
    (4, re.compile(r"满意|不错|可以|巴适|挺好|蛮好|好|四[分星]|4\s*[分星]")),
)
_UNSOLVED = re.compile(
    r"没(?:有|得)?解决|没(?:有|得)?处理好|没搞好|没弄好|没修好|还没|还在|又(?:开始|漏|吵|堆)|没好|没得用|没有$|没得$"
)
_SOLVED = re.compile(r"解决了|处理好了|弄好了|搞好了|修好了|好了|没(?:得)?问题了|可以了")


def due(kind: CaseKind, category: Category, reported: datetime) -> tuple[datetime, datetime]:
    """When the first response and the resolution are due (categories.md); an emergency is due at once, at any hour."""
    if kind is CaseKind.EMERGENCY:
        return reported, reported
    allowed = working_time.DAY * category.deadline_days
    return working_time.after(reported, RESPONSE_HOURS), working_time.after(reported, allowed)


AT_WORK = (CaseState.ACCEPTED, CaseState.IN_PROGRESS)
"""The states of a case that somebody works on."""


def check_acceptable(case: Case, actor_id: int) -> None:
    """Refuse to accept what is over, or what somebody else has accepted or was offered."""
    if case.offered_to_id is not None and actor_id not in (case.offered_to_id, case.assignee_id):
        raise Refusal(replies.offered_to_another(case))
    if case.state in (CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN):
        raise Refusal(replies.over(case))
    if case.state is not CaseState.OPEN and case.assignee_id != actor_id:
        raise Refusal(replies.taken(case))
    if case.state is not CaseState.OPEN:
        raise Refusal(replies.yours_already(case))


def check_workable(case: Case, actor_id: int) -> None:
    """Refuse to work on what the actor has not accepted, or what is over."""
    if case.state is CaseState.OPEN and not _still_answers(case, actor_id):
        raise Refusal(replies.accept_first(case))
    if case.state not in (CaseState.OPEN, *AT_WORK):
        raise Refusal(replies.over(case))
    if case.assignee_id != actor_id:
        raise Refusal(replies.somebody_elses(case))


def _still_answers(case: Case, actor_id: int) -> bool:
    """Whether the actor had accepted a case and passed it on to somebody who has not answered yet."""
    offered = case.offered_to_id is not None and case.assignee_id == actor_id
    return offered and state_before_offer(case) in AT_WORK


def state_before_offer(case: Case) -> CaseState:
    """How far its handler had come with a case before it was passed on, however often that was since."""
    for event in reversed(case.history):
        if event.action == "transfer" and event.from_state in AT_WORK:
            return event.from_state
        if event.action in ("accept", "return"):
            break
    return CaseState.OPEN


def check_withdrawable(case: Case) -> None:
    """Refuse to take back what is over."""
    if case.state in (CaseState.CLOSED, CaseState.WITHDRAWN):
        raise Refusal(replies.over(case), final=True)


def may_reopen(case: Case, now: datetime) -> bool:
    """Whether the reporter may still say that it is not solved (domain.md: within 7 days)."""
    return (
        case.state in (CaseState.RESOLVED, CaseState.CLOSED)
        and case.resolved_at is not None
        and now - case.resolved_at <= REOPEN_WITHIN
    )


def alert_number(reported: datetime, now: datetime) -> int:
    """How often an unconfirmed alarm must have been raised by `now`, the first time not counted."""
    return min((now - reported) // ALERT_AGAIN_AFTER, ALERT_AT_MOST)


def rating_in(text: str) -> int | None:
    """The 1 to 5 that the words give, or None."""
    return next((stars for stars, words in _RATINGS if words.search(text)), None)


def says_solved(text: str) -> bool | None:
    """Whether the reporter says that it is solved, or that it is not; None when neither."""
    if _UNSOLVED.search(text):
        return False
    return True if _SOLVED.search(text) else None


def place_key(place: str) -> str:
    """One spelling of a place, by which two reports are compared."""
    found = find_places(place)
    return "".join(part.value for part in found) if found else re.sub(r"[\s\W]", "", place)


def has_own_name(place: str) -> bool:
    """Whether a place can be told from others; 楼道 and 门口 every house has."""
    return _OWN_NAME.search(place) is not None


def same_thing(place: str, others: Sequence[Case]) -> Case | None:
    """The case among `others` (same community, category and days) that is about the same place, or None.

    A place that every house has (楼道, 门口) tells nothing: only one with a number or a name of its own counts.
    """
    key = place_key(place)
    if not has_own_name(key):
        return None
    return next((case for case in others if place_key(case.place) == key), None)
