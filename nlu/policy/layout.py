"""Reads the lines of a document by its layout: articles under chapters, numbered parts, or plain paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from nlu.policy.annex import units_in_brackets
from nlu.policy.clauses import Clause, DocumentError
from nlu.policy.numbering import Label, article_of, chapter_of, part_of

_ENDS_SENTENCE = re.compile(r"[。！？；：!?;:…”」』）)》]$")
_SHORT = 40
_LONG_LINE = 20
_SHOWN_JOINS = 5
_VERSE = 16
_STANZA = 4


def _opens_text(line: str, index: int) -> bool:
    """Whether a line is a salutation or running text, which ends the header; a first line may be a long title."""
    return line.endswith(("：", ":")) or (index > 0 and len(line) >= _LONG_LINE and bool(re.search(r"[，。；]", line)))


@dataclass(slots=True)
class _Part:
    """A numbered part while it is being read: its lines below the label, and the parts inside it."""

    label: Label
    lines: list[str] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)


@dataclass(slots=True)
class LayoutReader:
    """Reads the lines of a text by its layout and notes in `uncertain` what it was unsure of."""

    uncertain: list[str] = field(default_factory=list)
    _joins: list[str] = field(default_factory=list)

    def read(self, lines: list[str]) -> tuple[list[str], list[Clause]]:
        """The header lines and the clauses of `lines`. DocumentError if there is no text in them."""
        read = self._read(lines)
        more = len(self._joins) - _SHOWN_JOINS
        self.uncertain += self._joins[:_SHOWN_JOINS] + ([f"另有{more}处断行也已接上。"] if more > 0 else [])
        return read

    def _read(self, lines: list[str]) -> tuple[list[str], list[Clause]]:
        if sum(article_of(line) is not None for line in lines) >= 2:
            return self._articles(lines)
        if sum(part_of(line.strip()) is not None for line in lines) >= 2:
            return self._numbered(lines)
        return self._paragraphs(lines)

    def _articles(self, lines: list[str]) -> tuple[list[str], list[Clause]]:
        """Header lines and clauses of a text in 条, whose 编, 章 and 节 are headings."""
        lines = [line.strip() for line in lines]
        first = next(index for index, line in enumerate(lines) if article_of(line) or chapter_of(line))
        header, preamble = _split_header([line for line in lines[:first] if line])
        clauses = [Clause("0", "", (), "\n".join(self._joined(preamble)))] if preamble else []
        chapters: dict[int, str] = {}
        current: tuple[str, str] | None = None
        body: list[str] = []
        last = 0
        path: tuple[str, ...] = ()
        for line in lines[first:]:
            chapter, article = chapter_of(line), article_of(line)
            if article and not article.spaced and article.number != last + 1:
                article = None
            if not chapter and not article:
                body.append(line)
                continue
            if current:
                clauses.append(self._article(*current, path, body))
                current, body = None, []
            if chapter:
                depth, heading = chapter
                chapters = {level: name for level, name in chapters.items() if level < depth} | {depth: heading}
            elif article:
                if last and article.number not in (last, last + 1):
                    self.uncertain.append(f"第{last}条之后是{article.printed}，请核对是否缺条。")
                last, current, body = article.number, (article.id, article.printed), [article.rest]
                path = tuple(chapters[level] for level in sorted(chapters))
        if current:
            clauses.append(self._article(*current, path, body))
        return header, clauses

    def _article(self, clause_id: str, printed: str, path: tuple[str, ...], body: list[str]) -> Clause:
        text = "\n".join(self._joined([line for line in body if line]))
        return Clause(clause_id, re.sub(r"\s", "", printed), path, text, units_in_brackets(text))

    def _paragraphs(self, lines: list[str]) -> tuple[list[str], list[Clause]]:
        """Header lines and clauses of a text without any numbering: one clause a paragraph, or a stanza of verses."""
        lines = [line.strip() for line in lines]
        header, rest = _split_header([line for line in lines if line])
        if not rest:
            header, rest = _split_verses(header)
        text = lines[lines.index(rest[0]) :] if rest else []
        texts = self._grouped(text)
        if len("".join(texts)) < _LONG_LINE:
            raise DocumentError("这份文件只有标题或零星文字，没有读到正文。")
        self.uncertain.append("没有读到条、章或者一、（一）这样的编号，按自然段收录。")
        return header, [Clause(str(number), "", (), text) for number, text in enumerate(texts, 1)]

    def _grouped(self, lines: list[str]) -> list[str]:
        """Paragraphs, and stanzas of verses, which blank lines part or which are taken to be of four lines."""
        blocks = [list(block) for has_text, block in groupby(lines, bool) if has_text]
        texts: list[str] = []
        plain: list[str] = []
        for block in blocks:
            for is_short, run in groupby(block, lambda line: len(line) <= _VERSE):
                verses = list(run)
                if not is_short or len(verses) == 1:
                    plain += verses
                    continue
                texts += [*self._joined(plain), *_stanzas(verses, parted=len(blocks) > 1)]
                plain = []
        return texts + self._joined(plain)

    def _numbered(self, lines: list[str]) -> tuple[list[str], list[Clause]]:
        """Header lines and clauses of a text in 一、（一）1."""
        lines = self._mended_first_label([line.strip() for line in lines])
        first = next(index for index, line in enumerate(lines) if part_of(line))
        header, preamble = _split_header([line for line in lines[:first] if line])
        ranks = {label.rank for line in lines if (label := part_of(line))}
        # Items in brackets belong to the text of their part, unless they are all the numbering there is.
        parts = self._tree([line for line in lines[first:] if line], ranks - {4} or ranks)
        clauses = [Clause("0", "", (), "\n".join(self._joined(preamble)))] if preamble else []
        return header, clauses + self._clauses(parts, (), "")

    def _mended_first_label(self, lines: list[str]) -> list[str]:
        """「1、」 for the first of 一、二、三、 is the commonest slip of a word processor's automatic numbering."""
        labels = [(index, label) for index, line in enumerate(lines) if (label := part_of(line))]
        leading = [label.number for _, label in labels if label.rank == 1]
        index, label = labels[0]
        if leading[:1] == [2] and label.rank == 3 and label.number == 1:
            self.uncertain.append(f"第一个标题印作“{label.printed}”，按“一、”处理。")
            return [*lines[:index], f"一、{label.rest}", *lines[index + 1 :]]
        return lines

    def _tree(self, lines: list[str], ranks: set[int]) -> list[_Part]:
        roots: list[_Part] = []
        stack: list[_Part] = []
        for line in lines:
            label = part_of(line)
            if label is None or label.rank not in ranks or self._is_list_item(label, stack):
                stack[-1].lines.append(line)
                continue
            while stack and stack[-1].label.rank >= label.rank:
                stack.pop()
            siblings = stack[-1].parts if stack else roots
            expected = siblings[-1].label.number + 1 if siblings else 1
            if label.number != expected:
                self.uncertain.append(f"“{label.printed}{label.rest[:12]}”的编号接不上前一项，请核对是否有缺漏。")
            part = _Part(label, [label.rest])
            siblings.append(part)
            stack.append(part)
        return roots

    def _is_list_item(self, label: Label, stack: list[_Part]) -> bool:
        """Whether a numbered line is an item of the line before it (申请时提交：1.… 2.…), not a part of its own."""
        if not stack or label.rank <= stack[-1].label.rank:
            return False
        lines = stack[-1].lines
        items = [line for line in lines[1:] if (found := part_of(line)) and found.rank == label.rank]
        opened = lines[-1] if not items else lines[lines.index(items[0]) - 1]
        return opened.endswith(("：", ":")) and len(opened) > 4

    def _clauses(self, parts: list[_Part], path: tuple[str, ...], parent_id: str) -> list[Clause]:
        has_headings = _have_run_in_headings(parts)
        clauses = []
        for part in parts:
            part_id = f"{parent_id}.{part.label.number}" if parent_id else str(part.label.number)
            heading, text_lines = _heading_and_text(part, has_headings)
            text = "\n".join(self._joined(text_lines))
            if text:
                clauses.append(Clause(part_id, heading, path, text, units_in_brackets(text)))
            if part.parts:
                name = heading or text.split("\n", 1)[0].rstrip("：:")[:_SHORT]
                clauses += self._clauses(part.parts, (*path, name), part_id)
        return clauses

    def _joined(self, lines: list[str]) -> list[str]:
        """Paragraphs, with those joined again that were broken in the middle of a sentence."""
        paragraphs: list[str] = []
        for line in lines:
            broken = bool(paragraphs) and _is_broken(paragraphs[-1], line)
            if broken:
                self._joins.append(f"“…{paragraphs[-1][-8:]}”后面的断行已接上。")
                paragraphs[-1] += line
            else:
                paragraphs.append(line)
        return paragraphs


