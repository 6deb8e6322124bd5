"""What speaks for a sentence as the answer to a question: the numbers that the ranker weighs.

Similarity and words (BM25's weights, coverage together with the sentence before) follow what was measured for
retrieval; whether a sentence holds the kind of thing that was asked for, near the question's words, is the answer-type
match of question-answering systems (Moldovan et al., "LASSO", TREC 1999).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chains.extract.asking import Asked, Kind
from chains.extract.candidates import Candidate
from chains.extract.reading import Words, read

FEATURES = (
    "cosine",  # similarity to the question
    "cosine_gap",  # how far it lies under the best of all sentences
    "cosine_before",  # of the sentence before it; its own where it is the first
    "coverage",  # share of the question's words that it holds, rare ones weighing more
    "coverage_with_context",  # … that it and what is read along with it hold
    "coverage_passage",  # … that its passage and headings hold
    "bm25",  # of the sentence among all sentences, over the best
    "fragments",  # share of the question's word fragments that it holds, rare ones weighing more: words of one family
    "pairs",  # share of the question's neighbouring words that are neighbours in it
    "names",  # share of the question's names that it holds; 1 without names
    "names_passage",  # … that its passage holds
    "numbers",  # share of the question's numbers that it holds; 1 without numbers
    "passage_score",  # of its passage, over the best passage's
    "passage_place",  # place of its passage, from 0
    "kind",  # whether it holds the kind of thing that was asked for
    "kind_distance",  # words between that and the nearest word of the question, at most 30
    "kind_near",  # share of the question's words, weighted, within 8 words of it
    "called",  # whether what it says is a name for something, where a name was asked for
    "definition",  # whether it says what the question's words are, where that was asked
    "reason",  # whether it gives a reason, where one was asked for
    "new_names",  # names in it that the question doesn't hold, at most 8
    "length",  # words, at most 80
    "order",  # place in its passage, at most 20
    "pronoun_coverage",  # if it does, coverage_with_context
)
FAR = 30
NEAR = 8
_POINTING = frozenset("he she it they this these those such his her its their".split())
_CALLED = frozenset("called named known termed term nicknamed dubbed referred name means".split())
_REASONS = frozenset(
    """because due since so therefore thus cause causes caused reason reasons result results resulting led leads allow
    allows allowed order help helps prevent prevents avoid""".split()
)
_BEING = frozenset("is are was were means refers".split())
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is the same for all candidates of a question."""

    asked: Asked
    weights: dict[str, float]  # stem -> how rare it is among the candidates
    total: float
    fragments: dict[str, float]  # fragment of a word of the question -> how rare it is among the candidates
    length: float  # mean words of a sentence
    passages: tuple[frozenset[str], ...]  # stems of each passage with its headings, by place
    best_score: float
    best_cosine: float


