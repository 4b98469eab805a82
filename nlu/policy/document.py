"""Turns the text of a Chinese official document into its clauses, whatever of the usual shapes it has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from nlu.policy.annex import opens_annex, read_annex
from nlu.policy.clauses import Clause, Document, DocumentError, Status
from nlu.policy.header import effective_day, is_date, is_signature, read_header
from nlu.policy.layout import LayoutReader
from nlu.policy.numbering import article_of, label_of
from nlu.policy.printed_lines import IN_CELL_BREAK, is_page_number

__all__ = ["Clause", "Document", "DocumentError", "Status", "outline", "parse"]

_DISTRIBUTION = re.compile(r"^\s*(?:抄送|主送|公开方式|信息公开选项)[:：]|印发\s*$")
_LONGEST_TITLE = 200
_ANNEX_WITH_TITLE = re.compile(r"附\s*[件表录]\s*[\d一二三四五六七八九十]{0,2}\s*[:：\s]\s*(\S.{1,40})")
_SPACE = re.compile(r"\s")
_CONTENTS = re.compile(r"目\s*[录次]")
_CONTENTS_LEADER = re.compile(r"(?:[….·．\s]{2,}|\t)\s*\d{1,3}$")


def parse(text: str) -> Document:
    """The document in `text`. DocumentError (a Chinese sentence) if there is nothing in it to cite.

    Three shapes are known: articles (第X条, under 编 章 节), numbered parts (一、（一）1.) and, failing both, plain
    paragraphs, which `uncertain` then says.
    """
    lines = _without_contents(_clean_lines(text))
    body_lines, annexes = _split_annexes(lines)
    body_lines, signature = _split_signature(body_lines)
    reader = LayoutReader()
    header, clauses = reader.read(body_lines)
    for letter, annex in zip("ABCDEFGHIJ", annexes, strict=False):
        rows, remarks = read_annex(_without_tail(annex), letter)
        clauses += rows
        reader.uncertain += remarks
    return _document(header, signature, clauses, reader.uncertain)


def outline(document: Document) -> str:
    """What a document says of itself, and its clauses one a line below their headings, with the units responsible."""
    lines = [f"{document.title}（{document.status}）"]
    facts = {
        "发文机关": document.issuer,
        "文号": document.number,
        "发布日期": document.date,
        "施行日期": document.effective,
    }
    lines += [f"  {name}：{fact}" for name, fact in facts.items() if fact]
    open_path: tuple[str, ...] = ()
    for clause in document.clauses:
        for depth, heading in enumerate(clause.path):
            if clause.path[: depth + 1] != open_path[: depth + 1]:
                lines.append("  " * (depth + 1) + heading)
        open_path = clause.path
        name = clause.heading or clause.text[:24].replace("\n", " ") + ("…" if len(clause.text) > 24 else "")
        units = f"（{'、'.join(clause.departments)}）" if clause.departments else ""
        lines.append("  " * (len(clause.path) + 1) + f"[{clause.id}] {name}{units}")
    return "\n".join([*lines, *(f"请核对：{remark}" for remark in document.uncertain)])


def _document(header: list[str], signature: list[str], clauses: list[Clause], uncertain: list[str]) -> Document:
    clauses = [clause for clause in clauses if clause.text]
    if not clauses:
        raise DocumentError("这份文件里没有读到可以引用的条文，请发一份有正文的政策文件。")
    head = read_header(header, signature)
    title = head.title
    if not title:
        title = "未命名文件"
        uncertain.append("没有读到标题。")
    if len(title) > _LONGEST_TITLE:
        title = title[:_LONGEST_TITLE]
        uncertain.append("标题太长，可能把正文读成了标题，请核对。")
    repeated = [clause_id for clause_id, count in Counter(clause.id for clause in clauses).items() if count > 1]
    uncertain += [f"编号{clause_id}出现了不止一次，后面的已加上序号区分。" for clause_id in repeated]
    unique = tuple(_with_unique_ids(clauses))
    return Document(
        title,
        head.status,
        head.issuer,
        head.number,
        head.date,
        unique,
        (*head.uncertain, *dict.fromkeys(uncertain)),
        effective_day([clause.text for clause in unique], header, head.date),
    )


def _with_unique_ids(clauses: list[Clause]) -> list[Clause]:
    seen: Counter[str] = Counter()
    unique = []
    for clause in clauses:
        seen[clause.id] += 1
        suffix = f"({seen[clause.id]})" if seen[clause.id] > 1 else ""
        text = clause.text.replace(IN_CELL_BREAK, "\n")
        unique.append(replace(clause, id=clause.id + suffix, text=text))
    return unique


def _clean_lines(text: str) -> list[str]:
    """Lines without the indents of print; tabs inside stay, for the tables."""
    text = (
        text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\xa0", " ")
    )
    lines = ["" if is_page_number(line) else _bare(line) for line in text.split("\n")]
    if not any(line.strip() for line in lines):
        raise DocumentError("这份文件是空的，没有读到文字。")
    if len(re.findall(r"[\u4e00-\u9fff]", text)) < 0.3 * len(re.sub(r"\s", "", text)):
        raise DocumentError("这份文件读出来不是中文文字，可能已损坏，或者不是文字文件。")
    return lines


def _without_contents(lines: list[str]) -> list[str]:
    """The lines without a table of contents: what follows 目录 and comes again below, or ends in a page number."""
    start = next((index for index, line in enumerate(lines) if _CONTENTS.fullmatch(line.strip())), None)
    if start is None:
        return lines
    bare = [_SPACE.sub("", line) for line in lines]
    end = start + 1
    while end < len(lines):
        entry = _CONTENTS_LEADER.sub("", lines[end])
        if bare[end] and entry == lines[end] and bare[end] not in bare[end + 1 :]:
            break
        end += 1
    return lines[:start] + lines[end:]


def _bare(line: str) -> str:
    """A line without the blanks around it; an empty last cell of a table's row stays."""
    return line.strip(" \u3000") if len(line.split("\t")) > 2 and not line.isspace() else line.strip(" \u3000").rstrip()


