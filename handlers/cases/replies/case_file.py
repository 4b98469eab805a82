"""The file (卷宗) of a case as it is printed: its forms and their words (人民调解法 第二十七条, 第二十九条)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.cases.papers import Block, Heading, NewPage, Paper, Paragraph, Row, Table
from handlers.cases.replies import hidden
from handlers.cases.replies.describing import KIND_NAMES, STATE_NAMES, action_name
from handlers.cases.replies.mediation import RESULTS, STATES
from nlu.categories import category
from nlu.personal_data import DatumKind, find_personal_data, mask
from nlu.times import SHANGHAI
from storage.mediations import Side
from storage.people import STAFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from storage.cases import Case, CaseEvent
    from storage.mediations import Agreement, Mediation, Party, Statement
    from storage.people import Person

NO_ENTRY = "（无）"
ANONYMOUS = "匿名"
_SIDES = {Side.APPLICANT: "申请人", Side.RESPONDENT: "被申请人"}
_SHOWN_AT_START, _SHOWN_AT_END = 3, 4
_SECRET = frozenset({DatumKind.ID_CARD, DatumKind.BANK_CARD})


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a file is printed from. Without `with_statements` nothing that a party told the mediator is in it."""

    case: Case
    community: str
    mediations: Sequence[Mediation]
    statements: Mapping[int, Sequence[Statement]]
    people: Mapping[int, Person]
    printed_at: datetime
    with_statements: bool
    hidden: Person | None = field(default=None)
    """The reporter who wants to be unnamed."""

    def clean(self, text: str | None) -> str:
        """Words as they may be printed: numbers of cards masked, and all that shows an anonymous reporter."""
        if not text:
            return NO_ENTRY
        if self.hidden is None:
            return _without_cards(text)
        for own in (self.hidden.name, self.hidden.phone, self.hidden.home):
            text = text.replace(own, f"（{ANONYMOUS}）") if own else text
        return mask(hidden.words(self.case, text))

    def who(self, person_id: int | None) -> str:
        """Whose doing a line of the history is; a party is named by its side."""
        if person_id is None:
            return "系统"
        if person_id == self.case.reporter_id:
            return "报告人"
        for mediation in self.mediations:
            if any(party.person_id == person_id for party in mediation.parties):
                return "被申请人"
        person = self.people.get(person_id)
        if person is not None and not person.roles & STAFF:
            return "居民"
        return (person.name if person else None) or "工作人员"


def file_of(contents: Contents) -> Paper:
    """The whole file of a case; one that was never mediated has no such part."""
    title = f"{contents.case.number} {'人民调解卷宗' if contents.mediations else '事项卷宗'}"
    blocks: list[Block] = [*_cover(contents), NewPage(), *_registration(contents)]
    for mediation in contents.mediations:
        blocks += [NewPage(), *_mediation(contents, mediation)]
        if mediation.agreement is not None:
            blocks += [NewPage(), *_agreement(contents, mediation, mediation.agreement)]
    return Paper(title, (*blocks, NewPage(), *_history(contents)))


def _cover(contents: Contents) -> Iterator[Block]:
    case = contents.case
    yield Heading("人民调解卷宗" if contents.mediations else "事项卷宗", 0)
    yield Table(
        (
            ("卷号", case.number),
            ("社区", contents.community),
            ("类别", f"{KIND_NAMES[case.kind]}（{category(case.category, case.kind).name}）"),
            ("办理人", _name(case.assignee)),
            ("调解员", "、".join(dict.fromkeys(_name(m.mediator) for m in contents.mediations)) or NO_ENTRY),
            ("立卷时间", _day(case.created_at)),
            ("结果", contents.clean(case.outcome)),
            ("打印时间", _moment(contents.printed_at)),
            ("说明", _note(contents)),
        ),
        (1, 3),
    )


