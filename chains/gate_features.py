"""What the evidence gate looks at: numbers about a question, its passages, and the sentence most likely to answer it.

Two groups. RELEVANCE tells whether the passages are about what is asked; ANSWER whether the nearest sentence says it,
or only something with the same words: its negation, its opposite, another year, another name. What becomes of the
numbers is `gate.py`'s matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from chains.gate_words import DEGREES, Word, alike, opposed, words_of
from core.domain import Passage
from guards.grounding.evidence import negated

RELEVANCE = (
    "best_vector",  # cosine of the nearest passage
    "vector_gap",  # how far it stands above the fifth
    "lexical_share",  # BM25 of the best passage over the most that the question's words could weigh
    "best_sentence",  # cosine of the nearest sentence
    "first_sentence",  # cosine of the nearest sentence within the first passage
    "coverage_first",  # share of the question's words, rare ones weighing more, that the first passage holds
    "coverage_three",  # … that the first three hold together
    "coverage_five",  # … that the first five hold together
    "coverage_best",  # … that one passage holds at most
    "coverage_exact",  # … that one passage holds at most, near spellings not counted
    "coverage_sentence",  # … that one sentence holds at most
    "unknown_share",  # share of the question's weight on words that no document holds
    "terms",  # content words of the question, at most 12
    "sentence_score",  # of the likeliest sentence: its cosine and half its coverage
    "lead_second",  # how far it stands above the second likeliest
    "lead_fifth",  # … above the fifth
)
ANSWER = (  # of the likeliest sentence and the passage that it stands in
    "cosine",  # of the sentence
    "coverage_around",  # coverage by it and the sentences beside it
    "rarest_missing",  # weight of the question's rarest word that it lacks; 1: of a word that no document holds
    "missing",  # weights of all words that it lacks, added
    "missing_passage",  # … that its passage lacks
    "plain_missing",  # words without a capital that the passage lacks
    "names_missing",  # words with a capital that the passage lacks
    "numbers_missing",  # numbers of the question that the sentence lacks
    "degrees_missing",  # superlatives and the like that the passage lacks
    "denied",  # 1: the question denies something and the sentence doesn't
    "denied_both",  # 1: both do
    "opposites",  # words whose opposite stands in the sentence, and not they
    "opposites_passage",  # … in the passage
    "pairs_apart",  # neighbouring words of the question that don't stand near each other in the sentence
    "pairs_in_order",  # share of them that come in the same order
    "out_of_order",  # words of the question that the sentence has in another order
    "length",  # words of the question, at most 30
)
_PASSAGES = 5  # looked at
_NEAR = 3  # words apart at most


class Features(NamedTuple):
    """The values of both groups, in their order."""

    relevance: list[float]
    answer: list[float]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's words with what they weigh."""

    text: str
    words: tuple[Word, ...]
    weights: Mapping[str, float]  # stem of each content word -> inverse document frequency
    most: float  # the weight of a word that no document holds
    forms: Mapping[str, frozenset[str]]  # stem -> itself, and those of the passages' stems that are like it

    @property
    def content(self) -> list[Word]:
        """The words that carry content, in order."""
        return [word for word in self.words if word.content]

    def share(self, stems: Set[str]) -> float:
        """What these of its words weigh, of all; 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight for stem, weight in self.weights.items() if stem in stems) / total if total else 0.0

    def exactly(self, stems: Set[str]) -> set[str]:
        """Those of its words that are among the stems."""
        return {stem for stem in self.weights if stem in stems}

    def held(self, stems: Set[str]) -> set[str]:
        """Those of its words that are among the stems, or another form or spelling of which is."""
        return {stem for stem, forms in self.forms.items() if not forms.isdisjoint(stems)}

    def among(self, stems: Iterable[str]) -> Weighed:
        """The same question, with the forms of its words that are among all these stems."""
        known = set(stems)
        forms = {stem: frozenset({stem, *(other for other in known if alike(stem, other))}) for stem in self.weights}
        return replace(self, forms=forms)


class _Sentence(NamedTuple):
    """A sentence of a passage."""

    score: float
    passage: int  # number of its passage, from 0
    number: int  # its number in the passage, from 0
    held: set[str]  # words of the question that it holds
    cosine: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage as it is compared."""

    sentences: tuple[tuple[Word, ...], ...]
    texts: tuple[str, ...]
    stems: tuple[frozenset[str], ...]  # of each sentence
    whole: frozenset[str]  # of all, and of the heading


def weigh(question: str, counts: Mapping[str, int], chunks: int) -> Weighed:
    """A question, given in how many of the library's chunks each of its content words stands (by `Word.text`)."""
    words = words_of(question)
    weights: dict[str, float] = {}
    for word in words:
        if word.content:
            weights.setdefault(word.stem, _rarity(counts[word.text], chunks))
    return Weighed(question, words, weights, _rarity(0, chunks), {stem: frozenset({stem}) for stem in weights})


