"""Fits the evidence gate and measures it: `python -m eval.calibrate_gate --data ../shared/data/corpora [--write]`.

Answerable questions are asked twice: of the whole library, and of the library without the document that they were
written about, where no passage can hold the answer. A logistic regression is fitted on the set `squad`, half of its
articles; measured on the other half, on the set `chunking`, on `chunking` questions where only squad is searched, and
on the questions about the manual in eval/sets. The weights that are shipped are fitted on all of squad's articles. Not
fitted to: questions written to look answerable. (Fitting to `chunking` too was tried: worse on squad, not better on
the manual.)
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chains.assemble import evidence_gate
from chains.gate import FEATURES, WEIGHTS, EvidenceGate
from core.domain import Passage
from core.settings import Settings
from eval.bench_retrieval import library_of
from eval.cases import Case, read_cases
from eval.corpora import copy_documents
from ingest.index import Library
from ingest.remember import RememberingEmbedder

DOCS = Path(__file__).parent.parent / "docs"
MANUAL = Path(__file__).parent / "sets" / "manual.jsonl"  # questions about docs/
THRESHOLD = Settings.model_fields["evidence_threshold"].default
PASSAGES = 6
DEPTH = 40
Rows = npt.NDArray[np.float64]


def main() -> None:
    """Ask, fit, print; with --write store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/ and chunking/ and their questions")
    parser.add_argument("--questions", type=int, default=1200, help="squad questions to use")
    parser.add_argument("--write", action="store_true", help=f"store the weights in {WEIGHTS.name}")
    options = parser.parse_args()
    rng = random.Random(0)  # noqa: S311
    squad = read_cases(options.data / "squad.questions.jsonl", "squad/")
    chunking = read_cases(options.data / "chunking.questions.jsonl", "chunking/")
    asked = rng.sample([c for c in squad if c.answerable], options.questions) + chunking
    lookalike = rng.sample([c for c in squad if not c.answerable], options.questions // 2)
    manual = read_cases(MANUAL)
    with (
        tempfile.TemporaryDirectory() as folder,
        library_of(copy_documents(options.data, Path(folder) / "documents")) as (library, embedder, _),
    ):
        gate = evidence_gate(library, RememberingEmbedder(embedder))
        held = rows(gate, library, asked)
        missing = rows(gate, library, asked, hide_document=True)
        other = rows(gate, library, chunking, only="squad/")
        tricky = rows(gate, library, lookalike)
    with library_of(DOCS) as (library, embedder, _):
        gate = evidence_gate(library, RememberingEmbedder(embedder))
        own = [rows(gate, library, [c for c in manual if c.answerable is wanted]).values for wanted in (True, False)]
    articles = sorted({source for source in held.documents if source.startswith("squad/")})
    first, rest = set(articles[::2]), set(articles[1::2])
    others = set(held.documents) - set(articles)
    fitted = fit(held.of(first), missing.of(first))
    print(f"fitted on {len(held.of(first))} questions of {len(first)} articles")
    figures = {
        "unseen articles (squad)": told(fitted, held.of(rest), missing.of(rest)),
        "chunking": told(fitted, held.of(others), missing.of(others)),
        "another collection": told(fitted, held.of(rest), other.values),
        "written to look answerable": told(fitted, held.of(rest), tricky.values),
        "about the manual": told(fitted, *own),
    }
    for name, line in figures.items():
        print(f"  {name:28} {line}")
    if options.write:
        every = set(articles)
        store(fit(held.of(every), missing.of(every)), figures, options.questions)


@dataclass(frozen=True, slots=True)
class Asked:
    """The features of questions, and the document that each was written about."""

    values: Rows
    documents: tuple[str, ...]

    def of(self, documents: set[str]) -> Rows:
        """Those about these documents."""
        return self.values[[document in documents for document in self.documents]]


def rows(
    gate: EvidenceGate, library: Library, cases: Sequence[Case], *, hide_document: bool = False, only: str = ""
) -> Asked:
    """The features of each question for which anything is found; `hide_document`: not in the one it is about."""
    values, documents = [], []
    for case in cases:
        about = case.gold[0].source if case.gold else ""
        passages = library.search(case.question, DEPTH, depth=DEPTH)
        if hide_document:
            passages = [p for p in passages if p.chunk.source != about]
        if only:
            passages = [p for p in passages if p.chunk.source.startswith(only)]
        kept: list[Passage] = [replace(p, rank=i) for i, p in enumerate(passages[:PASSAGES], 1)]
        if kept:
            values.append(gate.features(case.question, kept))
            documents.append(about)
    return Asked(np.array(values), tuple(documents))


Fitted = tuple[Rows, Rows, Rows, float]  # mean, scale, coefficients, intercept


def fit(held: Rows, missing: Rows) -> Fitted:
    """A logistic regression over standardised features."""
    x = np.vstack([held, missing])
    y = np.r_[np.ones(len(held)), np.zeros(len(missing))]
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000).fit((x - mean) / scale, y)
    return mean, scale, model.coef_[0], float(model.intercept_[0])


def probabilities(fitted: Fitted, x: Rows) -> Rows:
    """The gate's probability for each row."""
    mean, scale, coefficients, intercept = fitted
    return np.asarray(1 / (1 + np.exp(-((x - mean) / scale @ coefficients + intercept))))


def told(fitted: Fitted, held: Rows, missing: Rows) -> str:
    """How well the gate tells them apart."""
    yes, no = probabilities(fitted, held), probabilities(fitted, missing)
    auroc = roc_auc_score(np.r_[np.ones(len(yes)), np.zeros(len(no))], np.r_[yes, no])
    at_two = float(np.mean(no < np.quantile(yes, 0.02)))
    return (
        f"AUROC {auroc:.3f}  rejected at 2 % false abstention {at_two:.3f}  "
        f"at {THRESHOLD}: answered {np.mean(yes >= THRESHOLD):.3f} of {len(yes)}, "
        f"rejected {np.mean(no < THRESHOLD):.3f} of {len(no)}"
    )


def store(fitted: Fitted, figures: dict[str, str], questions: int) -> None:
    """The weights as numbers, with a card."""
    mean, scale, coefficients, intercept = fitted
    data = {
        "card": {
            "what": "logistic regression: probability that the retrieved passages hold the answer",
            "data": "answerable questions of SQuAD 2.0 dev (CC BY-SA 4.0), asked with and without their article",
            "questions": questions,
            "made": date.today().isoformat(),
            "command": "python -m eval.calibrate_gate --data FOLDER --write",
            "measured": figures,
            "limits": "English; questions written to look answerable are hardly told apart",
        },
        "features": list(FEATURES),
        "mean": [round(float(v), 6) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "coefficients": [round(float(v), 6) for v in coefficients],
        "intercept": round(intercept, 6),
    }
    WEIGHTS.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
