"""Fits the ranker of quoted answers and measures it: `python -m eval.train_answerer --data FOLDER [--write]`.

Asks the library each answerable question of the sets `squad` and `chunking`. A conditional logit over the sentences of
the passages is fitted on half of squad's articles. Measured is what is composed for the other half (a wording of the
answer stands in the first quote, in one of the first three) and for `chunking` (a quote holds half of a gold excerpt or
lies by half within one); and whether the probability that an answer is complete comes true. The weights that are
shipped are fitted on all of squad's articles, `chunking` is never fitted to.
"""
# ruff: noqa: T201  a benchmark prints

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chains.extract.asking import understand
from chains.extract.candidates import Candidate, candidates
from chains.extract.composing import compose
from chains.extract.evidence import Evidence, EvidencePassage
from chains.extract.features import FEATURES, features
from chains.extract.ranking import WEIGHTS, Ranker
from chains.models.extractive import with_cosines
from core.domain import Passage
from core.ports import Embedder
from core.words import words
from eval.bench_retrieval import library_of
from eval.cases import Case, read_cases
from eval.corpora import copy_documents
from ingest.index import Library
from ingest.remember import RememberingEmbedder

PASSAGES = 6
RIDGE = 30.0
STEPS = 25
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question over its passages, and which of their sentences hold its answer."""

    case: Case
    about: str  # the document that the question was written about
    evidence: Evidence
    starts: tuple[tuple[str, int], ...]  # of each passage: its source, and where it begins there
    rows: Rows  # features of each sentence
    right: npt.NDArray[np.bool_]  # of each sentence


def main() -> None:
    """Ask, fit, print; with --write store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/ and chunking/ and their questions")
    parser.add_argument("--write", action="store_true", help=f"store the weights in {WEIGHTS.name}")
    options = parser.parse_args()
    sets = {name: read_cases(options.data / f"{name}.questions.jsonl", f"{name}/") for name in ("squad", "chunking")}
    with (
        tempfile.TemporaryDirectory() as folder,
        library_of(copy_documents(options.data, Path(folder) / "documents")) as (library, embedder, _),
    ):
        asked = {name: examples(library, RememberingEmbedder(embedder), cases) for name, cases in sets.items()}
    articles = sorted({example.about for example in asked["squad"]})
    halves = [[e for e in asked["squad"] if (e.about in articles[::2]) is first] for first in (True, False)]
    rankers = [fit(half) for half in halves]
    print(f"fitted on {len(halves[0])} questions of {len(articles[::2])} articles")
    figures = {
        "unseen articles (squad)": told(rankers[0], halves[1]),
        "halves exchanged (squad)": told(rankers[1], halves[0]),
        "chunking": told(rankers[0], asked["chunking"]),
        "sure of its answer (squad)": calibrated(rankers[0], halves[1]),
    }
    for name, line in figures.items():
        print(f"  {name:28} {line}")
    if options.write:
        store(fit(asked["squad"]), figures, len(asked["squad"]))


def examples(library: Library, embedder: Embedder, cases: Sequence[Case]) -> list[Example]:
    """Each answerable question for which anything is found."""
    found = []
    for case in cases:
        passages = library.search(case.question, PASSAGES) if case.answerable and case.gold else []
        if passages:
            found.append(example(case, passages, embedder))
    return found


def example(case: Case, passages: Sequence[Passage], embedder: Embedder) -> Example:
    """A question over these passages."""
    given = tuple(EvidencePassage(p.rank, p.chunk.text, p.chunk.heading, p.score, p.cosines) for p in passages)
    evidence = with_cosines(Evidence(case.question, given), embedder)
    starts = tuple((p.chunk.source, p.chunk.start) for p in passages)
    sentences = _sentences(evidence)
    right = np.array([_is_right(case, c, starts[c.place]) for c in sentences], dtype=bool)
    rows = features(understand(case.question), sentences)
    return Example(case, case.gold[0].source, evidence, starts, rows, right)


def _is_right(case: Case, candidate: Candidate, place: tuple[str, int]) -> bool:
    source, start = place
    inside = any(
        gold.source == source and start + candidate.start <= gold.start and gold.end <= start + candidate.end
        for gold in case.gold
    )
    return inside or holds_wording(case, candidate.text)


def holds_wording(case: Case, text: str) -> bool:
    """Whether a wording of the answer stands in the text, by whole words in any case."""
    said = f" {' '.join(words(text))} "
    return any(f" {' '.join(words(wording))} " in said for wording in case.answers)