def features(
    question: Weighed,
    passages: Sequence[Passage],
    sentences: Sequence[Sequence[str]],
    cosines: Sequence[Sequence[float]],
) -> Features:
    """The values for a question and at least one passage; of each passage its sentences, and their cosines."""
    read = [_read(p, s) for p, s in zip(passages[:_PASSAGES], sentences, strict=False)]
    question = question.among(stem for passage in read for stem in passage.whole)
    found = sorted(_scored(question, read, cosines), key=lambda s: (-s.score, s.passage, s.number))
    relevance = _relevance(question, passages, read, found, cosines)
    return Features(relevance, _answer(question, read[found[0].passage], found[0]) if found else [0.0] * len(ANSWER))


def _rarity(count: int, chunks: int) -> float:
    """Inverse document frequency, as BM25 takes it (Robertson and Zaragoza 2009)."""
    return math.log(1 + (chunks - count + 0.5) / (count + 0.5))


def _read(passage: Passage, sentences: Sequence[str]) -> _Read:
    words = tuple(map(words_of, sentences))
    stems = tuple(frozenset(word.stem for word in sentence) for sentence in words)
    heading = {word.stem for word in words_of(" ".join(passage.chunk.heading))}
    return _Read(words, tuple(sentences), stems, frozenset(heading.union(*stems)))


def _scored(question: Weighed, read: Sequence[_Read], cosines: Sequence[Sequence[float]]) -> list[_Sentence]:
    found = []
    for number, (passage, near) in enumerate(zip(read, cosines, strict=False)):
        for place, (stems, cosine) in enumerate(zip(passage.stems, near, strict=True)):
            held = question.held(stems)
            found.append(_Sentence(cosine + 0.5 * question.share(held), number, place, held, cosine))
    return found


def _relevance(
    question: Weighed,
    passages: Sequence[Passage],
    read: Sequence[_Read],
    found: Sequence[_Sentence],
    cosines: Sequence[Sequence[float]],
) -> list[float]:
    vectors = sorted((p.vector or 0.0 for p in passages), reverse=True)
    held = [question.held(passage.whole) for passage in read]
    total = sum(question.weights.values()) or 1.0
    scores = [sentence.score for sentence in found] or [0.0]
    return [
        vectors[0],
        vectors[0] - vectors[min(4, len(vectors) - 1)],
        max(p.lexical or 0.0 for p in passages) / (2.2 * total),  # 2.2: most that BM25 multiplies a weight by
        max((sentence.cosine for sentence in found), default=0.0),
        max(cosines[0], default=0.0),
        question.share(held[0]),
        question.share(set().union(*held[:3])),
        question.share(set().union(*held)),
        max(map(question.share, held)),
        max(question.share(question.exactly(passage.whole)) for passage in read),
        max((question.share(sentence.held) for sentence in found), default=0.0),
        question.share({stem for stem, weight in question.weights.items() if weight >= question.most}),
        min(len(question.weights), 12),
        scores[0],
        scores[0] - scores[min(1, len(scores) - 1)],
        scores[0] - scores[min(4, len(scores) - 1)],
    ]


def _answer(question: Weighed, passage: _Read, best: _Sentence) -> list[float]:
    stems = passage.stems[best.number]
    around = frozenset().union(*passage.stems[max(0, best.number - 1) : best.number + 2])
    in_passage = question.held(passage.whole) | best.held
    missing = [weight for stem, weight in question.weights.items() if stem not in best.held]
    absent = [word for word in question.content if word.stem not in in_passage]
    denies, denied = negated(question.text), negated(passage.texts[best.number])
    return [
        best.cosine,
        question.share(best.held | question.exactly(around)),
        max(missing, default=0.0) / question.most,
        sum(missing) / question.most,
        sum(weight for stem, weight in question.weights.items() if stem not in in_passage) / question.most,
        sum(not word.capital for word in absent),
        sum(word.capital and not word.number for word in absent),
        sum(word.counts and word.stem not in stems for word in question.words),
        sum(word.text in DEGREES and word.stem not in passage.whole for word in question.words),
        float(denies and not denied),
        float(denies and denied),
        sum(opposed(word, stems) for word in question.content),
        sum(opposed(word, passage.whole) for word in question.content),
        *_order(question, passage.sentences[best.number]),
        min(30, len(question.words)),
    ]


def _order(question: Weighed, sentence: Sequence[Word]) -> tuple[float, float, float]:
    """Pairs apart, share of pairs in order, words out of order."""
    places: dict[str, list[int]] = {}
    for stem in question.weights:
        places[stem] = [word.place for word in sentence if word.stem in question.forms[stem]]
    pairs = [(a.stem, b.stem) for a, b in pairwise(question.content)]
    apart = [[b - a for a in places[x] for b in places[y]] if x != y else [] for x, y in pairs]
    near = sum(any(abs(distance) <= _NEAR for distance in distances) for distances in apart)
    ordered = sum(any(distance > 0 for distance in distances) for distances in apart)
    asked = [word.stem for word in question.content]
    said = [word.stem for word in sentence if word.content]
    shared = sum(stem in said for stem in asked)
    return len(pairs) - near, ordered / max(1, len(pairs)), shared - _longest_common(asked, said)


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for a in first:
        before, row = row, [0] * len(row)
        for i, b in enumerate(second):
            row[i + 1] = before[i] + 1 if a == b else max(before[i + 1], row[i])
    return row[-1]