def _note(contents: Contents) -> str:
    if not contents.mediations:
        return "本卷含个人信息，请妥善保管。"
    if contents.with_statements:
        return "本卷含双方各自对调解员说的话，只供调解员存档，不得给当事人和其他人看。"
    return "本卷不含双方各自对调解员说的话。"


def _registration(contents: Contents) -> Iterator[Block]:
    case = contents.case
    yield Heading("调解申请登记表" if contents.mediations else "事项登记表")
    yield Table(
        (
            ("编号", case.number),
            ("登记时间", _moment(case.created_at)),
            ("报告人", _reporter(contents)),
            ("地点", contents.clean(hidden.place(case))),
            ("开始时间", case.since.isoformat() if case.since else NO_ENTRY),
            ("简要情况", contents.clean(case.text)),
            ("照片", f"{len(case.photos)}张" if case.photos else NO_ENTRY),
            ("当前状态", STATE_NAMES[case.state]),
            ("办结期限", _moment(case.due_at)),
        ),
        (1, 3),
    )


def _reporter(contents: Contents) -> str:
    case = contents.case
    if case.anonymous or case.reporter is None:
        return ANONYMOUS if case.anonymous else NO_ENTRY
    return "，".join(part for part in (case.reporter.name, case.reporter.phone, case.reporter.home) if part) or NO_ENTRY


def _mediation(contents: Contents, mediation: Mediation) -> Iterator[Block]:
    yield Heading("调解工作记录")
    extended = f"，双方同意延期到{_day(mediation.extended_until)}" if mediation.extended_until else ""
    yield Table(
        (
            ("调解员", _name(mediation.mediator)),
            ("开始", _moment(mediation.started_at)),
            ("期限", _day(mediation.due_at) + extended),
            ("结果", STATES[mediation.state] + (f"：{contents.clean(mediation.reason)}" if mediation.reason else "")),
        ),
        (1, 3),
    )
    yield Heading("当事人", 2)
    header: Row = ("", "姓名", "电话", "住址", "是否同意调解")
    parties = (_party(contents, party) for party in mediation.parties)
    yield Table((header, *parties), (2, 2, 3, 4, 4), header=True)
    yield Heading("调解经过", 2)
    yield from _or_none(
        ("时间", "地点", "到场", "记录"),
        (
            (
                _moment(session.start),
                contents.clean(session.place),
                "改期"
                if session.moved_at
                else "、".join(_SIDES[Side(side)] for side in session.came or []) or "未记录",
                contents.clean(session.note),
            )
            for session in mediation.sessions
        ),
        (3, 3, 3, 6),
    )
    if contents.with_statements:
        yield Heading("当事人陈述（只供调解员）", 2)
        yield from _or_none(
            ("时间", "陈述人", "内容"),
            (
                (_moment(told.at), _SIDES[told.party.side], contents.clean(told.text))
                for told in contents.statements.get(mediation.id, ())
            ),
            (3, 2, 8),
        )


def _party(contents: Contents, party: Party) -> Row:
    said = {None: "未答复", True: "同意", False: "不同意"}[party.consent]
    at = f"，{_moment(party.consent_at)}" if party.consent_at else ""
    if party.side is Side.APPLICANT and contents.hidden is not None:
        return (_SIDES[party.side], ANONYMOUS, NO_ENTRY, NO_ENTRY, f"{said}{at}")
    person = party.person
    return (
        _SIDES[party.side],
        party.name or (person.name if person else None) or NO_ENTRY,
        party.phone or (person.phone if person else None) or NO_ENTRY,
        party.home or (person.home if person else None) or NO_ENTRY,
        f"{said}{at}",
    )