def _is_broken(before: str, after: str) -> bool:
    """Whether a paragraph ends in mid-sentence: at a comma, or without any mark though it is a full line of text.

    Rows of a table (with tabs) are whole by themselves.
    """
    if _ENDS_SENTENCE.search(before) or part_of(after) or article_of(after) or "\t" in before or "\t" in after:
        return False
    return before.endswith(("、", "，", ",")) or (len(before) > _LONG_LINE and bool(re.search(r"[，。；]", before)))


def _split_header(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines above the text, and the text before the first number. A salutation opens the text."""
    first = next((index for index, line in enumerate(lines) if _opens_text(line, index)), len(lines))
    # Dates of passing and amending are long lines too, but they are no text.
    while first < len(lines) and re.search(r"(?:通过|公布|发布|修订|修正|施行|印发)[）)]?$", lines[first]):
        first += 1
    return lines[:first], lines[first:]


def _split_verses(lines: list[str]) -> tuple[list[str], list[str]]:
    """Header and verses of a text that is short lines only: they begin at the first one with a mark of its own."""
    marked = (index for index, line in enumerate(lines) if index and re.search(r"^[^（(].*[，。；！、]", line))
    first = next(marked, 1)
    return (lines[:first], lines[first:]) if len(lines) - first >= _STANZA else (lines, [])


def _stanzas(verses: list[str], *, parted: bool) -> list[str]:
    size = len(verses) if parted and len(verses) <= 2 * _STANZA else _STANZA
    return ["\n".join(verses[start : start + size]) for start in range(0, len(verses), size)]


_RUN_IN = re.compile(r"([^，。；：！？]{2,30})[。：]\s*(?=\S)")


def _have_run_in_headings(parts: list[_Part]) -> bool:
    """Whether these parts print their headings as first sentence: nearly all of them do, or it is no heading."""
    own = [part for part in parts if not part.parts]
    run_in = sum(_RUN_IN.match(part.lines[0]) is not None for part in own)
    return len(own) >= 2 and run_in >= 0.8 * len(own)


def _heading_and_text(part: _Part, run_in: bool) -> tuple[str, list[str]]:
    """The heading of a part and the lines of its text: a line of its own, a first sentence, or none."""
    first, rest = part.lines[0], part.lines[1:]
    alone = len(first) <= _SHORT and not re.search(r"[。；，：:]$", first) and bool(rest or part.parts)
    if alone and not re.search(r"[，。；]", first):
        return first, rest
    if alone and part.parts and not rest:
        return first, []
    if run_in and (match := _RUN_IN.match(first)):
        return match.group(1), [first[match.end() :], *rest]
    return "", part.lines