def fit(asked: Sequence[Example]) -> Ranker:
    """A conditional logit with a ridge, by Newton's method; of several right sentences any is wanted."""
    useful = [e for e in asked if e.right.any()]
    rows = np.vstack([e.rows for e in useful])
    right = np.concatenate([e.right for e in useful]).astype(float)
    sizes = [len(e.right) for e in useful]
    begins, group = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(useful)), sizes)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = (rows - mean) / scale
    weights = np.zeros(design.shape[1])

    def weighed(weights: Rows) -> tuple[float, Rows, Rows]:
        """The penalised log-likelihood, the probability of each sentence, and of a right one in each question."""
        logits = design @ weights
        shares = np.exp(logits - np.maximum.reduceat(logits, begins)[group])
        shares /= np.add.reduceat(shares, begins)[group]
        hit = np.add.reduceat(shares * right, begins)
        return float(np.log(hit + 1e-12).sum() - RIDGE / 2 * weights @ weights), shares, hit

    likelihood, shares, hit = weighed(weights)
    for _ in range(STEPS):
        wanted = right * shares / hit[group]
        slope = design.T @ (wanted - shares) - RIDGE * weights
        means = np.add.reduceat(design * shares[:, None], begins)
        curve = (design * shares[:, None]).T @ design - means.T @ means + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        while (after := weighed(weights + step))[0] < likelihood and np.abs(step).max() > 1e-6:
            step /= 2
        gained, weights, (likelihood, shares, hit) = after[0] - likelihood, weights + step, after
        if gained < 1e-3:
            break
    return Ranker(tuple(map(float, mean)), tuple(map(float, scale)), tuple(map(float, weights)))


def told(ranker: Ranker, asked: Sequence[Example]) -> str:
    """How often the answer that is composed holds what was hoped for."""
    first = three = quotes = 0
    began = time.process_time()
    for one in asked:
        composed = compose(one.evidence, ranker)
        hits = [_is_hit(one, quote.passage, quote.text) for quote in composed]
        first, three, quotes = first + any(hits[:1]), three + any(hits[:3]), quotes + len(composed)
    count = len(asked)
    milliseconds = 1000 * (time.process_time() - began) / count
    return (
        f"in the first sentence {first / count:.3f}  in the first three {three / count:.3f}  "
        f"sentences {quotes / count:.2f}  of {count}, {milliseconds:.1f} ms of CPU each"
    )


def _is_hit(one: Example, number: int, quote: str) -> bool:
    """Whether a quote holds a wording of the answer; without wordings, whether it and a gold excerpt agree by half."""
    if one.case.answers:
        return holds_wording(one.case, quote)
    place = next(i for i, passage in enumerate(one.evidence.passages) if passage.number == number)
    source, start = one.starts[place]
    at = " ".join(one.evidence.passages[place].text.split()).find(quote)
    before = len(" ".join(one.evidence.passages[place].text.split())) - at
    begin = start + len(one.evidence.passages[place].text) - before
    end = begin + len(quote)
    return at >= 0 and any(
        gold.source == source
        and min(end, gold.end) - max(begin, gold.start) >= min(len(quote), gold.end - gold.start) / 2
        for gold in one.case.gold
    )


def calibrated(ranker: Ranker, asked: Sequence[Example]) -> str:
    """How often the first sentence holds the answer when it is said to be that probable, in three bands."""
    sure = [ranker.probabilities(understand(one.case.question), _sentences(one.evidence)) for one in asked]
    best = np.array([max(shares) for shares in sure])
    right = np.array([one.right[int(np.argmax(shares))] for one, shares in zip(asked, sure, strict=True)])
    told = []
    for low, high in ((0.0, 0.5), (0.5, 0.9), (0.9, 1.01)):
        band = (best >= low) & (best < high)
        if band.any():
            told.append(f"said {best[band].mean():.2f}, came true {right[band].mean():.2f} of {int(band.sum())}")
    return "; ".join(told)


def _sentences(evidence: Evidence) -> list[Candidate]:
    return [c for place, passage in enumerate(evidence.passages) for c in candidates(passage, place)]


def store(ranker: Ranker, figures: dict[str, str], questions: int) -> None:
    """The weights as numbers, with a card."""
    data = {
        "card": {
            "what": "conditional logit: probability of each sentence of the passages that it holds the answer",
            "data": "answerable questions of half of SQuAD 2.0 dev's articles (CC BY-SA 4.0)",
            "questions": questions,
            "made": date.today().isoformat(),
            "command": "python -m eval.train_answerer --data FOLDER --write",
            "measured": figures,
            "limits": "English prose; fitted to no tables, lists or code; the probability takes for granted that the"
            " passages hold the answer",
        },
        "features": list(FEATURES),
        "mean": [round(value, 6) for value in ranker.mean],
        "scale": [round(value, 6) for value in ranker.scale],
        "coefficients": [round(value, 6) for value in ranker.coefficients],
    }
    WEIGHTS.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
