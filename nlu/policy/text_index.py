"""What a document's own text says about a question: for each clause, how well its words, headings and figures fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.asked import (
    Asked,
    asked_kinds,
    asks_who,
    gives,
    measures_asked,
    measures_given,
    says_who,
    without_who,
    years_in,
)
from nlu.policy.bm25 import Bm25
from nlu.policy.hearing import Hearing
from nlu.policy.meaning import apart
from nlu.policy.pieces import PieceIndex
from nlu.policy.reading import Reading
from nlu.policy.sentences import Sentence, is_item, split_sentences
from nlu.policy.tasks import Units, is_annex, pair_tasks
from nlu.policy.terms import Synonym, bigrams, grams, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nlu.policy.clauses import Document
    from nlu.policy.meaning import Meanings
    from nlu.policy.terms import Thesaurus

# Of several words for the same, those much rarer in this document than the commonest are not what it means.
_COMMON = 0.2
# What a sentence gains for giving the kind of thing, and the measure, that is asked for.
_GIVEN = 0.1
_ASKED_FOR = (Asked.NUMBER, Asked.MONEY, Asked.DATE, Asked.DEFINITION, Asked.PENALTY)


@dataclass(frozen=True, slots=True)
class TextSignals:
    """Signals of several questions.

    `features` by question, clause and signal (`TEXT_SIGNALS`), `sentences` the score of each sentence, `best` the
    number of each clause's best sentence.
    """

    features: NDArray[np.float64]
    sentences: NDArray[np.float64]
    best: NDArray[np.int_]


TEXT_SIGNALS = (
    "clause",
    "sentence",
    "own words in sentence",
    "synonyms in sentence",
    "heading named",
    "rarest pair",
    "clause, relative",
    "sentence, relative",
    "annex row, who asked",
    "annex row, who not asked",
    "sentence of annex row, who asked",
    "sentence of annex row, relative, who asked",
    "unit of row named",
    "date asked and given",
    "measure asked and missing",
    "year asked and given",
    "definition asked and given",
    "penalty asked and given",
    "penalty given, not asked",
    "who asked and given",
    "permission asked and given",
    "procedure asked and given",
    "meaning of sentence",
    "meaning of clause",
    "pieces of sentence",
    "pieces of usual questions",
    "pieces of chapter",
)


class TextIndex:
    """A document made ready for searching by its own text, with the thesaurus."""

    def __init__(self, document: Document, thesaurus: Thesaurus, meanings: Meanings) -> None:
        self.document = document
        self.thesaurus = thesaurus
        self.meanings = meanings
        self.clauses = document.clauses
        self.units = Units(document, thesaurus)
        self.pairs = pair_tasks(document)
        self._columns = {clause.id: column for column, clause in enumerate(document.clauses)}
        self.is_row = np.array([is_annex(clause.id) for clause in document.clauses])
        self.partners = self._partners()
        self._index_sentences()
        self._index_clauses()
        self._index_meanings()

    def _index_meanings(self) -> None:
        split = [split_sentences(clause.text) for clause in self.clauses]
        sentences = [text for sentences in split for text in _in_context(sentences)]
        whole = [f"{clause.heading} {clause.text}" for clause in self.clauses]
        vectors = self.meanings.of_lasting([*sentences, *whole])
        self.sentence_meanings = apart(vectors[: len(sentences)])
        self.clause_meanings = apart(vectors[len(sentences) :])
        self._pieces = PieceIndex(sentences, self.meanings)
        self._usual = self._by_clause(self._pieces.usual_scores()).mean(axis=0)
        beside = np.array([[one.path == other.path for other in self.clauses] for one in self.clauses])
        self._of_chapter = beside / beside.sum(axis=1, keepdims=True)

    def _partners(self) -> NDArray[np.bool_]:
        partners = np.zeros((len(self.clauses), len(self.clauses)), dtype=bool)
        for row, body in self.pairs.items():
            partners[self._columns[row], self._columns[body]] = partners[self._columns[body], self._columns[row]] = True
        return partners

    def _index_sentences(self) -> None:
        split = [split_sentences(clause.text) for clause in self.clauses]
        self.sentences: tuple[Sentence, ...] = tuple(sentence for sentences in split for sentence in sentences)
        self.sentence_clause = np.repeat(np.arange(len(split)), [len(sentences) for sentences in split])
        self._starts = np.searchsorted(self.sentence_clause, np.arange(len(split)))
        self._sentence_terms = Bm25([grams(plain(text)) for sentences in split for text in _in_context(sentences)])
        texts = [sentence.text for sentence in self.sentences]
        self._given = {kind: np.array([gives(text, kind) for text in texts]) for kind in Asked}
        # Where units stand in a table or in brackets, a sentence need not name them.
        self._says_who = np.array([says_who(text) for text in texts]) & ~any(
            clause.departments for clause in self.clauses
        )
        self._measures = [measures_given(text) for text in texts]
        self._years = [years_in(text) for text in texts]

    def _index_clauses(self) -> None:
        texts = [plain(f"{clause.heading} {clause.text} {' '.join(clause.departments)}") for clause in self.clauses]
        headings = [plain(f"{clause.heading} {' '.join(clause.path)}") for clause in self.clauses]
        self.clause_texts = texts
        self._clause_terms = Bm25([grams(text) for text in texts])
        self.clause_pairs = [set(bigrams(text)) for text in texts]
        self.pairs_known = set().union(*self.clause_pairs, *(bigrams(heading) for heading in headings))
        words = [word for entry in self.thesaurus.synonyms for word in (*entry.people, *entry.document)]
        words += [*self.thesaurus.places, *self.thesaurus.abbreviations]
        self.lexicon = self.pairs_known | {pair for word in words for pair in bigrams(word)}
        self.hearing = Hearing((*texts, *headings), words, self.thesaurus.common_characters)
        self._heading_pairs = [set(bigrams(plain(clause.heading))) - {""} for clause in self.clauses]

    def column(self, clause_id: str) -> int:
        """The place of a clause among the document's."""
        return self._columns[clause_id]

    def sentences_of(self, column: int) -> range:
        """The numbers of the sentences of the clause in that place."""
        end = self._starts[column + 1] if column + 1 < len(self._starts) else len(self.sentences)
        return range(self._starts[column], end)

    def covered(self, reading: Reading, column: int) -> set[str]:
        """The pairs of a question's content that a clause holds, in its own words or in those that mean the same."""
        held = {pair for pair in bigrams(reading.content) if pair in self.clause_pairs[column]}
        for entry in reading.said:
            if any(word in self.clause_texts[column] for word in entry.document):
                held.update(pair for word in entry.people for pair in bigrams(word))
        return held

    def holding(self, pair: str) -> int:
        """How many clauses hold a pair of characters."""
        return sum(pair in pairs for pairs in self.clause_pairs)

    def rarity(self, pair: str) -> float:
        """How rare a pair of characters is among the clauses: 1 if none holds it, towards 0 if all do."""
        return self._clause_terms.rarity(pair)

    def read(self, question: str) -> Reading:
        """`question` as this document would put it."""
        question = self.hearing.put_right(question)
        return self._read(question, self.meanings.of([question])[0])

    def read_lasting(self, questions: Sequence[str]) -> list[Reading]:
        """The same for training questions, which come again at every start."""
        questions = [self.hearing.put_right(question) for question in questions]
        return list(map(self._read, questions, self.meanings.of_lasting(questions)))

    def _read(self, question: str, meaning: NDArray[np.float32]) -> Reading:
        text = self.thesaurus.standard(question)
        units, subject = self.units.named_in(text, self.pairs_known)
        who = asks_who(text)
        subject = without_who(subject) if who or units else subject
        return Reading(
            question,
            text,
            self.thesaurus.content(subject, self.lexicon),
            self._said(subject),
            who,
            units,
            asked_kinds(text),
            measures_asked(text),
            years_in(text),
            meaning,
        )

    def _said(self, subject: str) -> tuple[Synonym, ...]:
        """What the subject says in other words than this document, as far as the document has those words."""
        found = []
        for entry in self.thesaurus.said(subject):
            used = {word: self._clauses_with(word) for word in entry.document if word not in subject}
            # 居委会 in a law on 居民委员会 is not the 基层群众性自治组织 that it names once.
            common = tuple(word for word, count in used.items() if count and count >= _COMMON * max(used.values()))
            found += [Synonym(entry.people, common)] if common else []
        return tuple(found)

    def _clauses_with(self, word: str) -> int:
        return sum(word in text for text in self.clause_texts)

    def sentence_scores(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """How well each sentence fits the words of each question."""
        return self._sentence_terms.scores([reading.weights() for reading in readings])

    def signals(self, readings: Sequence[Reading]) -> TextSignals:
        """The signals of questions against every clause."""
        own = [reading.own_weights() for reading in readings]
        meant = [reading.synonym_weights() for reading in readings]
        combined = [reading.weights() for reading in readings]
        sentences = self.sentence_scores(readings)
        best = self._best(sentences + _GIVEN * self._given_to(readings))
        in_sentence = np.take_along_axis(sentences, best, axis=1)
        in_clause = self._clause_terms.scores(combined)
        meanings = np.array([reading.meaning for reading in readings])
        by_meaning = self._by_clause(meanings @ self.sentence_meanings.T)
        by_pieces = self._by_clause(self._pieces.scores([reading.question for reading in readings]))
        who = np.array([[reading.who or bool(reading.units)] for reading in readings])
        row = np.broadcast_to(self.is_row, in_clause.shape)
        features = [
            in_clause,
            in_sentence,
            self._by_clause(self._sentence_terms.scores(own)),
            self._by_clause(self._sentence_terms.scores(meant)),
            np.array([self._headings_named(reading) for reading in readings]),
            np.array([self._holds_rarest(reading) for reading in readings]),
            _relative(in_clause),
            _relative(in_sentence),
            row & who,
            row & ~who,
            (row & who) * in_sentence,
            (row & who) * _relative(np.where(row, in_sentence, 0.0)),
            np.array([self._units_of_rows(reading) for reading in readings]),
            *self._figures(readings, best),
            by_meaning,
            meanings @ self.clause_meanings.T,
            by_pieces,
            np.broadcast_to(self._usual, in_clause.shape),
            by_pieces @ self._of_chapter.T,
        ]
        return TextSignals(np.stack(features, axis=-1).astype(np.float64), sentences, best)

    def _given_to(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """How many of the things that each question asks for each sentence gives."""
        asked = np.array([[kind in reading.kinds for kind in _ASKED_FOR] for reading in readings], dtype=np.float64)
        given = np.array([self._given[kind] for kind in _ASKED_FOR], dtype=np.float64)
        measured = [[bool(reading.measures & measures) for measures in self._measures] for reading in readings]
        years = [[bool(reading.years & years) for years in self._years] for reading in readings]
        who = np.array([[reading.who] for reading in readings]) & self._says_who
        return np.asarray(asked @ given + np.array(measured) + np.array(years) + who)

    def _best(self, sentences: NDArray[np.float64]) -> NDArray[np.int_]:
        spans = [self.sentences_of(column) for column in range(len(self.clauses))]
        return np.stack([span.start + sentences[:, span.start : span.stop].argmax(axis=1) for span in spans], axis=1)

    def _by_clause(self, sentences: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.maximum.reduceat(sentences, self._starts, axis=1))

    def of_partner(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each clause the best score of those that set the same task, 0 where there is none."""
        result = np.zeros_like(scores)
        for column in np.flatnonzero(self.partners.any(axis=1)):
            result[:, column] = scores[:, self.partners[column]].max(axis=1)
        return result

    def is_stray(self, row: int, chances: NDArray[np.float64]) -> bool:
        """Whether clause `row` is an annex row of another task than the clause of the text that is likeliest.

        The manner of a question for the units puts rows first, those of tasks that it does not name too.
        """
        if not self.is_row[row] or not self.partners[row].any():
            return False
        return not self.partners[row, int(np.where(self.is_row, -1.0, chances).argmax())]

    def _headings_named(self, reading: Reading) -> list[float]:
        """The share of each heading that the question itself says."""
        said = set(bigrams(reading.text))
        return [len(pairs & said) / len(pairs) if pairs else 0.0 for pairs in self._heading_pairs]

    def _holds_rarest(self, reading: Reading) -> list[float]:
        """Which clauses hold the rarest pair of the question that the document knows at all."""
        known = [pair for pair in bigrams(reading.content) if pair in self.pairs_known]
        if not known:
            return [0.0] * len(self.clauses)
        rarest = max(known, key=lambda pair: (self.rarity(pair), pair))
        return [float(rarest in pairs) for pairs in self.clause_pairs]

    def _units_of_rows(self, reading: Reading) -> list[float]:
        if not reading.units:
            return [0.0] * len(self.clauses)
        return [
            sum(Units.is_responsible(unit, clause.departments) for unit in reading.units) / len(reading.units)
            for clause in self.clauses
        ]

    def _figures(self, readings: Sequence[Reading], best: NDArray[np.int_]) -> list[NDArray[np.float64]]:
        """Whether each clause's best sentence gives the kind of thing that is asked for."""

        def asked(kind: Asked) -> NDArray[np.bool_]:
            return np.array([[kind in reading.kinds] for reading in readings])

        def given(kind: Asked) -> NDArray[np.bool_]:
            return np.asarray(self._given[kind][best])

        missing = [
            [bool(reading.measures) and not reading.measures & self._measures[number] for number in row]
            for reading, row in zip(readings, best, strict=True)
        ]
        years = [
            [bool(reading.years & self._years[number]) for number in row]
            for reading, row in zip(readings, best, strict=True)
        ]
        flags = [
            asked(Asked.DATE) & given(Asked.DATE),
            np.array(missing),
            np.array(years),
            asked(Asked.DEFINITION) & given(Asked.DEFINITION),
            asked(Asked.PENALTY) & given(Asked.PENALTY),
            ~asked(Asked.PENALTY) & given(Asked.PENALTY),
            np.array([[reading.who] for reading in readings]) & self._says_who[best],
            asked(Asked.PERMISSION) & given(Asked.PERMISSION),
            asked(Asked.PROCEDURE) & given(Asked.PROCEDURE),
        ]
        return [flag.astype(np.float64) for flag in flags]

    def years_of(self, number: int) -> frozenset[str]:
        """The years that sentence `number` names."""
        return self._years[number]

    def lacks(self, reading: Reading, number: int) -> dict[Asked, bool]:
        """For each kind of thing that is asked for, whether sentence `number` does not give it."""
        return {kind: not bool(self._given[kind][number]) for kind in reading.kinds}

    def lacks_measure(self, reading: Reading, number: int) -> bool:
        """Whether a quantity is asked for in a measure that sentence `number` gives none in."""
        return bool(reading.measures) and not reading.measures & self._measures[number]


def _in_context(sentences: Sequence[Sentence]) -> list[str]:
    """The texts of sentences; an item of a list says what it says below the line that introduces it."""
    texts, opener = [], ""
    for sentence in sentences:
        item = is_item(sentence.text)
        opener = opener if item else sentence.text
        texts.append(f"{opener} {sentence.text}" if item else sentence.text)
    return texts


def _relative(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as shares of the best of their row."""
    return np.asarray(scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9))
