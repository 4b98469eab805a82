"""One thing reported by several people is one case: following it, leaving it, and what staff merge or take apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.cases import filing, meant, on_behalf
from handlers.cases.replies import hidden
from handlers.cases.replies import merging as replies
from handlers.cases.replies import report as report_replies
from handlers.cases.replies import staff as staff_replies
from handlers.errors import Refusal
from nlu.times import SHANGHAI
from storage.cases import CaseFollower, CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.forms import Values
    from handlers.turn import Reply, Turn
    from storage.cases import Case

_NUMBER = r"(?:[0-9]{4,8}-)?[0-9]{3,4}"
_MERGE = re.compile(
    rf"把?(?P<copy>{_NUMBER})号?(?:这个|那个)?(?:合?并|归|合)(?:到|进|入|给|在)*(?P<first>{_NUMBER})号?(?:里头?|一起|去|来)*"
    rf"|把?(?P<one>{_NUMBER})号?[和跟与、](?P<other>{_NUMBER})号?(?:是(?:同)?一(?:回事|件事|个事)[，,]?)?(?:合并|并(?:到|成|在)一?[起件个]?)(?:了|吧|嘛|起)*"
)
_SPLIT = re.compile(
    rf"(?:把)?(?P<number>{_NUMBER})号?(?:的|里|里头)?(?:拆开|拆分|分开|拆出来|分出来)(?:立案|办)?(?:第(?P<which>[0-9]{{1,2}})个)?(?:了|吧|嘛|哈)*"
    rf"|(?:把)?(?:(?P<of>{_NUMBER})号?里?的?)?(?P<name>[^，,。0-9]{{2,8}}?)(?:报)?的?(?:那个|那件|那份|那一件)?(?:从(?P<from>{_NUMBER})号?里?)?"
    r"(?:单独立案|单独立个案|单独办|单独拆出来|拆出来|分出来)(?:了|吧|嘛|哈)*"
)
_WHO = re.compile(
    rf"(?:那|那么)?(?:(?P<number>{_NUMBER})号?|上面|刚才|刚刚)?(?:这|那)?[个件条单]?(?:事情?|单子?|件|案子)?(?:的)?(?:是|到底是)*"
    r"(?:(?:哪个|谁|哪家|哪户|啥子人|什么人|哪里的人)(?:人|来)?(?:报|投诉|举报|反[映应])(?:上?来|案)?(?:的|了)?"
    r"|(?<=[0-9号是])(?:哪个|谁|哪家)"
    r"|(?:报告人|报案人|举报人|投诉人|反[映应]人|报的人)(?:呢|是|叫)?(?:哪个|谁|啥子名字|什么名字|叫啥子?)?)"
    r"(?:[，,]?(?:他的?|她的?)?电话(?:是)?(?:多少|好多)?)?[呢嘛啊哦哟的？?]*"
)
"""Asks who reported a case: the named one, or else the one that is answered or was spoken of last."""

_OVER = (CaseState.CLOSED, CaseState.WITHDRAWN)


def follow(turn: Turn, case: Case, values: Values) -> Reply:
    """Make the speaker a follower of `case`, which is locked: their words are kept, and its handler hears them."""
    turn.talk.remember(case=case.id)
    anonymous = bool(values.get("anonymous"))
    speaker = on_behalf.reporter(turn, values)
    words = hidden.without_oneself(values["text"], speaker)
    known = next((follower for follower in case.followers if follower.person_id == speaker.id), None)
    if case.reporter_id == speaker.id or known is not None:
        _add(case, known, values)
        case.note(turn.by, "add", words)
        turn.tell(case.assignee, staff_replies.something_was_added(case, words))
        return report_replies.told_before(case)
    case.followers.append(
        CaseFollower(
            person=speaker,
            since=turn.now,
            text=values["text"],
            anonymous=anonymous,
            photos=values.get("photos") or [],
            location=values.get("location"),
        )
    )
    case.note(turn.by, "follow", words)
    turn.tell(case.assignee, staff_replies.somebody_else_reports(case, words))
    return report_replies.following(case)


def _add(case: Case, known: CaseFollower | None, values: Values) -> None:
    if known is not None:
        known.text = "；".join(filter(None, (known.text, values["text"])))
        known.photos = [*known.photos, *(values.get("photos") or [])]
    else:
        case.photos = [*case.photos, *(values.get("photos") or [])]
        case.location = values.get("location") or case.location


def leave(turn: Turn, case: Case) -> None:
    """Let the speaker follow `case` no more; nothing of theirs is kept with it."""
    case.followers = [follower for follower in case.followers if follower.person_id != turn.person.id]
    case.note(turn.by, "leave")


def hand_over(turn: Turn, case: Case) -> CaseFollower | None:
    """Where others report the same thing, the first of them takes the place of a reporter who withdraws; or None."""
    if not case.followers:
        return None
    heir = case.followers[0]
    # What leads to whoever withdraws goes with them.
    case.place = hidden.place(case)
    case.filed_by = case.on_behalf_of = case.on_behalf_phone = None
    case.reporter, case.anonymous = heir.person, heir.anonymous
    case.text = heir.text or case.text
    case.photos, case.location = heir.photos, heir.location
    case.followers = case.followers[1:]
    case.note(turn.by, "hand_over")
    return heir


def hear(turn: Turn) -> Reply | None:
    """What staff say of cases that are one, or that are not (「008并到007」, 「007拆开」); None for anything else."""
    if not turn.person.roles & STAFF or turn.message.in_group:
        return None
    text = turn.text.strip(" 。！!，,")
    asked = _WHO.fullmatch(text)
    if asked is not None:
        case = _asked_about(turn, asked["number"])
        return replies.who_reported(case) if case is not None else replies.whose_reporter()
    merged = _MERGE.fullmatch(text)
    if merged is not None:
        return _merge(turn, merged["copy"] or merged["other"], merged["first"] or merged["one"])
    split = _SPLIT.fullmatch(text)
    if split is None:
        return None
    number = split["number"] or split["of"] or split["from"]
    return _split(turn, number, split["which"], split["name"])


def _asked_about(turn: Turn, number: str | None) -> Case | None:
    """The case whose reporter is asked for; None where no number is said and none was spoken of."""
    if number is not None:
        return _worked(turn, number)
    if turn.about is not None:
        return turn.work.cases.reachable(turn.person, turn.about)
    return meant.last_spoken_of(turn)


def _merge(turn: Turn, copy_number: str, first_number: str) -> Reply:
    first, copy = _worked(turn, first_number), _worked(turn, copy_number)
    if first.id == copy.id:
        raise Refusal(replies.the_same_number())
    if first.community_id != copy.community_id:
        raise Refusal(replies.other_community())
    for case in (first, copy):
        if case.state in _OVER:
            raise Refusal(replies.over_already(case))
    concerned = {follower.person_id for follower in first.followers} | {first.reporter_id}
    joining = [as_follower(turn, copy), *(_again(follower) for follower in copy.followers)]
    new = [each for each in joining if each is not None and each.person.id not in concerned]
    first.followers = [*first.followers, *new]
    copy.followers = []
    copy.duplicate_of_id = first.id
    copy.move(CaseState.CLOSED, turn.by, "merge", replies.merged_note(first))
    first.note(turn.by, "merge", replies.merged_note(copy))
    turn.tell_all((each.person for each in new), replies.yours_was_merged(copy, first))
    if copy.assignee_id not in (None, turn.person.id):
        turn.tell(copy.assignee, replies.merged(copy, first))
    return replies.merged(copy, first)


def as_follower(turn: Turn, case: Case) -> CaseFollower | None:
    """The reporter of `case` as a follower of another one, with their words and as unnamed; None without a reporter."""
    if case.reporter is None:
        return None
    return CaseFollower(
        person=case.reporter,
        since=turn.now,
        text=case.text,
        anonymous=case.anonymous,
        photos=case.photos,
        location=case.location,
    )


def _again(follower: CaseFollower) -> CaseFollower:
    return CaseFollower(
        person=follower.person,
        since=follower.since,
        text=follower.text,
        anonymous=follower.anonymous,
        photos=follower.photos,
        location=follower.location,
    )


def _split(turn: Turn, number: str | None, which: str | None, name: str | None) -> Reply | None:
    if number is None:
        return _split_by_name(turn, name or "")
    case = _worked(turn, number)
    followers = list(case.followers)
    if name is not None:
        followers = [each for each in followers if _is_called(each, name)]
    elif which is not None:
        followers = followers[int(which) - 1 : int(which)]
    if not followers:
        raise Refusal(replies.nothing_to_split(case))
    if len(followers) > 1:
        return replies.which_to_split(case, followers)
    return _take_out(turn, case, followers[0])


def _split_by_name(turn: Turn, name: str) -> Reply | None:
    """「把李某的单独立案」 without a number: the one case in reach that somebody of this name follows."""
    found = [
        (case, follower)
        for case in turn.work.cases.workable_by(turn.person)
        for follower in case.followers
        if _is_called(follower, name)
    ]
    if len(found) != 1:
        return replies.say_the_number() if found else None
    return _take_out(turn, turn.work.cases.lock(found[0][0]), found[0][1])


def _is_called(follower: CaseFollower, name: str) -> bool:
    """Whether staff mean this follower by a name; one who will not be named is called by none."""
    own = follower.person.name or ""
    wanted = name.rstrip("某").strip("把的 ")
    return not follower.anonymous and bool(wanted) and own.startswith(wanted)


def _take_out(turn: Turn, case: Case, follower: CaseFollower) -> Reply:
    """Make a case of its own out of what a follower said; one that was merged into this one is opened again."""
    before = turn.work.cases.merged_into(case, follower.person)
    case.followers = [each for each in case.followers if each is not follower]
    if before is not None:
        new = turn.work.cases.lock(before)
        new.duplicate_of_id = None
        new.move(CaseState.OPEN, turn.by, "split", replies.split_note(case))
    else:
        values: Values = {
            "kind": case.kind,
            "category": case.category,
            "place": case.place,
            "text": follower.text or replies.no_words(),
            "anonymous": follower.anonymous,
            "photos": follower.photos,
            "location": follower.location,
        }
        new = filing.open_case(turn, case.area, values, follower.person)
        new.note(turn.by, "split", replies.split_note(case))
    case.note(turn.by, "split", replies.split_note(new))
    turn.tell(new.reporter, replies.yours_is_its_own(new, case))
    if new.assignee_id != turn.person.id:
        turn.tell(new.assignee, staff_replies.new_case(new))
    return replies.split(case, new)


def _worked(turn: Turn, number: str) -> Case:
    """The case in the speaker's reach that is called so, locked; what is over only where nothing else is."""
    called = turn.work.cases.called(turn.person, number, turn.now.astimezone(SHANGHAI).date())
    unfinished: Sequence[Case] = [case for case in called if case.state not in _OVER]
    found = unfinished or called
    if not found:
        raise Refusal(staff_replies.no_such_case(number))
    if len(unfinished) > 1:
        asked = staff_replies.which_task(unfinished, turn.understanding.intent, turn.text)
        raise Refusal(asked.text, choices=asked.choices)
    return turn.work.cases.lock(found[0])
