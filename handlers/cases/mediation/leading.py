"""What whoever leads a mediation does by chat, in words that `nlu.mediation` hears."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.cases import meant
from handlers.cases.mediation import finding, recording, rules, steps
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.cases.replies import staff as staff_replies
from handlers.errors import Refusal
from handlers.phrases import moment
from handlers.turn import Reply
from nlu import mediation as words_of
from nlu.mediation import Act
from nlu.staff_commands import read_command
from nlu.understanding import Entity, EntityKind, Intent
from storage.cases import UNFINISHED, CaseKind, CaseState
from storage.codes import new_code
from storage.mediations import Mediation, MediationSession, MediationState, Party, Side
from storage.people import STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from handlers.turn import Turn
    from nlu.mediation import Said
    from storage.cases import Case

APPLIED = "ask_mediation"
"""What the history calls it that the reporter asked for a mediation."""

_FOR_MEDIATION = re.compile("参加|调解")
_NEEDS_ONE = re.compile("^(?!.*结案).*(?:调解(?!不成|不了|成功|失败)|延期|邀请|协议)")
"""Words that do nothing where the mediation has come to its end; 「调解不成」 may still close the case."""

_NAMES_ONE = re.compile("调解|协议|回访|司法确认|双方|对方")
"""Without a number, words that only a mediation has."""

_OF_THE_MEDIATOR = frozenset({Act.START, Act.AGREED, Act.FAILED, Act.EXTEND, Act.STATEMENTS, Act.INVITE})
"""What nobody else does in a mediation under way; the handler of the case may still record what happens."""

_AFTERWARDS = frozenset({Act.VISITED, Act.JUDGE})


def hear(turn: Turn, words: str) -> Reply | None:
    """Do what the words say, if they speak of a mediation and the speaker leads it or begins one; else None."""
    if not turn.person.roles & STAFF:
        return None
    said, number = words_of.from_mediator(words), words_of.case_number(words)
    if number is None and not _NAMES_ONE.search(words):
        return None
    if said is None and rules.session_in(words, turn.message.sent_at) is None:
        return None
    mediation = finding.led(turn, number, done=said is not None and said.act in _AFTERWARDS)
    if mediation is None:
        return _without_one(turn, words, said, number)
    if said is not None and said.asks and said.act not in (Act.STATUS, Act.STATEMENTS):
        return None
    if not mediation.is_running:
        return _after(turn, mediation, words, said)
    return _do(turn, mediation, words, said)


def _without_one(turn: Turn, words: str, said: Said | None, number: str | None) -> Reply | None:
    """Begin a mediation, or refuse what only another may do in theirs; None where the words mean neither."""
    if said is not None and said.asks:
        return None
    over = finding.over(turn, number)
    if over is not None and _NEEDS_ONE.search(words) and (said is None or said.act is not Act.START):
        raise Refusal(replies.is_over(over))
    if said is None:
        return None
    if said.act in _OF_THE_MEDIATOR and (theirs := finding.of_others(turn, number)) is not None:
        reads = said.act is Act.STATEMENTS
        raise Refusal(replies.only_the_mediator_reads() if reads else replies.somebody_else_leads(theirs))
    if said.act is Act.START:
        return _start(turn, words)
    if said.act is Act.INVITE and number is not None and _FOR_MEDIATION.search(words):
        begun = _start(turn, words)
        mediation = finding.led(turn, number)
        return begun if mediation is None else _invite(turn, mediation, words)
    return None


def _start(turn: Turn, words: str) -> Reply:
    """Begin: the case is taken on if nobody has, both parties are asked (a committee may offer it itself, 第十七条)."""
    number = words_of.case_number(words)
    if number is not None and turn.value(EntityKind.CASE_NUMBER) is None:
        # 7号 is a day to everybody else.
        named = Entity(EntityKind.CASE_NUMBER, 0, 0, number, number)
        turn.understanding = replace(turn.understanding, entities=(named, *turn.understanding.entities))
    found = meant.for_work(turn, read_command(words), Intent.UPDATE_CASE, UNFINISHED)
    if not found.cases:
        return found.asks or Reply("\n".join(found.unclear))
    case = turn.work.cases.lock(found.cases[0])
    _check_may_mediate(turn, case)
    running = turn.work.mediations.running_of(case)
    if running is not None:
        raise Refusal(replies.already_started(running))
    if case.state is CaseState.OPEN:
        case.assignee = turn.person
        case.move(CaseState.ACCEPTED, turn.by, "accept")
    mediation = turn.work.mediations.add(
        Mediation(case=case, mediator=turn.person, started_at=turn.now, due_at=rules.due(turn.now))
    )
    case.due_at = max(case.due_at, mediation.due_at)
    case.move(
        CaseState.IN_PROGRESS, turn.by, "mediation_start", f"开始调解，{replies.last_day(mediation.due_at)}前调完"
    )
    if case.assignee_id != turn.person.id:
        turn.tell(case.assignee, replies.led_for_you(mediation))
    name = case.reporter.name if case.reporter and not case.anonymous else None
    applicant = Party(side=Side.APPLICANT, person=case.reporter, name=name)
    mediation.parties.append(applicant)
    turn.work.session.flush()
    if any(event.action == APPLIED for event in case.history):
        applicant.consent, applicant.consent_at, applicant.consent_words = True, turn.now, "申请调解"
        return replies.started(mediation, asked=True)
    return replies.started(mediation, asked=steps.ask_consent(turn, mediation, applicant))


def _check_may_mediate(turn: Turn, case: Case) -> None:
    """A mediator of the area may, or whoever handles the case; nobody in a matter of their own."""
    if case.kind is CaseKind.EMERGENCY:
        raise Refusal(replies.danger_first())
    if case.state not in UNFINISHED:
        raise Refusal(staff_replies.over(case))
    if case.reporter_id == turn.person.id:
        raise Refusal(replies.your_own_quarrel())
    is_mediator = turn.person.holds({Role.MEDIATOR}, case.area)
    if not is_mediator and case.state is not CaseState.OPEN and case.assignee_id != turn.person.id:
        raise Refusal(staff_replies.somebody_elses(case))


def _do(turn: Turn, mediation: Mediation, words: str, said: Said | None) -> Reply | None:
    now = turn.message.sent_at
    meeting = rules.session_in(words, now)
    act = said.act if said else None
    if meeting is not None and act in (None, Act.START, Act.CAME):
        return _schedule(turn, mediation, words, meeting)
    if act is Act.INVITE and meeting is not None and rules.invited(words)[:2] == (None, None):
        return _schedule(turn, mediation, words, meeting)
    if act is Act.START:
        raise Refusal(replies.already_started(mediation))
    done = _ACTS.get(act) if act else None
    return done(turn, mediation, words) if done else None


def _after(turn: Turn, mediation: Mediation, words: str, said: Said | None) -> Reply | None:
    """What is left to do when there is an agreement."""
    act = said.act if said else None
    if act is Act.START:
        return _start(turn, words)
    done = _ACTS.get(act) if act in (Act.VISITED, Act.JUDGE, Act.STATEMENTS, Act.STATUS) else None
    return done(turn, mediation, words) if done else None


def _invite(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Ask the respondent to come: on their account if it is surely theirs, else by a code or the mediator's call."""
    name, phone, home = rules.invited(words)
    respondent = mediation.party(Side.RESPONDENT)
    if (name, phone) == (None, None) and respondent is None:
        raise Refusal(replies.whom())
    if respondent is None:
        respondent = Party(side=Side.RESPONDENT)
        mediation.parties.append(respondent)
    if (name, phone) != (None, None):
        community = turn.work.areas.community_of(mediation.case.area)
        known = turn.work.mediations.namesakes(community, name, phone)
        person = rules.account_of(known, name, phone, home)
        if person is not None and person.id == mediation.case.reporter_id:
            raise Refusal(replies.not_the_reporter())
        if person is not None and person.id == turn.person.id:
            raise Refusal(replies.your_own_quarrel())
        respondent.person, respondent.name, respondent.phone, respondent.home = person, name, phone, home
        respondent.consent = respondent.consent_at = None
        mediation.state = MediationState.PROPOSED
    turn.work.session.flush()
    mediation.case.note(turn.by, "mediation_invite", "邀请对方参加调解")
    if steps.ask_consent(turn, mediation, respondent):
        return replies.invited(mediation, respondent)
    respondent.code = respondent.code or new_code()
    return replies.invited_by_code(mediation, respondent)


