"""What the reporter says of a case that is filed already: what was wrong in it, and that they will not be named."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from handlers import areas
from handlers.addresses import address_in, amend, part_alone
from handlers.cases import filing, merging, report, rules, telling
from handlers.cases.replies import afterwards as replies
from handlers.cases.replies import hidden
from handlers.cases.replies import merging as merging_replies
from handlers.cases.replies import report as report_replies
from handlers.cases.replies import staff as staff_replies
from handlers.forms import Said
from nlu import answers
from nlu.anonymity import asks_about_secrecy, wants_no_name
from nlu.understanding import EntityKind, Intent
from storage.cases import HANDLERS, UNFINISHED, CaseKind, CaseState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from nlu.answers import Correction
    from storage.areas import Area
    from storage.cases import Case, CaseFollower

LONGEST_PART = 12
"""Characters that may take the place of a part of an address."""

SHORTEST_WORDS = 2
LONGEST_WISH = 30
"""Characters of a wish to be unnamed; more than that tells something of its own."""

SURELY_ANOTHER = 0.9
"""From this confidence on a long message is a report of its own."""

_LEAVES = re.compile(
    r"(?:[0-9]{3}号?)?(?:那件事|那个)?(?:就)?我?(?:不|莫|别)(?:用|要|必|想|需要)?(?:再|管我)?(?:告诉我|跟我说|跟|关注|管)(?:我|进展)?(?:了|咯|嘛|哈)*"
)
"""Takes leave of what somebody else reported first."""

_ABOUT_SINCE = re.compile(r"时间|日期|日子|开始|[从打]|起的")

_REPORTS = frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.REPORT_EMERGENCY})


def hear(turn: Turn) -> Reply | None:
    """Put right one's own fresh case, or hide who reported it; None for anything else, and where others read along."""
    if turn.message.in_group or not turn.text.strip():
        return None
    if asks_about_secrecy(turn.text) and len(turn.text) <= LONGEST_WISH:
        return report_replies.about_secrecy()
    if _LEAVES.fullmatch(turn.text.strip(" 。！!")) and (followed := _followed(turn)) is not None:
        merging.leave(turn, followed)
        return merging_replies.left(followed)
    wish = _wish_of_name(turn)
    correction = _correction(turn)
    if wish is None and correction is None:
        return None
    case = _meant(turn)
    if case is None:
        return None
    if correction is not None and (corrected := _put_right(turn, case, correction)) is not None:
        return corrected
    return _hide(turn, case, unnamed=wish) if wish is not None else None


def _followed(turn: Turn) -> Case | None:
    """The one unfinished case that the person only follows, or the one of them last spoken of."""
    theirs = [
        case
        for case in turn.work.cases.reported_by(turn.person)
        if case.reporter_id != turn.person.id and case.state in UNFINISHED
    ]
    found = [case for case in theirs if case.id == turn.talk.topic.get("case")] or theirs
    return turn.work.cases.lock(found[0]) if len(found) == 1 else None


def _correction(turn: Turn) -> Correction | None:
    part = part_alone(turn.text)
    return answers.Correction(part) if part is not None else answers.read_correction(turn.text)


def _wish_of_name(turn: Turn) -> bool | None:
    understood = turn.understanding
    is_report = understood.intent in _REPORTS and understood.confidence >= SURELY_ANOTHER
    return None if is_report or len(turn.text) > LONGEST_WISH else wants_no_name(turn.text)


def _meant(turn: Turn) -> Case | None:
    """The unfinished case of the last day that the person reported or follows: the named or last one, or the only."""
    number = turn.value(EntityKind.CASE_NUMBER)
    fresh = [
        case
        for case in turn.work.cases.reported_by(turn.person)
        if case.state in UNFINISHED
        and case.kind is not CaseKind.EMERGENCY
        and (case.is_called(str(number)) if number else turn.now - case.created_at <= rules.CORRECTED_WITHIN)
    ]
    last = [case for case in fresh if case.id == turn.talk.topic.get("case")]
    found = last or fresh
    return turn.work.cases.lock(found[0]) if len(found) == 1 else None


def _put_right(turn: Turn, case: Case, correction: Correction) -> Reply | None:
    if case.reporter_id != turn.person.id or answers.speaks_of_others(correction.right):
        return None
    place = _place_put_right(case, correction)
    if place is not None:
        return _move(turn, case, place, correction)
    since = _since_put_right(turn, correction)
    if since:
        case.since = date.fromisoformat(since)
        case.note(turn.by, "correct", replies.since_note(case))
        turn.tell(case.assignee, staff_replies.put_right(case))
        return replies.since_is_right(case)
    values = {"category": case.category, "kind": str(case.kind), "text": case.text}
    changed = report.put_category_right(values, correction)
    if changed is None:
        return _put_words_right(turn, case, correction)
    case.category, case.kind, case.text = changed["category"], CaseKind(changed["kind"]), changed["text"]
    filing.set_deadlines(turn, case)
    case.note(turn.by, "correct", replies.category_note(case))
    turn.tell(case.assignee, staff_replies.put_right(case))
    return replies.category_is_right(case)


