"""What waits for those who handle cases: their own and their team's, all or some, a page at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from handlers.cases import targets, working_time
from handlers.cases.replies import staff as staff_replies
from handlers.cases.replies import tasks as replies
from handlers.errors import Refusal
from handlers.routes import InGroup, Routes
from nlu.categories import category, category_of
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.staff_commands import read_command
from nlu.times import SHANGHAI, find_time
from nlu.understanding import Intent
from nlu.wording import chinese_number
from storage.case_tasks import URGED, WantedTasks
from storage.cases import CaseKind
from storage.people import ADMINS, STAFF

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from handlers.turn import Reply, Turn
    from storage.areas import Area
    from storage.cases import Case
    from storage.people import Person

routes = Routes()

PAGE = 10
MOST_URGED = 30
LISTED = "listed"
"""Where a talk remembers which list was read last, and to which page."""

_PAGE = re.compile(r"第([0-9一二三四五六七八九十]{1,3})页")
_GRID_ALONE = re.compile(
    r"(?:看看?|查)?[0-9一二三四五六七八九十]{1,3}网格(?:的|呢|有哪些|有几件|的呢|的有哪些)[嘛呢哈]*"
)
_BACK = re.compile(r"上一?页")
_SOON = re.compile(r"(?:快|要|会|将|即将|就要|莫|别).{0,3}(?:超|到期|过期|逾期|到点|爆|到日子)|黄灯")
_LATE = re.compile(r"超[期时]|逾期|过期|红灯|红牌|晚了|拖了|到期没")
_DUE = re.compile(r"到期|截止|到点|要[办完结交]|[要得]办完|之?前(?:要|必须|得)|必须|期限")
_UNACCEPTED = re.compile(r"(?:没|未|待|还没|等我?)(?:有|得|人)?(?:接|签收|受理)")
_AT_WORK = re.compile(r"在办|办理中|处理中|接了(?:还|但|没)|正在办")
_OFFERED = re.compile(r"转给?我|转来|转到我")
_URGENT = re.compile(r"紧急|急件|最急")
_TEAM = re.compile(r"全部人|所有人|大家|每个人|我们?(?:社区|网格|组|这边)|各网格|全社区|下面的|没人接")


@routes.on(Intent.MY_TASKS, roles=STAFF, in_group=InGroup.MOVE)
def my_tasks(turn: Turn) -> Reply:
    """List the cases that wait for this person, or for one of their team; what was offered to them comes first."""
    text, page = _list_meant(turn)
    if text is None:
        return replies.no_more()
    whose, people = _whose(turn, text)
    wanted, which = _wanted(turn, text, people)
    about = f"{whose}{which}"
    turn.talk.remember(listed={"text": text, "page": page, "at": turn.now.isoformat()})
    found = turn.work.case_tasks.page(turn.person, wanted, turn.now, (page - 1) * PAGE, PAGE)
    if not found.count:
        return replies.no_tasks(about)
    if not found.cases:
        return replies.no_more()
    return replies.tasks(found, (page - 1) * PAGE, turn.now, turn.person.id, about)


def urge(turn: Turn) -> Reply | None:
    """Press all who handle some cases of an admin's areas (把超期的都催一下); None where it is not said which."""
    if turn.person.seat(ADMINS) is None:
        return None
    whose, people = _whose(turn, turn.text)
    if people == (turn.person,):
        whose, people = "您管的范围", None
    if people is None and not (_says_which(turn.text) or _grid_of(turn, turn.text)):
        return None
    wanted, which = _wanted(turn, turn.text, people)
    wanted = replace(wanted, of_others=True)
    # What was pressed today is left out, so that whoever says it again reaches what stands behind it.
    unpressed = replace(wanted, unpressed_since=_midnight(_day(turn.now)))
    found = turn.work.case_tasks.page(turn.person, unpressed, turn.now, 0, MOST_URGED)
    if not found.count and turn.work.case_tasks.page(turn.person, wanted, turn.now, 0, 0).count:
        return replies.pressed_today(f"{whose}{which}")
    handled: dict[Person, list[Case]] = {}
    for case in found.cases:
        handler = case.offered_to or case.assignee
        if handler is not None:
            case.note(turn.by, URGED)
            handled.setdefault(handler, []).append(case)
    for handler, cases in handled.items():
        turn.tell(handler, staff_replies.urged_together(cases, turn.person))
    numbers = [(handler, len(cases)) for handler, cases in handled.items()]
    return replies.pressed(numbers, found.count - len(found.cases)) if numbers else replies.no_tasks(f"{whose}{which}")


def goes_on(turn: Turn) -> bool:
    """Whether a message asks for more of the list that was read last."""
    return turn.talk.topic.get(LISTED) is not None and read_command(turn.text).more


def narrows(text: str) -> bool:
    """Whether short words, said after a list, ask for some of it (3网格的, 噪音那些)."""
    words = text.strip(" 。？?！!")
    names = category_of(words) is not None or bool(find_places(words)) or _says_which(words)
    return names and len(words) <= 10 and re.search(r"(?:的|那些|哪些|那几个|呢)[嘛呢哈]*$", words) is not None


