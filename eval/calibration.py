"""Fits the evidence gate, brings its probability to the truth, and measures it.

`python -m eval.calibration --data ../shared/data/corpora [--out CURVE.svg] [--write]`, or `parapet eval retrieval
--calibrate`. Three libraries are made: of either half of the articles of the set `squad`, and of the documents of
`chunking`. Each question of squad is asked of the library that holds its article, of the other half, and of
`chunking`; the questions that were written to look answerable are asked of their own article's library alone.

The gate is fitted to squad alone. Its figures on squad are those of articles that it was not fitted to: a quarter of
the articles is held out in turn. Those on `chunking` and on the manual (eval/sets) are of the weights that are shipped,
which are fitted to all articles of squad. Its probability is calibrated on the held-out articles, by Platt's method
(1999), to a mixture that is set down in MIXTURE: a wrong abstention on a good question hurts more than a lookalike let
through, so lookalikes are few in it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chains.assemble import evidence_gate
from chains.gate import WEIGHTS, EvidenceGate, Regression, Weights, log_odds
from chains.gate_features import ANSWER, RELEVANCE, Features
from core.errors import UsageError
from core.settings import Settings
from eval.bench_retrieval import library_of
from eval.bootstrap import interval
from eval.cases import Case, draw, read_cases
from eval.logistic import auroc
from eval.plots import check_path, reliability
from ingest.index import Library
from ingest.remember import RememberingEmbedder

DOCS = Path(__file__).parent.parent / "docs"
MANUAL = Path(__file__).parent / "sets" / "manual.jsonl"  # questions about docs/
QUESTIONS = 1200
# what is asked, in shares: answered by its library, answered only by another one, written to look answerable
MIXTURE = {"held": 0.5, "absent": 0.2, "elsewhere": 0.2, "lookalike": 0.1}
FALSE_ABSTENTION = 0.02  # share of answerable questions that the proposed threshold turns away
FOLDS = 4
_STRENGTH = {"relevance": 0.3, "answer": 0.05}  # the inverse of the ridge penalty
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked of one library."""

    kind: str  # a key of MIXTURE
    document: str  # that the question was written about
    values: Features


Ask = Callable[[Sequence[Case], str, Mapping[str, str]], list[Asked]]  # cases, kind, document by the case's id


def calibrate(data: Path, out: Path | None, *, questions: int = QUESTIONS, write: bool = False) -> None:
    """Ask, fit, print the figures; draw the reliability curve to `out` (.svg or .png); `write`: store the weights.

    `data` holds squad/ and chunking/ with NAME.questions.jsonl beside each; of squad at most `questions` answerable
    ones and as many lookalikes are asked. UsageError when something of it is missing.
    """
    if out is not None:
        check_path(out)
    squad, chunking, manual = asked_of_all(data, questions)
    probabilities, slope, intercept = calibrated(squad, crossed(squad))
    fitted = fit(squad, slope, intercept)
    labels = np.array([one.kind == "held" for one in squad])
    threshold = float(np.quantile(probabilities[labels], FALSE_ABSTENTION))
    mixed = mixture(squad)
    brier = float(np.mean((probabilities[mixed] - labels[mixed]) ** 2))
    of = {kind: pick(probabilities, squad, kind) for kind in MIXTURE}
    figures = {
        "squad, article elsewhere": told(of["held"], of["absent"]),
        "squad, other collection": told(of["held"], of["elsewhere"]),
        "squad, chunking's questions": told(of["held"], scored(fitted, chunking, "elsewhere")),
        "squad, lookalikes": told(of["held"], of["lookalike"]),
        "chunking": told_of(fitted, chunking),
        "the manual": told_of(fitted, manual),
        "calibration": f"Brier score {brier:.4f} of {len(mixed)} questions in the mixture, articles not fitted to",
        "threshold": f"{threshold:.3f} turns {FALSE_ABSTENTION:.0%} of squad's answerable questions away",
    }
    for name, line in figures.items():
        _say(f"  {name:26} {line}")
    if out is not None:
        reliability(probabilities[mixed], labels[mixed], out, "The evidence gate, articles not fitted to")
    if write:
        WEIGHTS.write_text(json.dumps(stored(fitted, figures, questions), indent=1) + "\n", encoding="utf-8")


# --- asking -----------------------------------------------------------------------------------------------------


