"""What the mediator writes down (第二十七条): who came, what was agreed, what a party said by mouth, return visits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.cases.mediation import rules, steps
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.errors import Refusal
from nlu import mediation as words_of
from nlu.mediation import About
from storage.mediations import Agreement, MediationSession, MediationState, Side, Visit, VisitResult

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.mediations import Mediation, Party

_CLAUSE = re.compile(r"[，,。；;！!\n]+")
LONGEST_PLACE = 200


def came(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Note who came to a meeting and how it went; a meeting that nobody had set was held now."""
    session = mediation.last_session(turn.now)
    if session is None or session.came is not None:
        session = MediationSession(start=turn.now, place=mediation.case.place[:LONGEST_PLACE])
        mediation.sessions.append(session)
    session.came = rules.who_came(words)
    session.note = words_of.without_number(words)
    if mediation.state in (MediationState.PROPOSED, MediationState.CONSENTED):
        mediation.state = MediationState.IN_SESSION
    mediation.case.note(turn.by, "mediation_record", "记录了一次调解")
    turn.work.session.flush()
    return replies.recorded(mediation, session)


def agreement(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Write down what was agreed, a new version each time, and send it to both to confirm (第二十八条, 第二十九条)."""
    said = words_of.from_mediator(words)
    text = said.rest if said else ""
    if mediation.party(Side.RESPONDENT) is None:
        raise Refusal(replies.whom())
    if len(text) < rules.SHORTEST_AGREEMENT:
        raise Refusal(replies.agreement_text_missing(mediation))
    before = mediation.agreement
    written = Agreement(version=before.version + 1 if before else 1, text=text, written_at=turn.now)
    mediation.agreements.append(written)
    mediation.state = MediationState.IN_SESSION
    mediation.case.note(turn.by, "mediation_agreement", f"写了调解协议第{written.version}版，请双方确认")
    turn.work.session.flush()
    unreached = steps.tell_parties(turn, mediation, party_replies.read_agreement(mediation, written))
    return replies.agreement_sent(mediation, written, unreached)


def noted(turn: Turn, mediation: Mediation, words: str) -> Reply | None:
    """Take a party's answer from the mediator's mouth; None where nothing was asked that it could answer."""
    text, said = words_of.without_number(words), {}
    sides: frozenset[str] = frozenset()
    for clause in _CLAUSE.split(text):
        # 「申请人反悔了，不同意协议」: who was named last says it.
        sides, yes = words_of.sides_in(clause) or sides, words_of.passed_on(clause)
        said.update({side: yes for side in Side if side in sides and yes is not None})
    answers = [
        _answer(turn, mediation, party, text, yes=said[party.side]) for party in mediation.parties if party.side in said
    ]
    return next((answer for answer in reversed(answers) if answer is not None), None)


def _answer(turn: Turn, mediation: Mediation, party: Party, words: str, *, yes: bool) -> Reply | None:
    if not mediation.is_running:
        return None
    about = words_of.about(words) or steps.pending(mediation, party)
    written = mediation.agreement
    if about is About.CONSENT and party.consent is not yes:
        told = steps.consent(turn, mediation, party, words, yes=yes)
        turn.tell(party.person, told)
        return replies.consented(mediation, party) if yes else replies.refused(mediation, party)
    if about is About.AGREEMENT and written is not None:
        told = steps.answer_agreement(turn, mediation, party, written, words, yes=yes)
        turn.tell(party.person, told)
        if mediation.agreed_at is not None:
            return replies.agreed(mediation, mediation.visits[-1].due_at, mediation.agreed_at + rules.COURT_WITHIN)
        return replies.noted(mediation, party, "同意协议" if yes else "对协议有异议")
    if about is About.EXTENSION and mediation.asked_until is not None:
        told = steps.answer_extension(turn, mediation, party, yes=yes)
        turn.tell(party.person, told)
        if mediation.asked_until is not None:
            return replies.extension_agreed_by(mediation, party)
        return replies.extended(mediation) if yes else replies.not_extended(mediation, party)
    return None


def visited(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Note what a return visit found; what is not kept is looked at again (第三十一条: 监督, 督促)."""
    if mediation.agreed_at is None:
        raise Refusal(replies.nothing_to_visit(mediation))
    text = words_of.without_number(words)
    visit = next((visit for visit in mediation.visits if visit.visited_at is None), None)
    if visit is None:
        visit = Visit(due_at=turn.now)
        mediation.visits.append(visit)
    visit.visited_at, visit.note = turn.now, text
    visit.result = VisitResult(words_of.visit_result(text) or VisitResult.UNCLEAR)
    mediation.case.note(turn.by, "mediation_visit", f"回访：{replies.RESULTS[visit.result]}")
    again = None if visit.result is VisitResult.KEPT else turn.now + rules.VISIT_AFTER
    if again is not None:
        mediation.visits.append(Visit(due_at=again))
    return replies.visited(mediation, visit.result, again)


def court(turn: Turn, mediation: Mediation, words: str) -> Reply:
    """Note whether both go to the court for its confirmation, or say what that is (第三十三条)."""
    step = words_of.court_step(words_of.without_number(words))
    if step is None or mediation.agreed_at is None:
        until = mediation.agreed_at + rules.COURT_WITHIN if mediation.agreed_at else None
        return replies.court_explained(mediation, until)
    mediation.court_done_at = turn.now
    done = step == "done"
    mediation.case.note(turn.by, "mediation_court", "已申请司法确认" if done else "不申请司法确认")
    return replies.court_noted(mediation, done=done)
