"""Every sentence that the bot says about the policy; what the document says is quoted, never retold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from handlers import citing
from handlers.policy import rules
from handlers.turn import Choice, Reply
from nlu.policy.answer import AnswerKind
from nlu.policy.clauses import Status
from nlu.policy.excerpts import listed, opening
from nlu.policy.sentences import is_item
from nlu.policy.tasks import is_annex
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.clauses import Document

DRAFT_REMARK = "（这份文件是征求意见稿，还没有正式施行，正式文件可能会改。）"
REPEALED_REMARK = "（这份文件已经废止，只供参考。）"
HUMAN = Choice("转人工", Intent.TALK_TO_HUMAN)
_ORDINALS = "一二三四五六七八九"
_LONGEST_QUESTION = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an answer is said.

    `whom` is the person to ask at the community office; of `several` documents each is named; a group is told less.
    """

    today: date
    whom: str = "社区办公室"
    several: bool = False
    in_group: bool = False

    @property
    def longest(self) -> int:
        """Characters that are shown of a quote."""
        return rules.LONGEST_IN_GROUP if self.in_group else rules.LONGEST_QUOTE

    @property
    def most(self) -> int:
        """Tasks that are listed."""
        return rules.MOST_IN_GROUP if self.in_group else rules.MOST_LISTED


def answer(found: Sequence[PolicyAnswer], setting: Setting) -> Reply:
    """What the documents say to each question, with its source, and what may be asked further."""
    if len(found) == 1:
        return _one(found[0], setting)
    parts = [
        f"{ordinal}、{_shortened(each.question)}\n{_said(each, setting)}"
        for ordinal, each in zip(_ORDINALS, found, strict=False)
    ]
    documents = {each.document.title: each.document for each in found if each.answered}
    lines = [*parts, *(_source(document) for document in documents.values())]
    offers = [offer for each in found if each.answered for offer in _wholes(each, setting, named=True)]
    return Reply("\n".join(lines), _beside([*offers, HUMAN]))


def _one(found: PolicyAnswer, setting: Setting) -> Reply:
    if found.kind is AnswerKind.VAGUE:
        return _which_subject(found, setting)
    return _answered(found, setting) if found.answered else _does_not_say(found, setting)


def _does_not_say(found: PolicyAnswer, setting: Setting) -> Reply:
    """The honest answer where the document does not say, with what stands nearby and whom to ask."""
    near = [f"{_nearby(found)}。"] if found.near else []
    look = [_show(found, clause_id, setting) for clause_id in found.near]
    where = "现有的几份政策文件里都" if setting.several else f"《{found.document.title}》里"
    return Reply(
        f"这个问题，{where}没有写，我不能乱说。{''.join(near)}可以问{setting.whom}，或者打12345热线。",
        (HUMAN, *_beside(look)),
    )


def still_vague(setting: Setting) -> Reply:
    """It is as vague as before: the bot does not ask again."""
    return Reply(
        f"我还是没弄清楚您要问哪一件。可以说具体一点，比如“注册志愿者要达到多少比例”；也可以问{setting.whom}，或者打12345热线。",
        (HUMAN,),
    )


def glad_to_help() -> Reply:
    """The answer was taken."""
    return Reply("好的，还有不清楚的再问我。")


def no_document() -> Reply:
    """Nothing to answer from."""
    return Reply("还没有放进政策文件，答不了政策问题。请问社区办公室，或者打12345热线。")


def _which_subject(found: PolicyAnswer, setting: Setting) -> Reply:
    """The question is too vague: subjects that the document has, to choose from by number, by name or by pressing."""
    choices = tuple(_show(found, clause_id, setting) for clause_id in found.near)
    menu = " ".join(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))
    return Reply(f"您具体想问哪一件？比如：{menu}。回数字就行，也可以直接说。", choices)


def _answered(found: PolicyAnswer, setting: Setting) -> Reply:
    cited = found.quotes[0].clause_id
    offers = _wholes(found, setting, named=False)
    if rules.may_ask_who(found):
        offers.append(Choice("归哪个管", Intent.ASK_DEPARTMENT, f"{_place(found, cited, setting)}归哪个管"))
    if found.document.status is Status.DRAFT and not rules.is_list(found):
        offers.append(Choice("提意见", Intent.GIVE_OPINION, f"对{_place(found, cited, setting)}提意见"))
    return Reply(f"{_said(found, setting)}\n{_source(found.document)}", _beside([*offers, HUMAN]))


def _said(found: PolicyAnswer, setting: Setting) -> str:
    """What is said to one question, without its document."""
    if found.kind is AnswerKind.VAGUE:
        return "这个问得太宽，请说具体一点再问。"
    if not found.answered:
        return f"文件里没有写。{_nearby(found)}。" if found.near else "文件里没有写。"
    if rules.is_list(found):
        return "\n".join(_rows(found, setting))
    quotes = [line for clause_id in _in_order(found) for line in _quoted(found, clause_id, setting)]
    quotes += _summary(found)
    units = _units(found)
    body = [*units, *quotes] if found.kind is AnswerKind.DEPARTMENT else [*quotes, *units]
    return "\n".join([*_ended(found), *_lead(found, setting), *body])