def _agreement(contents: Contents, mediation: Mediation, agreement: Agreement) -> Iterator[Block]:
    """The agreement with blanks for what only a hand can write: it holds once signed and sealed (第二十九条)."""
    case = contents.case
    yield Heading("人民调解协议书")
    yield Paragraph(f"编号：{case.number}　第{agreement.version}版")
    for party in sorted(mediation.parties, key=lambda party: list(Side).index(party.side)):
        side, name, phone, home, _ = _party(contents, party)
        blank = "＿＿＿＿＿＿＿＿"
        known = [blank if value in (NO_ENTRY, ANONYMOUS) else value for value in (name, phone, home)]
        yield Paragraph(f"{side}：{known[0]}　电话：{known[1]}　住址：{known[2]}\n身份证号：{blank}{blank}")
    yield Heading("纠纷简要情况", 2)
    yield Paragraph(f"双方因{category(case.category, case.kind).name}发生纠纷，经人民调解，自愿达成下列协议。")
    yield Heading("协议内容", 2)
    yield Paragraph(contents.clean(agreement.text))
    yield Heading("履行的方式、期限", 2)
    yield Paragraph("按上列协议内容履行。补充约定：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿")
    yield Paragraph("本协议书一式三份，双方当事人各执一份，人民调解委员会留存一份，自签名、盖章之日起生效。")
    signed = ("签名、盖章或按指印", "日期")
    yield Table(
        (
            ("", *signed),
            *(
                (side, "　\n　", "　　　年　　月　　日")
                for side in ("申请人", "被申请人", "人民调解员", "调解委员会（印章）")
            ),
        ),
        (3, 6, 4),
        header=True,
    )
    yield Heading("确认、回访和司法确认", 2)
    yield from _or_none(
        ("时间", "谁", "内容"),
        sorted([*_answers(contents, mediation), *_visits(contents, mediation)]),
        (3, 2, 8),
    )


def _answers(contents: Contents, mediation: Mediation) -> Iterator[Row]:
    sides = {party.id: _SIDES[party.side] for party in mediation.parties}
    for agreement in mediation.agreements:
        for answer in agreement.answers:
            said = f"{'同意' if answer.agreed else '有异议'}（第{agreement.version}版）"
            words = contents.with_statements and not answer.agreed and answer.words
            yield (_moment(answer.at), sides[answer.party_id], said + (f"：{contents.clean(words)}" if words else ""))


def _visits(contents: Contents, mediation: Mediation) -> Iterator[Row]:
    for visit in mediation.visits:
        if visit.visited_at is not None and visit.result is not None:
            said = f"回访：{RESULTS[visit.result]}（{contents.clean(visit.note)}）"
            yield (_moment(visit.visited_at), "调解员", said)
    if mediation.court_done_at is not None:
        yield (_moment(mediation.court_done_at), "调解员", "司法确认的情况已经记下")


def _history(contents: Contents) -> Iterator[Block]:
    yield Heading("办理经过")
    yield from _or_none(
        ("时间", "谁", "做了什么", "内容"),
        (_event(contents, event) for event in contents.case.history),
        (3, 2, 2, 6),
    )


def _event(contents: Contents, event: CaseEvent) -> Row:
    return (_moment(event.at), contents.who(event.actor_id), action_name(event), contents.clean(event.note))


def _or_none(header: Row, rows: Iterable[Row], widths: tuple[int, ...]) -> Iterator[Block]:
    found = tuple(rows)
    yield Table((header, *found), widths, header=True) if found else Paragraph(NO_ENTRY)


def _name(person: Person | None) -> str:
    return (person.name if person else None) or NO_ENTRY


def _moment(when: datetime) -> str:
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _day(when: datetime) -> str:
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d}"


def _without_cards(text: str) -> str:
    """`text` with the numbers of identity and bank cards masked; telephones stay, those who handle it need them."""
    for datum in reversed(find_personal_data(text)):
        if datum.kind in _SECRET:
            hidden = "*" * (len(datum.text) - _SHOWN_AT_START - _SHOWN_AT_END)
            shown = f"{datum.text[:_SHOWN_AT_START]}{hidden}{datum.text[-_SHOWN_AT_END:]}"
            text = text[: datum.start] + shown + text[datum.end :]
    return text