def _schedule(turn: Turn, mediation: Mediation, words: str, meeting: tuple[datetime, bool]) -> Reply:
    """Set a meeting; one that was set for later gives way to it."""
    _check_consents(mediation)
    start, has_hour = meeting
    if not has_hour:
        raise Refusal(replies.hour_missing())
    earlier = mediation.next_session(turn.now)
    place = rules.place_in(words_of.without_number(words), turn.message.sent_at) or (earlier.place if earlier else None)
    if place is None:
        raise Refusal(replies.place_missing())
    if earlier is not None:
        earlier.moved_at = turn.now
    session = MediationSession(start=start, place=place)
    if start - turn.now <= rules.DAY_BEFORE:
        # Told now, a day before is no reminder.
        session.day_told_at = turn.now
    mediation.sessions.append(session)
    mediation.state = MediationState.IN_SESSION
    moved = earlier is not None
    verb = "改到" if moved else "定在"
    mediation.case.note(turn.by, "mediation_session", f"调解{verb}{moment(start)}，{place}")
    unreached = steps.tell_parties(turn, mediation, party_replies.scheduled(mediation, session, moved=moved))
    return replies.scheduled(mediation, session, moved=moved, unreached=unreached)


def _check_consents(mediation: Mediation) -> None:
    missing = [party for party in mediation.parties if not party.consent]
    if missing or len(mediation.parties) < len(Side):
        raise Refusal(replies.consents_missing(mediation, missing))


def _extend(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Ask both for more time."""
    until = rules.extended(words, mediation.due_at, turn.message.sent_at)
    mediation.asked_until = until
    for party in mediation.parties:
        party.extension = None
    mediation.case.note(turn.by, "mediation_extension", f"问双方是否延期到{replies.last_day(until)}")
    unreached = steps.tell_parties(turn, mediation, party_replies.ask_extension(mediation, until))
    return replies.asked_for_more_time(mediation, until, unreached)


def _fail(turn: Turn, mediation: Mediation, words: str) -> Reply:
    return steps.fail(turn, mediation, words_of.without_number(words))


def _statements(turn: Turn, mediation: Mediation, _words: str) -> Reply:
    return replies.statements(mediation, turn.work.mediations.statements(mediation, turn.person))


def _status(turn: Turn, mediation: Mediation, _words: str) -> Reply:
    return replies.status(mediation, turn.now)


_ACTS: dict[Act, Callable[[Turn, Mediation, str], Reply | None]] = {
    Act.INVITE: _invite,
    Act.EXTEND: _extend,
    Act.FAILED: _fail,
    Act.STATEMENTS: _statements,
    Act.STATUS: _status,
    Act.CAME: recording.came,
    Act.NOTED: recording.noted,
    Act.AGREED: recording.agreement,
    Act.VISITED: recording.visited,
    Act.JUDGE: recording.court,
}
