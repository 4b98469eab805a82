"""Checks of the sentences that are learnt from: enough of each intent, none twice, none that is held back."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from scipy import sparse

from nlu.tables import LOADER
from nlu.training_data import DATA_FOLDER, LOCAL_NAMES, load_examples
from nlu.understanding import Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FEWEST = 200
FEWEST_OF_LARGE = 500
LARGE = frozenset(
    {
        Intent.REPORT_DISPUTE,
        Intent.REPORT_INCIDENT,
        Intent.REPORT_EMERGENCY,
        Intent.ASK_POLICY,
        Intent.OUT_OF_SCOPE,
    }
)
"""Intents that need more sentences, because people say them in more ways or because missing them costs more."""

ALIKE = 0.75
"""Two texts are alike from this share of common pairs of characters on (Dice)."""

LONG_ENOUGH = 6
"""Characters of wording below which shared pairs say nothing: 不是这个 and 就是这个 share most of theirs."""

_NUMBER = re.compile("[0-9零〇一二两三四五六七八九十百千万幺]+")
_PARTICLE = re.compile("[嘛哈噻哦啊呀吧呢哟咯喽嘞啦哇呗诶欸哎唉吗了的得地个着]")
_PARTICLES_COUNT_BELOW, _NUMBERS_COUNT_BELOW = 4, 2
"""Other characters that a text must have for its particles, and for its numbers, to count for nothing."""

_ROWS = 2000
"""Texts that are compared with all others at once; bounds the memory."""


class Problem(StrEnum):
    """What can be wrong with a sentence beside another."""

    TWICE = "twice"
    CONTRADICTION = "contradiction"
    HELD_BACK = "held back"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and where it stands; `intent` where it is a training sentence of one."""

    text: str
    source: Path
    line: int
    intent: Intent | None = None

    def __str__(self) -> str:
        return f"{self.text} ({self.intent})" if self.intent else self.text


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the sentence `at`, because of the one `beside` it."""

    problem: Problem
    at: Sentence
    beside: Sentence

    @property
    def fails(self) -> bool:
        """Whether it must be mended; sentences that are merely alike may be meant so."""
        return self.problem is not Problem.ALIKE

    def __str__(self) -> str:
        return f"{_place(self.at)}: {self.problem}: {self.at} | {_place(self.beside)}: {self.beside}"


def learnt(folder: Path = DATA_FOLDER) -> list[Sentence]:
    """Every sentence that is learnt from: those of the intents, the questions on policy documents, and local names."""
    names = [replace(sentence, intent=None) for sentence in _examples(folder / LOCAL_NAMES.name)]
    return _examples(folder) + spoken(sorted(folder.glob("policy/*.questions.yml"))) + names


def development(folder: Path = DATA_FOLDER) -> list[Sentence]:
    """Every sentence that thresholds are chosen on, and nothing is learnt from."""
    return _examples(folder / "development")


def _examples(folder: Path) -> list[Sentence]:
    return [Sentence(example.text, example.source, example.line, example.intent) for example in load_examples(folder)]


def spoken(files: Iterable[Path]) -> list[Sentence]:
    """Every text of YAML files that is said: under `text`, `q` and `say`, and in the lists of policy questions.

    Of a talk (`turns`) it is the last one, which is measured; `entities` and `found` repeat what their text says.
    """
    return [
        Sentence(str(node.value), file, node.start_mark.line + 1)
        for file in files
        for node in _spoken(yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER))
    ]


def _spoken(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _spoken(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in ("text", "q", "say"):
                yield value
            elif key.value == "turns":
                yield value.value[-1]
            elif key.value in ("questions", "unanswerable"):
                yield from value.value
            elif key.value not in ("entities", "found"):
                yield from _spoken(value)


def missing(sentences: Iterable[Sentence]) -> dict[Intent, int]:
    """How many sentences each intent lacks, where it has fewer than it must."""
    counts = Counter(sentence.intent for sentence in sentences)
    lacks = {intent: (FEWEST_OF_LARGE if intent in LARGE else FEWEST) - counts[intent] for intent in Intent}
    return {intent: count for intent, count in lacks.items() if count > 0}


def wording(text: str) -> str:
    """What copies of a text share: neither width, case, marks and dialect nor numbers and particles tell them apart.

    In a text of few characters particles and numbers stay, since nothing else is left of it; so do lone marks.
    """
    plain = normalise(text)
    letters = "".join(char for char in plain if unicodedata.category(char)[0] in "LN")
    without = _PARTICLE.sub("", letters)
    said = without if len(without) >= _PARTICLES_COUNT_BELOW else letters
    folded = _NUMBER.sub("0", said)
    return (folded if len(folded.replace("0", "")) >= _NUMBERS_COUNT_BELOW else said) or plain


def compare(sentences: Sequence[Sentence]) -> list[Finding]:
    """What is twice, contradicts or is alike among the sentences of intents, with the later one of a pair first.

    The same wording under two intents is a contradiction; what is merely alike is often meant, as are pairs that one
    telling word keeps apart (参加, 不参加).
    """
    wordings = [wording(sentence.text) for sentence in sentences]
    findings = []
    earlier: dict[str, list[Sentence]] = defaultdict(list)
    for sentence, said in zip(sentences, wordings, strict=True):
        if earlier[said]:
            findings.append(_of_one_wording(sentence, earlier[said]))
        earlier[said].append(sentence)
    findings += [
        Finding(Problem.ALIKE, sentences[one], sentences[other])
        for one, other in _alike(wordings, wordings)
        if other < one and wordings[one] != wordings[other]
    ]
    return findings


def _of_one_wording(sentence: Sentence, earlier: list[Sentence]) -> Finding:
    for other in earlier:
        if other.intent is not sentence.intent:
            return Finding(Problem.CONTRADICTION, sentence, other)
    for other in earlier:
        if _letters(other.text) == _letters(sentence.text):
            return Finding(Problem.TWICE, sentence, other)
    return Finding(Problem.ALIKE, sentence, earlier[0])


def leaks(used: Sequence[Sentence], held_back: Sequence[Sentence]) -> list[Finding]:
    """The sentences of `used` that are held back, too, or are alike to one that is."""
    wordings = [wording(sentence.text) for sentence in used]
    kept = [wording(sentence.text) for sentence in held_back]
    places = {said: place for place, said in enumerate(kept)}
    found = dict(_alike(wordings, kept))
    found |= {place: places[said] for place, said in enumerate(wordings) if said in places}
    return [Finding(Problem.HELD_BACK, used[one], held_back[other]) for one, other in sorted(found.items())]


def _alike(ones: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of every pair of wordings that share enough pairs of characters."""
    vocabulary: dict[str, int] = {}
    left, right = _pairs(ones, vocabulary), _pairs(others, vocabulary)
    left.resize(len(ones), len(vocabulary))
    sizes, other_sizes = left.sum(axis=1), right.sum(axis=1)
    for begin in range(0, len(ones), _ROWS):
        common = (left[begin : begin + _ROWS] @ right.T).tocoo()
        rows = common.row + begin
        enough = 2 * common.data >= ALIKE * (sizes[rows] + other_sizes[common.col])
        yield from zip(rows[enough].tolist(), common.col[enough].tolist(), strict=True)


def _pairs(wordings: Sequence[str], vocabulary: dict[str, int]) -> sparse.csr_array:
    """A row for each wording, a column for each pair of characters: 1 where it occurs; short wordings have none."""
    rows, columns = [], []
    for row, said in enumerate(wordings):
        if len(said) >= LONG_ENOUGH:
            marked = f" {said} "
            pairs = {marked[place : place + 2] for place in range(len(marked) - 1)}
            rows += [row] * len(pairs)
            columns += [vocabulary.setdefault(pair, len(vocabulary)) for pair in pairs]
    ones = np.ones(len(rows), dtype=np.int32)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(wordings), len(vocabulary)))


def _letters(text: str) -> str:
    """A text without case, width, blanks and marks; of one that is nothing else, all of it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "PZC") or text


def _place(sentence: Sentence) -> str:
    here = Path.cwd()
    source = sentence.source.relative_to(here) if sentence.source.is_relative_to(here) else sentence.source
    return f"{source}:{sentence.line}"
