"""What a party of a mediation says: its answers, its side of it for the mediator alone, questions about the other."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases.mediation import finding, rules, steps
from handlers.cases.mediation.leading import APPLIED
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.errors import Refusal
from nlu import answers
from nlu import mediation as words_of
from nlu.mediation import About, Word
from nlu.understanding import Intent
from storage.cases import UNFINISHED, CaseKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.mediation import Answer
    from storage.mediations import Mediation, Party

SHORTEST_STATEMENT = 4
LONGEST_APPLICATION = 16
"""Characters of a sentence that asks for a mediation and tells no new story."""

_TELLS = frozenset(
    {
        Intent.REPORT_DISPUTE,
        Intent.REPORT_INCIDENT,
        Intent.ADD_TO_CASE,
        Intent.UPDATE_CASE,
        Intent.CLOSE_CASE,
        Intent.GIVE_OPINION,
        Intent.OUT_OF_SCOPE,
    }
)
_OTHER_APPOINTMENTS = frozenset({Intent.JOIN_ACTIVITY, Intent.CHECK_IN, Intent.CREATE_ACTIVITY})
_APPLIES = re.compile(r"(?:申请|要求|希望|请求|想|要|愿意)(?:你们|社区|人民|帮我们?|给我们?|请人|找人|走|做)*调解")


def hear(turn: Turn, words: str) -> Reply | None:
    """Take the words of a party; None where the speaker is none, or speaks of something else."""
    joined = _join(turn, words)
    if joined is not None:
        return joined
    number = words_of.case_number(words)
    said, answer = words_of.from_party(words), words_of.answer_in(words)
    is_open = _is_asked_for_more(turn)
    says_something = said is not None or answer is not None or is_open or _applies(words, number)
    if not says_something and turn.understanding.intent is not Intent.CHECK_CASE:
        # Nearly every message: the database is not asked whether its speaker is a party.
        return None
    mine = turn.work.mediations.joined_by(turn.person)
    if not any(m.is_running or m.agreed_at for m in mine):
        late = [m for m in mine if answer and answer.about and (number is None or m.case.is_called(number))]
        return party_replies.is_over(late[0]) if late else _apply(turn, words, number)
    asks = _asks_about_it(turn, mine, number)
    if said is None and answer is None and not is_open and not asks:
        return None
    mediation = finding.joined(turn, number)
    party = mediation.party_of(turn.person) if mediation else None
    if mediation is None or party is None:
        return None
    if said is not None and said[0] is Word.STATEMENT and mediation.is_running:
        return _tell(turn, mediation, party, said[1])
    if answer is not None and (answered := _answer(turn, mediation, party, words, answer)) is not None:
        return answered
    if said is not None and (reply := _say(turn, mediation, party, *said)) is not None:
        return reply
    if asks:
        return party_replies.status(mediation, turn.now)
    adds = mediation.case.reporter_id == turn.person.id and "补充" in words
    if is_open and mediation.is_running and not adds and _tells_something(turn, words):
        return _tell(turn, mediation, party, words.strip())
    return None


def _asks_about_it(turn: Turn, mine: Sequence[Mediation], number: str | None) -> bool:
    """Whether a respondent, who has not reported the case, asks how it stands."""
    if turn.understanding.intent is not Intent.CHECK_CASE:
        return False
    theirs = [m for m in mine if m.case.reporter_id != turn.person.id and (number is None or m.case.is_called(number))]
    return bool(theirs) and (number is not None or not turn.work.cases.reported_by(turn.person))


def _join(turn: Turn, words: str) -> Reply | None:
    """Let whoever has the code take the respondent's place."""
    code = words_of.invitation_code(words)
    if code is None:
        return None
    party = turn.work.mediations.invited_with(code)
    if party is None:
        if "调解码" in words:
            raise Refusal(party_replies.wrong_code())
        return None
    mediation = turn.work.mediations.lock(party.mediation)
    if mediation.party_of(turn.person) is not None or turn.person.id == mediation.mediator_id:
        raise Refusal(party_replies.your_own_code())
    if party.person_id is not None:
        raise Refusal(party_replies.code_already_used())
    party.person, party.code = turn.person, None
    turn.work.session.flush()
    turn.talk.remember(case=mediation.case_id)
    turn.tell(mediation.mediator, replies.has_joined(mediation, party))
    return party_replies.ask_consent(mediation, party)


def _applies(words: str, number: str | None) -> bool:
    """Whether words ask for a mediation, and tell no new story."""
    text = words_of.without_number(words)
    return _APPLIES.search(text) is not None and (number is not None or len(text) <= LONGEST_APPLICATION)


def _apply(turn: Turn, words: str, number: str | None) -> Reply | None:
    """A reporter asks for a mediation of their case (第十七条: 当事人可以申请)."""
    if not _applies(words, number):
        return None
    mine = [case for case in turn.work.cases.reported_by(turn.person) if case.reporter_id == turn.person.id]
    disputes = [case for case in mine if case.kind is CaseKind.DISPUTE and case.state in UNFINISHED]
    found = [case for case in disputes if number is None or case.is_called(number)]
    if len(found) != 1:
        return None
    case = found[0]
    turn.talk.remember(case=case.id)
    case.note(turn.by, APPLIED, "报告人申请调解")
    turn.tell(case.assignee, replies.wants_mediation(case))
    return party_replies.application_passed_on(case)