def asked_of_all(data: Path, questions: int) -> tuple[list[Asked], list[Asked], list[Asked]]:
    """The questions of squad, of chunking and about the manual, each asked of every library that it is for."""
    about, cases = _documents(data / "squad.questions.jsonl"), read_cases(data / "squad.questions.jsonl")
    articles = sorted({*about.values()})
    kept = [case for wanted in (True, False) for case in draw(_answerable(cases, wanted), questions, 0)]
    other = read_cases(data / "chunking.questions.jsonl")
    squad, chunking = [], []
    for half in (articles[::2], articles[1::2]):
        mine = [case for case in kept if about[case.id] in half]
        rest = [case for case in kept if about[case.id] not in half and case.answerable]
        with tempfile.TemporaryDirectory() as folder:
            for name in half:
                shutil.copy(data / "squad" / name, folder)
            with asking(Path(folder)) as ask:
                squad += ask(_answerable(mine, True), "held", about)
                squad += ask(_answerable(mine, False), "lookalike", about)
                squad += ask(rest, "absent", about)
                chunking += ask(other, "elsewhere", {})
    with asking(data / "chunking") as ask:
        chunking += ask(other, "held", {})
        squad += ask(_answerable(kept, True), "elsewhere", about)
    with asking(DOCS) as ask:
        own = read_cases(MANUAL)
        manual = ask(_answerable(own, True), "held", {}) + ask(_answerable(own, False), "elsewhere", {})
    return squad, chunking, manual


@contextmanager
def asking(folder: Path) -> Iterator[Ask]:
    """Asks a library of the folder's documents."""
    with library_of(folder) as (library, embedder, _):
        gate = evidence_gate(library, RememberingEmbedder(embedder))
        documents, chunks = library.size()
        _say(f"asking of {documents} documents in {chunks:,} chunks")
        yield lambda cases, kind, about: ask_library(library, gate, cases, kind, about)


def ask_library(
    library: Library, gate: EvidenceGate, cases: Iterable[Case], kind: str, about: Mapping[str, str]
) -> list[Asked]:
    """What the gate looks at for each question for which anything is found; `about`: the document of a case's id."""
    found = []
    for case in cases:
        passages = library.search(case.question, library.settings.passages)
        if passages:
            found.append(Asked(kind, about.get(case.id, ""), gate.features(case.question, passages)))
    return found


def _answerable(cases: Iterable[Case], wanted: bool) -> list[Case]:
    return [case for case in cases if case.answerable is wanted]


