"""What whoever leads a mediation is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import hidden
from handlers.phrases import day, moment
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.mediations import MediationState, Side, VisitResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.cases import Case
    from storage.mediations import Agreement, Mediation, MediationSession, Party, Statement
    from storage.people import Person

SIDES = {Side.APPLICANT: "申请人", Side.RESPONDENT: "对方"}
STATES = {
    MediationState.PROPOSED: "在问双方愿不愿意",
    MediationState.CONSENTED: "双方同意了，等定时间",
    MediationState.IN_SESSION: "正在调解",
    MediationState.AGREED: "达成了协议",
    MediationState.FAILED: "没有调成",
    MediationState.ENDED: "已经终止",
}
RESULTS = {
    VisitResult.KEPT: "已履行",
    VisitResult.PARTLY: "部分履行",
    VisitResult.BROKEN: "没有履行",
    VisitResult.UNCLEAR: "没有说清",
}
NO_SIGNATURES = "协议要双方签名、您签名、盖了调委会的章才生效；打印卷宗里有签名的地方。"


LONGEST_PLAIN_YES = 8
"""Characters of a consent that says nothing else."""


def short(mediation: Mediation) -> str:
    """The case as people call it."""
    return f"{mediation.case.short}号"


def last_day(when: datetime) -> str:
    """The day on which a span ends."""
    return day(when.astimezone(SHANGHAI))


def named(mediation: Mediation, party: Party) -> str:
    """A party for the mediator: the side, and the name where it may be said."""
    if party.side is Side.APPLICANT and mediation.case.anonymous:
        return f"{SIDES[party.side]}（匿名）"
    name = party.name or (party.person.name if party.person else None)
    return f"{SIDES[party.side]}{name}" if name else SIDES[party.side]


def which(mediations: Sequence[Mediation]) -> str:
    """Several are meant."""
    return "是哪一件的调解？请带上编号：" + "、".join(m.case.number for m in mediations[:8])


def started(mediation: Mediation, *, asked: bool) -> Reply:
    """It begins: what comes next (人民调解法 第十七条: nobody is mediated against their will)."""
    applicant = "已经在问报告人愿不愿意调解。" if asked else _cannot_write("申请人", mediation)
    unnamed = "报告人是匿名报的，同意了才会露面，请不要先告诉对方是谁报的。" if mediation.case.anonymous else ""
    return Reply(
        f"{short(mediation)}开始调解，{last_day(mediation.due_at)}前要调完。{applicant}{unnamed}\n"
        f"对方是谁？说“{mediation.case.short}请对方参加，对方是哪里的哪位，电话多少”。"
    )


def _cannot_write(side: str, mediation: Mediation) -> str:
    return f"{side}没有能收消息的账号，请您去问，问好了说“{mediation.case.short}{side}同意调解”或者“不同意调解”。"


def already_started(mediation: Mediation) -> str:
    """Once is enough."""
    return f"{short(mediation)}已经在调解了（{STATES[mediation.state]}），{last_day(mediation.due_at)}前要调完。"


def is_over(mediation: Mediation) -> str:
    """It came to nothing before."""
    return f"{short(mediation)}的调解已经终止了。双方又愿意谈的话，说“{mediation.case.short}开始调解”重新来。"


def somebody_else_leads(mediation: Mediation) -> str:
    """Another person leads it."""
    who = mediation.mediator.name or "别的调解员"
    return f"{short(mediation)}由{who}在调解，请找{who}。"


def only_the_mediator_reads() -> str:
    """Statements are for the mediator alone, whatever one's post (第十五条)."""
    return "双方的说法只有调解员本人看得到，其他人都不能看。"


def your_own_quarrel() -> str:
    """Nobody mediates their own dispute."""
    return "这件事您自己是当事人，不能由您来调解，请交给别的调解员。"


def danger_first() -> str:
    """An emergency is no matter for mediation."""
    return "这是紧急情况，先处置险情、该报警的报警，不能先调解。"