def _split_annexes(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    starts = [index for index in range(1, len(lines)) if opens_annex(lines[index]) or _titles_table(lines, index)]
    if not starts:
        return lines, []
    bounds = [*starts, len(lines)]
    return lines[: starts[0]], [
        [_title_of_annex(lines[start]), *lines[start + 1 : end]] for start, end in pairwise(bounds)
    ]


def _titles_table(lines: list[str], index: int) -> bool:
    """Whether a line is 「附件1：任务分工表」 above a table; without one it is an entry of the list of annexes."""
    below = (line for line in lines[index + 1 : index + 6] if line.strip())
    return bool(_title_of_annex(lines[index])) and any("\t" in line for line in below)


def _title_of_annex(line: str) -> str:
    match = _ANNEX_WITH_TITLE.fullmatch(line.strip())
    return match.group(1) if match and not opens_annex(line) else ""


def _split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The text, and the issuer and date that may stand below it (with a list of the annexes before them)."""
    end = len(lines)
    while end and (_is_tail(lines[end - 1]) or _is_unlabelled_signature(lines[end - 1])):
        end -= 1
    signature = [line.strip() for line in lines[end:] if line.strip()]
    while end and (not lines[end - 1].strip() or re.match(r"附件\s*[:：]\s*\S", lines[end - 1].strip())):
        end -= 1
    # A document that is nothing but short lines has no signature: they are its text.
    return (lines[:end], signature) if end > 1 else (lines, [])


def _is_tail(line: str) -> bool:
    return not line.strip() or bool(_DISTRIBUTION.search(line))


def _is_unlabelled_signature(line: str) -> bool:
    return is_signature(line) and label_of(line.strip()) is None and article_of(line.strip()) is None


def _without_tail(annex: list[str]) -> list[str]:
    """An annex without the signature below it; a unit's name alone may be the last cell, so only a date tells."""
    end = len(annex)
    while end and _is_tail(annex[end - 1]):
        end -= 1
    return _split_signature(annex[:end])[0] if end and is_date(annex[end - 1]) else annex[:end]