def _since_put_right(turn: Turn, correction: Correction) -> str | None:
    """The day since when, where that is what was told wrong: 「不对，昨天来看过」 says something else."""

    def told(words: str) -> str | None:
        return telling.find_since(Said(words, turn.understanding, (), turn.message.sent_at))

    about_since = _ABOUT_SINCE.search(turn.text) or (correction.wrong and told(correction.wrong))
    return told(correction.right) if about_since and len(correction.right) <= telling.LONGEST_DAY else None


def _put_words_right(turn: Turn, case: Case, correction: Correction) -> Reply | None:
    """「不是张三是张山」: words of the story that are told to be wrong."""
    wrong, right = correction.wrong, correction.right
    if len(wrong) < SHORTEST_WORDS or wrong not in case.text or len(right) > LONGEST_PART:
        return None
    case.text = case.text.replace(wrong, right)
    case.note(turn.by, "correct", hidden.words(case, replies.words_note(wrong, right)))
    turn.tell(case.assignee, staff_replies.put_right(case))
    return replies.words_are_right(case, right)


def _place_put_right(case: Case, correction: Correction) -> str | None:
    right, wrong = correction.right.strip(), correction.wrong.strip()
    part, named = part_alone(right, rooms=True), address_in(right)
    if wrong and wrong in case.place and len(right) <= LONGEST_PART:
        return case.place.replace(wrong, part or named or right, 1)
    if part is None and named is None:
        return None
    if wrong and address_in(wrong) is None and part_alone(wrong) is None:
        return None
    joined = amend(case.place, part or named or right)
    if wrong and part is not None and joined == case.place:
        return joined
    # 「是5栋不是3栋」 of a case at 文林路23号 is about something else in it.
    return joined if joined != case.place and (part is None or joined != part) else None


def _move(turn: Turn, case: Case, place: str, correction: Correction) -> Reply:
    """Put the case where it is; in another grid it goes to whoever answers there, unless somebody has taken it on."""
    if place == case.place:
        return replies.place_is_so(case)
    before, known = hidden.place(case), case.place
    case.place = place
    if known in case.text:
        case.text = case.text.replace(known, place)
    elif correction.wrong:
        case.text = case.text.replace(correction.wrong, correction.right)
    old_handler, elsewhere = case.assignee, _area_elsewhere(turn, case)
    case.note(turn.by, "correct", replies.place_note(before, hidden.place(case)))
    if elsewhere is None:
        turn.tell(old_handler, staff_replies.put_right(case))
        return replies.place_is_right(case)
    case.area = elsewhere
    filing.set_deadlines(turn, case)
    nearest = turn.work.people.answerable(HANDLERS, elsewhere)
    if case.state is not CaseState.OPEN or not nearest or nearest[0] is old_handler:
        turn.tell(old_handler, staff_replies.put_right(case))
        return replies.place_is_right(case)
    case.assignee = nearest[0]
    turn.tell(old_handler, staff_replies.moved_away(case))
    turn.tell(case.assignee, staff_replies.new_case(case))
    return replies.place_is_right(case)


def _area_elsewhere(turn: Turn, case: Case) -> Area | None:
    """The area of the place, where that is clear and lies in another grid; the case keeps its own otherwise."""
    found = areas.meant(turn, case.place)
    if len(found) != 1:
        return None
    area, grid_of = found[0].area, turn.work.areas.grid_of
    if grid_of(area).id == grid_of(case.area).id:
        case.area = area
        return None
    return area


def _hide(turn: Turn, case: Case, *, unnamed: bool) -> Reply:
    """Change whether those who handle the case may know who reported it."""
    holder: Case | CaseFollower = case
    if case.reporter_id != turn.person.id:
        holder = next(follower for follower in case.followers if follower.person_id == turn.person.id)
    if holder.anonymous == unnamed:
        return replies.hidden_already(case) if unnamed else replies.named_already(case)
    holder.anonymous = unnamed
    case.note(turn.by, "hide" if unnamed else "name")
    if unnamed:
        turn.tell(case.assignee, staff_replies.keep_it_secret(case))
    return replies.hidden(case) if unnamed else replies.named(case)