def whom() -> str:
    """The respondent is not known yet."""
    return "对方是谁？请说“请对方参加，对方是哪里的哪位，电话多少”。"


def not_the_reporter() -> str:
    """The respondent would be the applicant."""
    return "这位就是报告人自己，请说另一方是谁。"


def invited(mediation: Mediation, party: Party) -> Reply:
    """The respondent was written to; the mediator sees whom the message reached."""
    person = party.person
    known = [part for part in (person.home if person else None, _tail(person.phone if person else None)) if part]
    who = f"{party.name or (person.name if person else None) or '对方'}" + (f"（{'，'.join(known)}）" if known else "")
    return Reply(
        f"邀请发给{who}了，只说有一件纠纷请来调解，没有说对方讲了什么。对方答复了告诉您。"
        f"人不对就再说一次“{mediation.case.short}请对方参加，对方是……”。"
    )


def _tail(phone: str | None) -> str | None:
    return f"电话尾号{phone[-4:]}" if phone else None


def invited_by_code(mediation: Mediation, party: Party) -> Reply:
    """The respondent has no account that is surely theirs: a code for the mediator to give, or a call."""
    contact = "，".join(part for part in (party.name, party.home, party.phone) if part)
    return Reply(
        f"没有找到对方的账号{f'（{contact}）' if contact else ''}，请您联系。对方想用手机的，把这句话发给机器人：\n"
        f"调解码 {party.code}\n"
        f"不用手机的，问好了您替他说：“{mediation.case.short}对方同意调解”或者“{mediation.case.short}对方不同意调解”。"
    )


def has_joined(mediation: Mediation, party: Party) -> Reply:
    """Somebody used the code."""
    return Reply(f"{short(mediation)}{named(mediation, party)}用调解码进来了，正在问他愿不愿意调解。")


def _said(mediation: Mediation, party: Party, words: str) -> str:
    """What a party says, for the mediator: an applicant who is unnamed is so in their own words too."""
    return hidden.words(mediation.case, words, party.person) if party.side is Side.APPLICANT else words


def consented(mediation: Mediation, party: Party) -> Reply:
    """One side agrees; with both, a time is to be set."""
    said = _said(mediation, party, party.consent_words)
    words = f"（原话：{said}）" if len(party.consent_words) > LONGEST_PLAIN_YES else ""
    text = f"{short(mediation)}{named(mediation, party)}同意调解。{words}"
    if mediation.state is MediationState.CONSENTED:
        text += f"双方都同意了，请定时间地点：“{mediation.case.short}周五下午3点在社区调解室调解”。"
    else:
        text += "还在等另一方。"
    return Reply(text)


def refused(mediation: Mediation, party: Party) -> Reply:
    """One side will not: it must not go on (第十七条)."""
    return Reply(
        f"{short(mediation)}{named(mediation, party)}不同意调解，按规定不能再调，调解终止了。"
        f"已经告诉双方还可以走仲裁、行政、诉讼。事项还在您或者办理人手上，办完了说“{mediation.case.short}……，结案”。"
    )


def quit_by(mediation: Mediation, party: Party) -> Reply:
    """A party stops it (第二十三条)."""
    return Reply(f"{short(mediation)}{named(mediation, party)}要求终止调解，已经终止，双方都告诉了。")


def consents_missing(mediation: Mediation, parties: Sequence[Party]) -> str:
    """No meeting before both agree to be mediated."""
    if mediation.party(Side.RESPONDENT) is None:
        return whom()
    who = "、".join(named(mediation, party) for party in parties)
    sides = "、".join(SIDES[party.side] for party in parties)
    return f"{who}还没有同意调解，先等答复。已经口头同意的，说“{mediation.case.short}{sides}同意调解”。"


def noted(mediation: Mediation, party: Party, what: str) -> Reply:
    """A party's answer, as the mediator passes it on."""
    return Reply(f"{short(mediation)}{named(mediation, party)}{what}，记下了（由您代为转达）。")