def _documents(path: Path) -> dict[str, str]:
    """The document that each case was written about, answerable or not, by the case's id."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {row["id"]: (row.get("paragraph") or row["gold"][0])["source"] for row in rows}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(f"{path}: each line must be a case with the `paragraph` it was made of: {error!r}") from error


# --- fitting ----------------------------------------------------------------------------------------------------


def fit(asked: Sequence[Asked], slope: float = 1.0, intercept: float = 0.0) -> Weights:
    """Both regressions: on all that is not a lookalike, and on what is asked of its own library."""
    near = [one for one in asked if one.kind != "lookalike"]
    own = [one for one in asked if one.kind in {"held", "lookalike"}]
    return Weights(
        _fitted(np.array([one.values.relevance for one in near]), near, _STRENGTH["relevance"]),
        _fitted(np.array([one.values.answer for one in own]), own, _STRENGTH["answer"]),
        slope,
        intercept,
    )


def _fitted(rows: Floats, asked: Sequence[Asked], strength: float) -> Regression:
    """A logistic regression over standardised features, each kind weighing what it has of MIXTURE."""
    from sklearn.linear_model import LogisticRegression

    kinds = [one.kind for one in asked]
    weights = np.array([MIXTURE[kind] / kinds.count(kind) for kind in kinds])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((rows - mean) / scale, [kind == "held" for kind in kinds], weights * len(kinds) / weights.sum())
    return Regression(_plain(mean), _plain(scale), _plain(model.coef_[0]), round(float(model.intercept_[0]), 6))


def crossed(asked: Sequence[Asked]) -> Floats:
    """The uncalibrated probability of each, (n,), by weights that were fitted without the articles of its fold."""
    articles = sorted({one.document for one in asked})
    fold = {article: number % FOLDS for number, article in enumerate(articles)}
    found = np.zeros(len(asked))
    for held_out in range(FOLDS):
        fitted = fit([one for one in asked if fold[one.document] != held_out])
        for number, one in enumerate(asked):
            if fold[one.document] == held_out:
                found[number] = fitted.probability(one.values)
    return found


def calibrated(asked: Sequence[Asked], raw: Floats) -> tuple[Floats, float, float]:
    """The calibrated probabilities, (n,), with slope and intercept over the log-odds, fitted to the mixture."""
    from sklearn.linear_model import LogisticRegression

    odds = np.array([log_odds(float(value)) for value in raw])
    mixed = mixture(asked)
    labels = [asked[number].kind == "held" for number in mixed]
    model = LogisticRegression(C=1e6).fit(odds[mixed, None], labels)
    slope, intercept = round(float(model.coef_[0, 0]), 6), round(float(model.intercept_[0]), 6)
    return 1 / (1 + np.exp(-(slope * odds + intercept))), slope, intercept


def mixture(asked: Sequence[Asked]) -> list[int]:
    """As many of the questions, by number, as can be drawn in the shares of MIXTURE; always the same ones."""
    rng = random.Random(0)  # noqa: S311
    groups = {kind: [n for n, one in enumerate(asked) if one.kind == kind] for kind in MIXTURE}
    size = min(len(groups[kind]) / share for kind, share in MIXTURE.items())
    return sorted(n for kind, share in MIXTURE.items() for n in rng.sample(groups[kind], int(size * share + 1e-9)))


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)


# --- telling ----------------------------------------------------------------------------------------------------


def pick(probabilities: Floats, asked: Sequence[Asked], kind: str) -> Floats:
    """The probabilities of one kind."""
    return probabilities[[one.kind == kind for one in asked]]


def told_of(fitted: Weights, asked: Sequence[Asked]) -> str:
    """How well the gate tells the answerable ones of a set that it was not fitted to from the others."""
    return told(scored(fitted, asked, "held"), scored(fitted, asked, "elsewhere"))


def scored(fitted: Weights, asked: Sequence[Asked], kind: str) -> Floats:
    """The probabilities of the questions of one kind."""
    return np.array([fitted.probability(one.values) for one in asked if one.kind == kind])


def told(yes: Floats, no: Floats) -> str:
    """How well the gate tells answerable questions from others, and what the threshold in force makes of them."""
    threshold = Settings.model_fields["evidence_threshold"].default
    scores, labels = np.r_[yes, no], np.r_[np.ones(len(yes)), np.zeros(len(no))]
    among = interval(auroc, scores, labels)
    shown = f" [{among[0]:.3f}, {among[1]:.3f}]" if among else ""
    return (
        f"AUROC {auroc(scores, labels):.3f}{shown}  "
        f"rejected at 2 % false abstention {np.mean(no < np.quantile(yes, FALSE_ABSTENTION)):.3f}  "
        f"at {threshold}: answered {np.mean(yes >= threshold):.3f} of {len(yes)}, "
        f"rejected {np.mean(no < threshold):.3f} of {len(no)}"
    )


def stored(fitted: Weights, figures: Mapping[str, str], questions: int) -> dict[str, Any]:
    """The weights as plain numbers, with a card."""

    def stage(names: Sequence[str], regression: Regression) -> dict[str, Any]:
        columns = zip(names, regression.mean, regression.scale, regression.coefficients, strict=True)
        return {"features": {name: values for name, *values in columns}, "intercept": regression.intercept}

    return {
        "card": {
            "what": "probability that the retrieved passages hold the answer: two logistic regressions, multiplied",
            "features": "name: mean, scale, coefficient",
            "data": "SQuAD 2.0 dev, the articles given (CC BY-SA 4.0)",
            "mixture": MIXTURE,
            "questions": questions,
            "made": date.today().isoformat(),
            "command": f"python -m eval.calibration --data FOLDER --questions {questions} --write",
            "measured": dict(figures),
            "limits": "English. Lookalikes are told apart mostly by denials, numbers and words that are missing; "
            "one that swaps two words of the same sentence is not. A question that denies something is doubted.",
        },
        "stages": {"relevance": stage(RELEVANCE, fitted.relevance), "answer": stage(ANSWER, fitted.answer)},
        "calibration": {"slope": fitted.slope, "intercept": fitted.intercept},
    }


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/ and chunking/ and their questions")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="squad questions of either kind, at most")
    parser.add_argument("--out", type=Path, help="draw the reliability curve there (.svg, .png)")
    parser.add_argument("--write", action="store_true", help=f"store the weights in {WEIGHTS.name}")
    options = parser.parse_args()
    calibrate(options.data, options.out, questions=options.questions, write=options.write)


if __name__ == "__main__":
    main()