def _answer(turn: Turn, mediation: Mediation, party: Party, words: str, answer: Answer) -> Reply | None:
    """An answer to what was asked; None where nothing was, or the answer is to something else."""
    if not mediation.is_running:
        return None
    about, agreement = answer.about or steps.pending(mediation, party), mediation.agreement
    said = words_of.without_number(words)
    if about is About.EXTENSION and mediation.asked_until is not None:
        return steps.answer_extension(turn, mediation, party, yes=answer.yes)
    if about is About.AGREEMENT:
        if agreement is None:
            raise Refusal(party_replies.no_agreement_yet(mediation))
        version = rules.version_in(words)
        if version not in (None, agreement.version):
            return party_replies.agreement_was_changed(mediation, agreement)
        yes = answer.yes and not rules.is_reserved(said)
        return steps.answer_agreement(turn, mediation, party, agreement, rules.without_button(said), yes=yes)
    if about is About.CONSENT:
        if party.consent and answer.yes:
            return party_replies.already_consented(mediation) if answer.alone else None
        if party.consent:
            return steps.stop(turn, mediation, party, said)
        told = steps.consent(turn, mediation, party, said, yes=answer.yes)
        if answer.yes:
            turn.talk.remember(telling={"mediation": mediation.id, "at": turn.now.isoformat()})
        return told
    return None


def _say(turn: Turn, mediation: Mediation, party: Party, word: Word, words: str) -> Reply | None:
    if word is Word.OTHER:
        return party_replies.others_words_are_theirs(mediation)
    if word is Word.STATUS:
        return party_replies.status(mediation, turn.now)
    if not mediation.is_running:
        return None
    if word is Word.QUIT:
        return steps.stop(turn, mediation, party, words)
    is_about_meeting = word in (Word.ABSENT, Word.ATTEND) and mediation.next_session(turn.now) is not None
    if is_about_meeting and ("调解" in words or not _may_mean_another_meeting(turn)):
        turn.tell(mediation.mediator, replies.passed_on(mediation, party, words))
        return party_replies.told_the_mediator(mediation)
    if word is Word.EXTEND:
        turn.tell(mediation.mediator, replies.passed_on(mediation, party, words))
        return party_replies.told_the_mediator(mediation)
    return None


def _may_mean_another_meeting(turn: Turn) -> bool:
    understood = turn.understanding
    joins = understood.intent in _OTHER_APPOINTMENTS and understood.confidence >= forms.SURE
    return joins or bool(turn.work.meetings.coming(turn.person, turn.now))


def _tell(turn: Turn, mediation: Mediation, party: Party, text: str) -> Reply:
    """Keep the party's side of it for the mediator alone, and say so."""
    if len(text) < SHORTEST_STATEMENT:
        turn.talk.remember(telling={"mediation": mediation.id, "at": turn.now.isoformat()})
        raise Refusal(party_replies.what_is_your_side())
    turn.work.mediations.tell(party, text, turn.now)
    mediation.case.note(turn.by, "mediation_statement", f"{replies.SIDES[party.side]}说了自己的说法")
    turn.tell(mediation.mediator, replies.new_statement(mediation, party, text))
    turn.talk.remember(telling=None)
    return party_replies.statement_kept(mediation)


def _is_asked_for_more(turn: Turn) -> bool:
    """Whether the speaker was just asked for their side of it, and has not told it yet."""
    asked = turn.talk.topic.get("telling")
    return asked is not None and turn.now - datetime.fromisoformat(asked["at"]) <= rules.TELLS_WITHIN


def _tells_something(turn: Turn, words: str) -> bool:
    """Whether words tell a story, and neither answer nor ask for something else."""
    understood = turn.understanding
    plain = answers.read_yes_no(words) or answers.is_skip(words) or answers.is_done(words) or answers.is_cancel(words)
    asks = words_of.is_question(words) or words.rstrip().endswith("么")
    other = understood.intent not in _TELLS and understood.confidence >= forms.SURE
    return not (plain or asks or other) and len(words.strip()) >= SHORTEST_STATEMENT


def is_statement(turn: Turn, words: str) -> bool:
    """Whether the words are said to be the speaker's side of a mediation under way."""
    said = words_of.from_party(words)
    return said is not None and said[0] is Word.STATEMENT and _takes_part(turn)


def is_sure(turn: Turn, words: str) -> bool:
    """Whether words cannot but be a party's to its mediation under way: its side, its end, or a yes or no to it."""
    said, answer = words_of.from_party(words), words_of.answer_in(words)
    tells = said is not None and said[0] in (Word.QUIT, Word.STATEMENT)
    return (tells or (answer is not None and answer.alone and answer.about is not None)) and _takes_part(turn)


def is_private(turn: Turn, words: str) -> bool:
    """Whether words that were said in a group belong into the mediation of the speaker, and so not into the group."""
    said, answer = words_of.from_party(words), words_of.answer_in(words)
    about_it = said is not None and said[0] in (Word.STATEMENT, Word.QUIT, Word.OTHER)
    return (about_it or (answer is not None and answer.about is not None)) and _takes_part(turn)


def _takes_part(turn: Turn) -> bool:
    """Whether the speaker is a party to a mediation under way; asked last, for it asks the database."""
    return any(m.is_running for m in turn.work.mediations.joined_by(turn.person))