def hour_missing() -> str:
    """A day alone is no appointment."""
    return "几点开始？请把日子、钟点和地点一起说，比如“周五下午3点在社区调解室调解”。"


def place_missing() -> str:
    """Where to meet."""
    return "在哪里调解？请把时间和地点一起说，比如“周五下午3点在社区调解室调解”。"


def scheduled(mediation: Mediation, session: MediationSession, *, moved: bool, unreached: Sequence[Party]) -> Reply:
    """The meeting is set; whoever cannot be written to must be called."""
    verb = "改到" if moved else "定在"
    text = f"{short(mediation)}调解{verb}{moment(session.start)}，{session.place}。"
    told = f"请您打电话告诉{_contacts(mediation, unreached)}。" if unreached else "双方都通知了。"
    return Reply(f"{text}{told}前一天和前一个小时会再提醒。")


def _contacts(mediation: Mediation, parties: Sequence[Party]) -> str:
    return "、".join(
        named(mediation, party) + (f"（{party.phone}）" if party.phone and not _is_hidden(mediation, party) else "")
        for party in parties
    )


def _is_hidden(mediation: Mediation, party: Party) -> bool:
    return party.side is Side.APPLICANT and mediation.case.anonymous


def session_reminder(mediation: Mediation, session: MediationSession) -> Reply:
    """A day and an hour before."""
    return Reply(f"提醒：{short(mediation)}{moment(session.start)}在{session.place}调解。")


def recorded(mediation: Mediation, session: MediationSession) -> Reply:
    """Who came was noted (第二十七条)."""
    came = "、".join(SIDES[Side(side)] for side in session.came or []) or "双方都没有"
    return Reply(
        f"{short(mediation)}的调解记录写好了，到场的：{came}。"
        f"谈好了说“{mediation.case.short}达成协议：一、……”，谈不成说“{mediation.case.short}调解不成”，"
        f"要再谈就说下次的时间地点。"
    )


def agreement_text_missing(mediation: Mediation) -> str:
    """What was agreed must be written down, an oral agreement too (第二十八条)."""
    return f"请把协议内容一起说，比如“{mediation.case.short}达成协议：一、……；二、……”。口头协议也要记下内容。"


def agreement_sent(mediation: Mediation, agreement: Agreement, unreached: Sequence[Party]) -> Reply:
    """The agreement, read back to whoever wrote it."""
    told = "已经发给双方确认。"
    if unreached:
        sides = "、".join(SIDES[party.side] for party in unreached)
        told = f"请您念给{_contacts(mediation, unreached)}听，同意的说“{mediation.case.short}{sides}同意协议”。" + (
            "另一方已经发去确认。" if len(unreached) == 1 else ""
        )
    return Reply(
        f"{short(mediation)}协议第{agreement.version}版：\n{agreement.text}\n{told}"
        f"有错的地方，说“{mediation.case.short}协议改成：……”，改了要重新确认。"
    )


def agreement_answered(mediation: Mediation, party: Party, *, agreed: bool, words: str) -> Reply:
    """One side answers; the words of an objection are for the mediator alone."""
    if agreed:
        return Reply(f"{short(mediation)}{named(mediation, party)}同意协议，还在等另一方。")
    said = _said(mediation, party, words) or "没有说哪里不对"
    return Reply(
        f"{short(mediation)}{named(mediation, party)}对协议有异议：{said}\n"
        f"（只告诉您一个人。）谈好了说“{mediation.case.short}协议改成：……”，谈不成说“{mediation.case.short}调解不成”。"
    )


def agreed(mediation: Mediation, visit_at: datetime, court_until: datetime) -> Reply:
    """Both agree."""
    return Reply(
        f"{short(mediation)}调解成功，双方都同意协议。{NO_SIGNATURES}\n"
        f"{last_day(visit_at)}提醒您回访；双方要申请司法确认的，{last_day(court_until)}前一起去法院。"
    )


