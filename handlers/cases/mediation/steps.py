"""The steps of a mediation, whoever takes them: a party by its own word, or the mediator who passes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.mediation import rules
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.cases.replies import reporter as reporter_replies
from nlu.mediation import About
from storage.cases import UNFINISHED, CaseState
from storage.mediations import AgreementAnswer, MediationState, Side, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Desk, Reply, Turn
    from storage.mediations import Agreement, Mediation, Party

SUCCESS = "调解成功"
FAILURE = "调解不成"


def tell_parties(desk: Desk, mediation: Mediation, reply: Reply, besides: Party | None = None) -> list[Party]:
    """Write to the parties, each alone; those that cannot be written to."""
    others = [party for party in mediation.parties if party is not besides]
    return [party for party in others if desk.tell(party.person, reply) is None]


def ask_consent(desk: Desk, mediation: Mediation, party: Party) -> bool:
    """Ask a party whether it wants to be mediated; False where it cannot be written to."""
    party.invited_at = desk.now
    return desk.tell(party.person, party_replies.ask_consent(mediation, party)) is not None


def pending(mediation: Mediation, party: Party) -> About | None:
    """What a party has been asked and not answered yet, the last question first; or None."""
    agreement = mediation.agreement
    if not mediation.is_running:
        return None
    if mediation.asked_until is not None and party.extension is None:
        return About.EXTENSION
    if agreement is not None and agreement.answer_of(party) is None:
        return About.AGREEMENT
    return About.CONSENT if party.consent is None else None


def consent(turn: Turn, mediation: Mediation, party: Party, words: str, *, yes: bool) -> Reply:
    """A party wants to be mediated, or not; against its will it is not (第十七条).

    What is given back is for the party; the mediator and the other side are told.
    """
    party.consent, party.consent_at, party.consent_words = yes, turn.now, words
    side = replies.SIDES[party.side]
    if not yes:
        _end(turn, mediation, MediationState.ENDED, f"{side}不同意调解")
        _tell_mediator(turn, mediation, replies.refused(mediation, party))
        tell_parties(turn, mediation, party_replies.ended(mediation), besides=party)
        return party_replies.refusal_noted(mediation)
    mediation.case.note(turn.by, "mediation_consent", f"{side}同意调解")
    if len(mediation.parties) == len(Side) and all(other.consent for other in mediation.parties):
        if mediation.state is MediationState.PROPOSED:
            mediation.state = MediationState.CONSENTED
        tell_parties(turn, mediation, party_replies.both_consented(mediation), besides=party)
    _tell_mediator(turn, mediation, replies.consented(mediation, party))
    return party_replies.thanks_for_consent(mediation)


def answer_agreement(
    turn: Turn, mediation: Mediation, party: Party, agreement: Agreement, words: str, *, yes: bool
) -> Reply:
    """A party agrees to the agreement or objects; with both it holds, and the case is resolved."""
    agreement.answers.append(AgreementAnswer(party_id=party.id, agreed=yes, words=words, at=turn.now))
    side = replies.SIDES[party.side]
    said = f"同意协议第{agreement.version}版" if yes else f"对协议第{agreement.version}版有异议"
    mediation.case.note(turn.by, "mediation_answer", f"{side}{said}")
    if not yes:
        _tell_mediator(turn, mediation, replies.agreement_answered(mediation, party, agreed=False, words=words))
        return party_replies.your_objection_is_noted(mediation)
    if party.consent is None:
        # Whoever agrees to what came of it wants it.
        party.consent, party.consent_at, party.consent_words = True, turn.now, words
    answers = [agreement.answer_of(other) for other in mediation.parties]
    if len(mediation.parties) == len(Side) and all(answer is not None and answer.agreed for answer in answers):
        return _agreed(turn, mediation, party)
    _tell_mediator(turn, mediation, replies.agreement_answered(mediation, party, agreed=True, words=words))
    return party_replies.your_yes_is_noted(mediation)


def answer_extension(turn: Turn, mediation: Mediation, party: Party, *, yes: bool) -> Reply:
    """A party wants more time or not; longer than a month only if both do (若干规定 第三十三条)."""
    until = mediation.asked_until
    if until is None:
        return party_replies.not_extended(mediation)
    party.extension = yes
    if not yes:
        mediation.asked_until = None
        mediation.case.note(turn.by, "mediation_extension", "没有都同意，不延期")
        _tell_mediator(turn, mediation, replies.not_extended(mediation, party))
        tell_parties(turn, mediation, party_replies.not_extended(mediation), besides=party)
        return party_replies.not_extended(mediation)
    if not all(other.extension for other in mediation.parties):
        _tell_mediator(turn, mediation, replies.extension_agreed_by(mediation, party))
        return party_replies.extension_yes_noted(mediation)
    mediation.due_at = mediation.extended_until = until
    mediation.asked_until = None
    case = mediation.case
    case.due_at = max(case.due_at, until)
    case.note(turn.by, "mediation_extension", f"双方同意延期到{replies.last_day(until)}")
    _tell_mediator(turn, mediation, replies.extended(mediation))
    tell_parties(turn, mediation, party_replies.extended(mediation), besides=party)
    return party_replies.extended(mediation)


def stop(turn: Turn, mediation: Mediation, party: Party, words: str) -> Reply:
    """A party stops the mediation, as it may at any time (第二十三条)."""
    party.consent, party.consent_at, party.consent_words = False, turn.now, words
    _end(turn, mediation, MediationState.ENDED, f"{replies.SIDES[party.side]}要求终止调解")
    _tell_mediator(turn, mediation, replies.quit_by(mediation, party))
    tell_parties(turn, mediation, party_replies.ended(mediation), besides=party)
    return party_replies.quit_noted(mediation)


def fail(turn: Turn, mediation: Mediation, reason: str) -> Reply:
    """Nothing came of it: both are told what else they may do (第二十六条), and the case is resolved so."""
    _end(turn, mediation, MediationState.FAILED, reason or FAILURE)
    tell_parties(turn, mediation, party_replies.failed(mediation))
    _resolve(turn, mediation, f"{FAILURE}，已告知可以走仲裁、行政、诉讼")
    return replies.failed(mediation)


def end_with_case(turn: Turn, mediation: Mediation, words: str, *, succeeded: bool) -> None:
    """The case is over, so the mediation is: with success, where the mediator closed it with such words."""
    case = mediation.case
    if succeeded:
        _succeed(turn, mediation)
        mediation.reason = words
        others = [party for party in mediation.parties if party.person_id != case.reporter_id]
        turn.tell_all((party.person for party in others), party_replies.agreed_otherwise(mediation))
        return
    _end(turn, mediation, MediationState.ENDED, words)
    others = [party for party in mediation.parties if party.person_id != turn.person.id]
    turn.tell_all((party.person for party in others), party_replies.ended_with_case(mediation))
    _tell_mediator(turn, mediation, replies.ended_with_case(mediation))


def _agreed(turn: Turn, mediation: Mediation, party: Party) -> Reply:
    visit = _succeed(turn, mediation)
    court_until = turn.now + rules.COURT_WITHIN
    told = party_replies.agreed(mediation, court_until)
    tell_parties(turn, mediation, told, besides=party)
    _tell_mediator(turn, mediation, replies.agreed(mediation, visit.due_at, court_until))
    version = mediation.agreement.version if mediation.agreement else 1
    _resolve(turn, mediation, f"{SUCCESS}，双方同意调解协议（第{version}版）")
    return told


def _succeed(turn: Turn, mediation: Mediation) -> Visit:
    mediation.state, mediation.agreed_at, mediation.ended_at = MediationState.AGREED, turn.now, turn.now
    mediation.asked_until = None
    visit = Visit(due_at=turn.now + rules.VISIT_AFTER)
    mediation.visits.append(visit)
    _forget_codes(mediation.parties)
    return visit


def _end(turn: Turn, mediation: Mediation, state: MediationState, reason: str) -> None:
    mediation.state, mediation.ended_at, mediation.reason = state, turn.now, reason
    mediation.asked_until = None
    _forget_codes(mediation.parties)
    mediation.case.note(turn.by, f"mediation_{state}", reason)


def _forget_codes(parties: Iterable[Party]) -> None:
    for party in parties:
        party.code = None


def _resolve(turn: Turn, mediation: Mediation, outcome: str) -> None:
    case = turn.work.cases.lock(mediation.case)
    if case.state not in UNFINISHED:
        # It was taken back or closed in the same moment.
        return
    case.outcome = outcome
    case.move(CaseState.RESOLVED, turn.by, "resolve", outcome)
    followers = [follower.person for follower in case.followers]
    turn.tell_all(followers, reporter_replies.a_followed_case_is_resolved(case, outcome))


def _tell_mediator(turn: Turn, mediation: Mediation, reply: Reply) -> None:
    """Tell the mediator, unless it is they who speak: what they pass on is answered at once."""
    if mediation.mediator_id != turn.person.id:
        turn.tell(mediation.mediator, reply)
