"""Decisions about cases: which state may follow which, when it is due, what is the same thing, what a rating says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.cases.replies import staff as replies
from handlers.cases.replies.describing import REOPEN_WITHIN
from handlers.errors import Refusal
from nlu.places import find_places
from storage.cases import HANDLERS, UNFINISHED, CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from storage.cases import Case
    from storage.people import Person

SAME_WITHIN = timedelta(hours=72)
URGED_EVERY = timedelta(hours=1)
"""How often a reporter's urging is passed on to whoever handles the case."""

REMIND_AFTER = timedelta(days=3)
"""How long after a case was resolved a reporter who has not answered is reminded once."""

CORRECTED_WITHIN = timedelta(days=1)
"""How long after it was filed a report is put right by its reporter, without a word on which is meant."""

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
_URGES = re.compile(
    r"催|快[点些]|搞快|抓紧|赶紧|[咋怎]还(?:没|不|莫)|到底.{0,8}(?:管|处理|办|来)|(?:都|已经).{0,6}(?:天|月|久|星期|周)了.{0,12}(?:没|不)"
    r"|有没有人管|没(?:得)?人(?:管|来|理)|等(?:到|了)?(?:好久|几天|恁个久)"
)
"""Presses for a case, beyond asking how it stands."""

_UNSOLVED = re.compile(
    r"没(?:有|得)?解决|没(?:有|得)?处理好|没搞好|没弄好|没修好|还没|还在|又(?:开始|漏|吵|堆)|没好|没得用|没有$|没得$"
)
_SOLVED = re.compile(r"解决了|处理好了|弄好了|搞好了|修好了|好了|没(?:得)?问题了|可以了")


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


def may_work(case: Case, person: Person) -> bool:
    """Whether `person` may work on `case`: its handler, or who answers for a level to which it went up."""
    if case.assignee_id == person.id:
        return True
    up = {each.area_id for each in case.escalations if not each.vacant}
    return any(g.area_id in up and g.role in HANDLERS for g in person.grants)


def check_workable(case: Case, person: Person) -> None:
    """Refuse to work on what has not been accepted, what is over, or what is somebody else's."""
    if case.state is CaseState.OPEN and not _still_answers(case, person.id):
        raise Refusal(replies.accept_first(case))
    if case.state not in (CaseState.OPEN, *AT_WORK):
        raise Refusal(replies.over(case))
    if not may_work(case, person):
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


def rating_in(text: str) -> int | None:
    """The 1 to 5 that the words give, or None."""
    return next((stars for stars, words in _RATINGS if words.search(text)), None)


def says_solved(text: str) -> bool | None:
    """Whether the reporter says that it is solved, or that it is not; None when neither."""
    if _UNSOLVED.search(text):
        return False
    return True if _SOLVED.search(text) else None


def urges(text: str) -> bool:
    """Whether a question for a case presses for it."""
    return _URGES.search(text) is not None


def may_urge(case: Case, now: datetime) -> bool:
    """Whether urging is passed on now: once an hour at most, and only while there is something to do."""
    return case.state in UNFINISHED and (case.urged_at is None or now - case.urged_at >= URGED_EVERY)


def place_key(place: str) -> str:
    """One spelling of a place, by which two reports are compared."""
    found = find_places(place)
    return "".join(part.value for part in found) if found else re.sub(r"[\s\W]", "", place)


def has_own_name(place: str) -> bool:
    """Whether a place can be told from others; 楼道 and 门口 every house has."""
    return _OWN_NAME.search(place) is not None