def failed(mediation: Mediation) -> Reply:
    """Nothing came of it; both were told what they may do (第二十六条)."""
    return Reply(f"{short(mediation)}记为调解不成，已经告诉双方还可以走仲裁、行政、诉讼。")


def asked_for_more_time(mediation: Mediation, until: datetime, unreached: Sequence[Party]) -> Reply:
    """Both are asked; longer than a month only if both agree."""
    asked = f"正在问双方同不同意延到{last_day(until)}，都同意才能延。"
    if unreached:
        sides = "、".join(SIDES[party.side] for party in unreached)
        asked += f"{_contacts(mediation, unreached)}请您问，同意的说“{mediation.case.short}{sides}同意延期”。"
    return Reply(f"{short(mediation)}{asked}")


def extended(mediation: Mediation) -> Reply:
    """Both said yes."""
    return Reply(f"{short(mediation)}双方都同意延期，{last_day(mediation.due_at)}前调完。")


def extension_agreed_by(mediation: Mediation, party: Party) -> Reply:
    """One of two."""
    return Reply(f"{short(mediation)}{named(mediation, party)}同意延期，还在等另一方。")


def not_extended(mediation: Mediation, party: Party) -> Reply:
    """One said no."""
    return Reply(
        f"{short(mediation)}{named(mediation, party)}不同意延期，期限还是{last_day(mediation.due_at)}。"
        "到期前谈不成，就要终止调解。"
    )


def deadline_near(mediation: Mediation) -> Reply:
    """A week before the month is over."""
    return Reply(
        f"{short(mediation)}的调解{last_day(mediation.due_at)}到期（一个月）。"
        "谈好了记协议，谈不成就终止；还要时间就延期，要双方都同意。",
        (Choice("问双方延期", Intent.UPDATE_CASE, f"{mediation.case.number} 延期"),),
    )


def deadline_over(mediation: Mediation) -> Reply:
    """The month is over."""
    return Reply(
        f"{short(mediation)}的调解今天到期了。达成了协议就记协议，没有谈成就说“{mediation.case.short}调解不成”；"
        "双方都同意的可以延期。",
        (
            Choice("问双方延期", Intent.UPDATE_CASE, f"{mediation.case.number} 延期"),
            Choice("调解不成", Intent.UPDATE_CASE, f"{mediation.case.number} 调解不成"),
        ),
    )


def visit_due(mediation: Mediation) -> Reply:
    """Time for a return visit (第三十一条)."""
    return Reply(
        f"{short(mediation)}的协议该回访了。问过双方以后说“回访{mediation.case.short}：已履行”，没有履行也照实说。"
    )


def visited(mediation: Mediation, result: VisitResult, again: datetime | None) -> Reply:
    """What a return visit found."""
    text = f"{short(mediation)}的回访记下了：{RESULTS[result]}。"
    if again is not None:
        text += f"请督促履行，{last_day(again)}再提醒您回访。一直不履行的，当事人可以向法院起诉。"
    return Reply(text)


def nothing_to_visit(mediation: Mediation) -> str:
    """No agreement, no return visit."""
    return f"{short(mediation)}还没有达成协议，谈不上回访。"


def court_noted(mediation: Mediation, *, done: bool) -> Reply:
    """The judicial confirmation, as far as the mediator knows."""
    what = "已经申请司法确认" if done else "双方不申请司法确认"
    return Reply(f"{short(mediation)}记下了：{what}。")


def court_explained(mediation: Mediation, until: datetime | None) -> Reply:
    """What the judicial confirmation is (第三十三条)."""
    by = f"{last_day(until)}前" if until else "从协议生效起30天内"
    return Reply(
        f"司法确认：{by}双方一起向法院申请，法院确认了，不履行的可以申请强制执行。"
        f"去办了说“{mediation.case.short}已申请司法确认”，不办说“{mediation.case.short}不申请司法确认”。"
    )