def is_filter(text: str) -> bool:
    """Whether short words ask for those cases that are late, urgent, not accepted or the like, and nothing else."""
    return narrows(text) and _says_which(text) and not find_places(text) and category_of(text) is None


def asks_list(text: str) -> bool:
    """Whether words that may ask for figures ask for the cases themselves (各网格超期的列一下)."""
    return _says_which(text) and re.search("列|哪些|哪几|清单", text) is not None


def is_grid(text: str) -> bool:
    """Whether words name a grid and nothing else, as those who answer for several ask for its cases (3网格的)."""
    return _GRID_ALONE.fullmatch(text.strip(" 。？?！!")) is not None


def _says_which(text: str) -> bool:
    return any(way.search(text) for way in (_SOON, _LATE, _DUE, _UNACCEPTED, _AT_WORK, _OFFERED, _URGENT))


def _list_meant(turn: Turn) -> tuple[str | None, int]:
    """The words that asked for the list that is meant, and the page of it."""
    listed = turn.talk.topic.get(LISTED)
    page = _PAGE.search(turn.text)
    if not read_command(turn.text).more:
        return turn.text, 1
    if listed is None:
        return (turn.text, 1) if page is None else (None, 1)
    if page is not None:
        return listed["text"], chinese_number(page[1]) or 1
    return listed["text"], max(1, listed["page"] + (-1 if _BACK.search(turn.text) else 1))


def _whose(turn: Turn, text: str) -> tuple[str, tuple[Person, ...] | None]:
    """Whose cases are meant, in words, and who these are; None for all of the speaker's areas."""
    named = [person for person in targets.called(text, _team(turn)) if person.id != turn.person.id]
    if named:
        # Several of one name in one team are listed together.
        return f"{'、'.join(person.name or '' for person in named)}手上", tuple(named)
    stranger = next((person.text for person in find_persons(text) if person.text not in (turn.person.name or "")), None)
    if stranger is not None and re.search(rf"{re.escape(stranger)}(?:手|名|那|这|有|在|的|还)", text):
        raise Refusal(replies.not_of_your_team(stranger))
    own = (turn.person,)
    if _grid_of(turn, text) is not None or _TEAM.search(text):
        return "您管的范围", None
    stands_above = turn.person.seat(ADMINS) is not None and _says_which(text)
    if stands_above and not turn.work.case_tasks.page(turn.person, WantedTasks(own), turn.now, 0, 0).count:
        return "您管的范围", None
    return "手上", own


def _team(turn: Turn) -> list[Person]:
    """The staff of the areas that the speaker answers for as an admin."""
    seat = turn.person.seat(ADMINS)
    return list(turn.work.people.within(STAFF, seat)) if seat is not None else []


def _wanted(turn: Turn, text: str, people: tuple[Person, ...] | None) -> tuple[WantedTasks, str]:
    """Which of the cases of `people` the words ask for, and which these are, in words."""
    wanted, which = WantedTasks(people), []
    for says, changed in _ways(turn, text):
        wanted = replace(wanted, **changed)
        which.append(says)
    return wanted, "".join(which)


def _ways(turn: Turn, text: str) -> Iterable[tuple[str, dict[str, Any]]]:
    now = turn.now
    grid = _grid_of(turn, text)
    if grid is not None:
        yield grid.name, {"area": grid}
    slug = category_of(text)
    if slug is not None:
        yield category(slug).name, {"category": slug}
    if _URGENT.search(text):
        yield "紧急的", {"kind": CaseKind.EMERGENCY}
    if _SOON.search(text):
        until = working_time.after(now, working_time.DAY)
        yield "快到期的", {"late": False, "due_before": until + timedelta.resolution}
    elif _LATE.search(text):
        yield "超期的", {"late": True}
    elif _DUE.search(text) and (days := _days_in(text, now)) is not None:
        says, first, last = days
        yield f"{says}到期的", {"due_from": _midnight(first), "due_before": _midnight(last + timedelta(days=1))}
    if _UNACCEPTED.search(text):
        yield "没接的", {"accepted": False}
    elif _AT_WORK.search(text):
        yield "在办的", {"accepted": True}
    elif _OFFERED.search(text):
        yield "转来的", {"offered": True}


def _days_in(text: str, now: datetime) -> tuple[str, date, date] | None:
    """The days that `text` names, and how: 今天 is one, 这周 those that are left, 周五前 all until then."""
    span = find_time(text, now)
    ends = (span.end or span.start) if span is not None else None
    if span is None or ends is None:
        return None
    is_one = span.start is None and "前" not in text
    first = _day(ends) if is_one else _day(now) if span.start is None or span.end else _day(span.start)
    return span.text + ("前" if "前" in text else ""), first, _day(ends)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _grid_of(turn: Turn, text: str) -> Area | None:
    return targets.grid_called(turn, turn.person.area, text)