def _ended(found: PolicyAnswer) -> list[str]:
    return ["这一条写的就是这些，没有别的了："] if found.ended else []


def _summary(found: PolicyAnswer) -> list[str]:
    return [f"大意（机器概括，以原文为准）：{found.summary}"] if found.summary else []


def _lead(found: PolicyAnswer, setting: Setting) -> list[str]:
    if over := rules.over(found.dates, setting.today):
        today = setting.today
        return [f"文件写的是{'、'.join(over)}；今天是{today.year}年{today.month}月{today.day}日。"]
    return [found.lead] if found.lead else []


def _in_order(found: PolicyAnswer) -> Iterable[str]:
    return dict.fromkeys(quote.clause_id for quote in found.quotes)


def _quoted(found: PolicyAnswer, clause_id: str, setting: Setting) -> list[str]:
    """A clause's number and heading, and what is shown of its quotes, a list as a list."""
    texts = [quote.text for quote in found.quotes if quote.clause_id == clause_id]
    shown = [rules.excerpt(text, found, setting.longest) for text in texts]
    cut = ["（后面还有，说“全文”看整条。）"] if shown != texts else []
    # The heading of a row is what its task begins with.
    named = citing.number if is_annex(clause_id) else partial(citing.cited, found.document)
    return [f"{named(clause_id)}：", *map(_as_printed, shown), *cut]


def _as_printed(text: str) -> str:
    pieces = listed(text)
    if not pieces or any(map(is_item, pieces)):
        return f"“{text}”"
    return "\n".join(f"{number}. “{piece}”" for number, piece in enumerate(pieces, 1))


def _units(found: PolicyAnswer) -> list[str]:
    """The units responsible; those of a row that is not quoted with its task, since a clause sets several."""
    quoted = set(_in_order(found))
    lines = []
    for clause in rules.responsible_for(found):
        task = "" if clause.id in quoted else f"{citing.cited(found.document, clause.id)}的"
        lines.append(f"{task}责任单位：{'、'.join(clause.departments)}")
    return lines


def _rows(found: PolicyAnswer, setting: Setting) -> list[str]:
    """The rows of an answer, each with its number and task; where units were not asked for, with its units."""
    by_unit = found.kind is AnswerKind.UNIT
    head = f"{'、'.join(found.departments)}的任务：" if by_unit else "附件里的分工："
    ids = list(_in_order(found))
    lines = [_row(found, clause_id, with_units=not by_unit) for clause_id in ids[: setting.most]]
    more = ["（后面还有，私下问我就给您看全。）"] if len(ids) > setting.most else []
    return [head, *lines, *more]


def _row(found: PolicyAnswer, clause_id: str, *, with_units: bool) -> str:
    clause = found.document.clause(clause_id)
    assert clause is not None
    units = f"——{'、'.join(clause.departments)}" if with_units else ""
    return f"{citing.number(clause_id)}：{clause.heading or opening(clause.text)}{units}"


def _nearby(found: PolicyAnswer) -> str:
    return f"最接近的是{citing.cited(found.document, found.near[0])}，不一定是您要的"


def _source(document: Document) -> str:
    remark = {Status.DRAFT: f"\n{DRAFT_REMARK}", Status.REPEALED: f"\n{REPEALED_REMARK}"}
    return f"——《{document.title}》{remark.get(document.status, '')}"


def _wholes(found: PolicyAnswer, setting: Setting, *, named: bool) -> list[Choice]:
    """Offers of the clauses that were shown in part."""
    ids = rules.shown_in_part(found, setting.longest)
    offers = []
    for clause_id in ids:
        label = f"{citing.number(clause_id)}全文" if named or len(ids) > 1 else "全文"
        offers.append(Choice(label, Intent.ASK_POLICY, f"{_place(found, clause_id, setting)}全文"))
    return offers


def _show(found: PolicyAnswer, clause_id: str, setting: Setting) -> Choice:
    clause = found.document.clause(clause_id)
    label = (
        clause.heading
        if clause is not None and clause.heading and not is_annex(clause_id)
        else citing.number(clause_id)
    )
    return Choice(label, Intent.ASK_POLICY, _place(found, clause_id, setting))


def _place(found: PolicyAnswer, clause_id: str, setting: Setting) -> str:
    """Words that name the clause, whatever was said before."""
    document = f"《{found.document.title}》" if setting.several else ""
    return f"{document}{'第0条' if clause_id == citing.PREAMBLE else citing.number(clause_id)}"


def _beside(offers: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(Choice(offer.label, offer.intent, offer.says, beside=True) for offer in offers)


def _shortened(question: str) -> str:
    question = question.replace(" ", "")
    return question if len(question) <= _LONGEST_QUESTION else f"{question[:_LONGEST_QUESTION]}…"