def features(asked: Asked, found: Sequence[Candidate]) -> Matrix:
    """A row a candidate, a column a feature, in the order of FEATURES; at least one candidate.

    The passages carry the cosines of all their sentences.
    """
    sentences = [read(candidate.said) for candidate in found]
    scene = _scene(asked, found, sentences)
    bm25 = [_bm25(scene, words) for words in sentences]
    most = max(bm25) or 1.0
    rows = [
        (
            *_meaning(scene, candidate),
            *_coverages(scene, candidate, words),
            score / most,
            *_phrases(scene, candidate, words),
            candidate.passage.score / scene.best_score,
            min(candidate.place, 10),
            *_kind(scene, words),
            *_form(scene, candidate, words),
        )
        for candidate, words, score in zip(found, sentences, bm25, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def _scene(asked: Asked, found: Sequence[Candidate], sentences: Sequence[Words]) -> _Scene:
    weights = _rarity(asked.stems, [words.held for words in sentences])
    held: dict[int, set[str]] = {}
    for candidate, words in zip(found, sentences, strict=True):
        above = held.setdefault(candidate.place, set(read(" ".join(candidate.passage.heading)).held))
        above |= words.held
    return _Scene(
        asked,
        weights,
        sum(weights.values()) or 1.0,
        _rarity(sorted(asked.words.grams), [words.grams for words in sentences]),
        sum(len(words.forms) for words in sentences) / len(sentences) or 1.0,
        tuple(frozenset(held.get(place, ())) for place in range(max(held) + 1)),
        max(candidate.passage.score for candidate in found) or 1.0,
        max(max(candidate.passage.cosines) for candidate in found),
    )


def _rarity(wanted: Iterable[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    """The inverse document frequency of each, as BM25 has it, the sentences being the documents."""
    count = len(held)
    holding = {one: sum(one in each for each in held) for one in wanted}
    return {one: math.log(1 + (count - n + 0.5) / (n + 0.5)) for one, n in holding.items()}


def _share(weights: Mapping[str, float], held: Set[str]) -> float:
    """Share of what weighs that is held; 0 when nothing weighs."""
    total = sum(weights.values())
    return sum(weight for one, weight in weights.items() if one in held) / total if total else 0.0


def _meaning(scene: _Scene, candidate: Candidate) -> tuple[float, float, float]:
    cosines = candidate.passage.cosines
    own = cosines[candidate.order]
    return own, own - scene.best_cosine, cosines[candidate.order - 1] if candidate.order else own


def _coverages(scene: _Scene, candidate: Candidate, words: Words) -> tuple[float, float, float]:
    return (
        _share(scene.weights, words.held),
        _share(scene.weights, words.held | read(candidate.context).held),
        _share(scene.weights, scene.passages[candidate.place]),
    )


def _bm25(scene: _Scene, words: Words) -> float:
    """BM25 with k1 1.2 and b 0.75, the sentences being the documents."""
    counts = Counter(words.content)
    norm = 1.2 * (0.25 + 0.75 * len(words.forms) / scene.length)
    total = 0.0
    for stem, weight in scene.weights.items():
        if count := counts[stem] + (stem in words.held):
            total += weight * count * 2.2 / (count + norm)
    return total


def _phrases(scene: _Scene, candidate: Candidate, words: Words) -> tuple[float, ...]:
    asked = scene.asked
    return (
        _share(scene.fragments, words.grams),
        _part(asked.pairs, set(zip(words.lower, words.lower[1:], strict=False)), 0.0),
        _part(asked.names, words.held, 1.0),
        _part(asked.names, scene.passages[candidate.place], 1.0),
        _part(asked.numbers, set(words.lower), 1.0),
    )


def _part(wanted: Set[object], held: Set[object], without: float) -> float:
    """Share of what is wanted that is held; `without` when nothing is wanted."""
    return len(wanted & held) / len(wanted) if wanted else without


def _kind(scene: _Scene, words: Words) -> tuple[float, ...]:
    """The kind of thing asked for: whether it is there, how near to the question's words, and by what words."""
    asked = scene.asked
    fitting = _fitting(asked, words)
    matched = [at for at, stem in enumerate(words.content) if stem in scene.weights]
    distance = min((abs(a - b) for a in fitting for b in matched), default=FAR)
    near = max(
        (sum(scene.weights[s] for s in {words.content[b] for b in matched if abs(a - b) <= NEAR}) for a in fitting),
        default=0.0,
    )
    return (
        float(bool(fitting)),
        min(distance, FAR),
        near / scene.total,
        float(asked.term and not _CALLED.isdisjoint(words.lower)),
        float(asked.kind is Kind.DEFINITION and _defines(asked, words)),
        float(asked.kind is Kind.REASON and not _REASONS.isdisjoint(words.lower)),
    )


def _fitting(asked: Asked, words: Words) -> list[int]:
    """The words of a sentence that are of the kind asked for and not the question's own; at most 16."""
    places = range(len(words.forms))
    if asked.kind is Kind.TIME:
        found = [at for at in places if words.is_time(at) and words.lower[at] not in asked.numbers]
    elif asked.kind is Kind.AMOUNT:
        found = [at for at in places if words.is_number(at) and words.lower[at] not in asked.numbers]
    elif asked.kind is Kind.NAME:
        found = [at for at in places if words.is_name(at) and words.stems[at] not in asked.stems]
    else:
        found = [at for at in places if words.content[at] and words.content[at] not in asked.stems]
    return found[:16]


def _defines(asked: Asked, words: Words) -> bool:
    """Whether the sentence begins with the question's words and goes on with `is` or `are`."""
    being = next((at for at, word in enumerate(words.lower[:12]) if word in _BEING), None)
    return being is not None and any(stem in asked.stems for stem in words.content[:being] if stem)


def _form(scene: _Scene, candidate: Candidate, words: Words) -> tuple[float, ...]:
    stems = set(scene.asked.stems)
    pointing = float(bool(words.lower) and words.lower[0] in _POINTING)
    names = sum(words.is_name(at) and words.stems[at] not in stems for at in range(len(words.forms)))
    return (
        min(names, 8),
        min(len(words.forms), 80),
        min(candidate.order, 20),
        pointing * _share(scene.weights, words.held | read(candidate.context).held),
    )