def statements(mediation: Mediation, told: Sequence[Statement]) -> Reply:
    """What both told, for the mediator alone."""
    if not told:
        return Reply(f"{short(mediation)}双方都还没有说自己的说法。")
    lines = [f"{named(mediation, s.party)}（{moment(s.at)}）：{_said(mediation, s.party, s.text)}" for s in told]
    return Reply(f"{short(mediation)}双方的说法，只有您看得到，不要转给对方：\n" + "\n".join(lines))


def new_statement(mediation: Mediation, party: Party, text: str) -> Reply:
    """A party told its side."""
    return Reply(f"{short(mediation)}{named(mediation, party)}的说法（只有您看得到）：{_said(mediation, party, text)}")


def status(mediation: Mediation, now: datetime) -> Reply:
    """How it stands."""
    lines = [f"{short(mediation)}调解：{STATES[mediation.state]}。"]
    if mediation.is_running:
        lines.append(f"{last_day(mediation.due_at)}前要调完。")
    answers = {None: "没答复", True: "同意", False: "不同意"}
    lines += [f"{named(mediation, party)}：{answers[party.consent]}调解" for party in mediation.parties]
    if (session := mediation.next_session(now)) is not None:
        lines.append(f"下次：{moment(session.start)}，{session.place}")
    if (agreement := mediation.agreement) is not None:
        lines.append(f"协议第{agreement.version}版：{agreement.text}")
    return Reply("\n".join(lines))


def wants_mediation(case: Case) -> Reply:
    """The reporter applies for it."""
    return Reply(
        f"{case.short}号的报告人申请调解。",
        (Choice("开始调解", Intent.UPDATE_CASE, f"{case.number} 开始调解"),),
    )


def passed_on(mediation: Mediation, party: Party, words: str) -> Reply:
    """What a party says about the meeting or the time."""
    return Reply(f"{short(mediation)}{named(mediation, party)}说：{_said(mediation, party, words)}")


def ended_with_case(mediation: Mediation) -> Reply:
    """The case is over, and with it the mediation."""
    return Reply(f"{short(mediation)}已经撤回或者结案，调解跟着终止了，双方都告诉了。")


def led_for_you(mediation: Mediation) -> Reply:
    """To whoever handles the case: somebody else mediates it."""
    return Reply(f"{short(mediation)}由{mediation.mediator.name or '调解员'}开始调解，结果会记到这件事项里。")


def handed_to_you(mediation: Mediation) -> Reply:
    """To whoever leads a mediation from now on, because its mediator is there no more."""
    return Reply(f"{short(mediation)}的调解原来的调解员不在了，现在由您来。说“{mediation.case.short}调解情况”看进度。")


def confirm_taking_over(number: str) -> Reply:
    """Before somebody takes a mediation from another."""
    return Reply(
        f"{number}号的调解现在是别人在做。接过来以后由您负责，双方和原来的调解员都会收到通知。确认接手吗？",
        (Choice("确认接手", Intent.AFFIRM), Choice("不接", Intent.DENY)),
    )


def taken_over(mediation: Mediation) -> Reply:
    """To whoever took it over."""
    return Reply(
        f"{short(mediation)}的调解现在由您负责，双方都通知了。说“{mediation.case.short}看看双方的说法”可以看前面的情况。"
    )


def taken_from_you(mediation: Mediation) -> Reply:
    """To the mediator of before."""
    return Reply(f"{short(mediation)}的调解由{mediation.mediator.name or '别的调解员'}接手了，您不用再管。")


def nothing_to_take_over(number: str) -> str:
    """It has come to its end meanwhile, or is theirs already."""
    return f"{number}号没有别人在做的调解。"


def note_handed_over(before: Person, to: Person) -> str:
    """The line of the history; whoever was erased has no name."""
    return f"调解由{before.name or '原来的调解员'}转给{to.name or '别的调解员'}"
