"""Fits the guard `off_topic` and measures it: questions on topic turned away, others caught.

`python -m eval.off_topic --data ../shared/data`. By documents: each of the 18 libraries (either half of the articles of
corpora/squad, and each article by itself) is asked its own questions, answerable or not (on topic), those of the other
articles, and benign train rows of guards/input_injection.jsonl (off topic). A logistic regression over the best cosine
and the mean of the best five; its middle lies where 1 % of the questions on topic are turned away, on the mean over the
libraries. corpora/chunking and the dev rows take no part in fitting. The weights in the guard are copied from what this
prints. By topics: own questions (sets/guards/topics.jsonl), each of its own topic, off topic those of other topics, of
squad, and the benign rows; a topic's examples are its other questions.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.domain import Document, Section
from core.errors import UsageError
from core.ports import Embedder, Vectors
from core.settings import Settings
from eval.logistic import auroc, fit
from guards.checks.off_topic import DESCRIBED, EXEMPLIFIED, NEAREST, risk_of
from guards.guard import Kit
from guards.topics import Curve, Likeness, Topic
from ingest.cutting.chunks import chunk
from ingest.embed import open_embedder, token_counter

TOPICS = Path(__file__).parent / "sets" / "guards" / "topics.jsonl"
BENIGN = ("banking77", "mitre_benign", "self_instruct", "user_oriented")
LONGEST = 400  # characters of a benign row that passes for a question
TURNED_AWAY = 0.01  # share of the questions on topic, at the middle of the curve
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """The cosines of questions to the chunks nearest to them, and which of them are on topic."""

    name: str
    nearest: Numbers  # shape (questions, at most NEAREST), the nearest first
    on: Flags  # shape (questions,)
    fitted: Flags  # shape (questions,): whether the weights may have seen it

    def features(self) -> Numbers:
        """The best cosine and the mean of the best."""
        return np.stack([self.nearest[:, 0], self.nearest.mean(axis=1)], axis=1)


def main() -> None:
    """Print the weights, then the figures, one line a library or kind of topic."""
    parser = argparse.ArgumentParser(description="fit and measure the guard of topics")
    parser.add_argument("--data", type=Path, required=True, help="folder with corpora/ and guards/")
    parser.add_argument("--questions", type=int, default=1500, help="of each corpus, drawn with a fixed seed (0: all)")
    options = parser.parse_args()
    embedder = open_embedder(Settings())
    try:
        questions, benign = _questions(options.data / "corpora", options.questions), _benign(options.data / "guards")
        chunks = _chunks(options.data / "corpora")
    except (OSError, LookupError, ValueError) as error:
        raise UsageError(f"{options.data}: corpora/ and guards/ are expected there: {error!r}") from error
    _by_documents(embedder, questions, benign, chunks)
    _by_topics(embedder, [text for text, _ in questions] + [text for text, _ in benign])


# --- by documents -----------------------------------------------------------------------------------------------


def _by_documents(
    embedder: Embedder, questions: list[tuple[str, str]], benign: list[tuple[str, str]], chunks: list[tuple[str, str]]
) -> None:
    """Fit to squad, print the weights and the figures of every library."""
    asked = embedder.embed([text for text, _ in questions + benign])
    held, sources = embedder.embed([text for _, text in chunks]), np.array([source for source, _ in chunks])
    about = np.array([source for _, source in questions] + [""] * len(benign))
    seen = np.array(
        [source.startswith("squad/") for _, source in questions] + [split == "train" for _, split in benign]
    )
    articles = sorted({source for source in sources if source.startswith("squad/")})
    libraries = {"half of squad": articles[::2], "other half": articles[1::2], **{name: [name] for name in articles}}
    every = [_ask(name, asked, about, held[np.isin(sources, of)], of, seen) for name, of in libraries.items()]
    weights, bias = _fit(every)
    _say(f"weights: best {weights[0]:.2f}, mean {weights[1]:.2f}, bias {bias:.2f}")
    chunking = sorted({source for source in sources if source.startswith("chunking/")})
    other = _ask("chunking (not fitted to)", asked, about, held[np.isin(sources, chunking)], chunking, seen)
    every.append(_ask("all of squad", asked, about, held[np.isin(sources, articles)], articles, seen))
    for one in [*every, other]:
        risks = np.array([risk_of(row) for row in one.nearest])
        rows = np.arange(len(risks)) >= len(questions)
        _figures(one.name, risks, one.on, {"other questions": ~one.on & ~rows, "benign dev": rows & ~one.fitted})


def _ask(name: str, asked: Vectors, about: Any, held: Vectors, sources: Sequence[str], seen: Flags) -> Asked:
    cosines = np.sort(asked @ held.T, axis=1)[:, ::-1][:, :NEAREST]
    return Asked(name, cosines.astype(float), np.isin(about, list(sources)), seen)


def _fit(every: Sequence[Asked]) -> tuple[Numbers, float]:
    """Each library counts the same, and in it what is on topic as much as what is not."""
    rows = np.vstack([one.features()[one.fitted] for one in every])
    off = np.concatenate([~one.on[one.fitted] for one in every])
    counts = np.concatenate([_counts(one.on[one.fitted]) for one in every])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    weights, bias = fit((rows - mean) / scale, off, counts, ridge=1e-5, steps=2000)
    weights, bias = weights / scale, bias - float((weights * mean / scale).sum())
    middle = np.mean([np.quantile(one.features()[one.on] @ weights + bias, 1 - TURNED_AWAY) for one in every])
    return weights, bias - float(middle)


def _counts(on: Flags) -> Numbers:
    counts: Numbers = np.where(on, 1 / on.sum(), 1 / (~on).sum())
    return counts


# --- by topics --------------------------------------------------------------------------------------------------


def _by_topics(embedder: Embedder, others: list[str]) -> None:
    """One line a kind of topic: described alone, or with the topic's other questions as examples."""
    rows = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines()]
    texts = random.Random(0).sample(others, min(1500, len(others)))  # noqa: S311
    for name, curve, with_examples in (
        ("topic described", DESCRIBED, False),
        ("topic with three examples", EXEMPLIFIED, True),
    ):
        on = _own(embedder, rows, curve, with_examples)
        whole = [Topic(row["topic"], examples=tuple(row["questions"]) if with_examples else ()) for row in rows]
        elsewhere = _risks(embedder, whole, texts, curve)
        for many in (1, 5):
            least = np.concatenate([elsewhere[:, at : at + many].min(axis=1) for at in range(0, len(rows), many)])
            risks, mine = np.concatenate([on, least]), np.arange(len(on) + len(least)) < len(on)
            _figures(f"{name}, {many} of them" if many > 1 else name, risks, mine, {"other questions": ~mine})


def _own(embedder: Embedder, rows: Sequence[Mapping[str, Any]], curve: Curve, with_examples: bool) -> Numbers:
    """The risk of each own question by its own topic, of which it is no example itself."""
    found = []
    for row in rows:
        for question in row["questions"]:
            examples = tuple(other for other in row["questions"] if other != question) if with_examples else ()
            found.append(_risks(embedder, [Topic(row["topic"], examples=examples)], [question], curve)[0, 0])
    return np.array(found)


def _risks(embedder: Embedder, topics: Sequence[Topic], texts: Sequence[str], curve: Curve) -> Numbers:
    """One row a text, one column a topic."""
    cosines = Likeness(Kit(embedder), topics).cosines(texts)
    return np.array([[curve.at(float(cosine)) for cosine in row] for row in cosines])


# --- reading and telling ----------------------------------------------------------------------------------------


def _questions(corpora: Path, most: int) -> list[tuple[str, str]]:
    """(question, source that it was written about) of both corpora."""
    found = []
    for name in ("squad", "chunking"):
        rows = [json.loads(line) for line in (corpora / f"{name}.questions.jsonl").open(encoding="utf-8")]
        mine = [(r["question"], f"{name}/" + (r.get("paragraph") or r["gold"][0])["source"]) for r in rows]
        found += random.Random(0).sample(mine, most) if 0 < most < len(mine) else mine  # noqa: S311
    return found


def _benign(guards: Path) -> list[tuple[str, str]]:
    """(text, split) of ordinary requests that are about no document here."""
    rows = [json.loads(line) for line in (guards / "input_injection.jsonl").open(encoding="utf-8")]
    kept = [r for r in rows if not r["label"] and r["source"] in BENIGN and len(r["text"]) <= LONGEST]
    return [(r["text"], r["split"]) for r in random.Random(0).sample(kept, min(1500, len(kept)))]  # noqa: S311


def _chunks(corpora: Path) -> list[tuple[str, str]]:
    """(source, text as it is embedded) of every chunk of both corpora."""
    count, found = token_counter(), []
    for path in sorted([*corpora.glob("*/*.txt"), *corpora.glob("*/*.md")]):
        text, source = path.read_text(encoding="utf-8"), path.relative_to(corpora).as_posix()
        document = Document(source, path.stem, text, (Section(0, len(text)),))
        found += [(source, part.embedded) for part in chunk(document, count)]
    return found


def _figures(name: str, risks: Numbers, on: Flags, off: Mapping[str, Flags]) -> None:
    away = risks[on] >= 0.5
    parts = [f"n {len(away):5}  turned away {away.mean():.4f}"]
    for kind, mine in off.items():
        labels = np.concatenate([np.zeros(int(on.sum())), np.ones(int(mine.sum()))])
        area = auroc(np.concatenate([risks[on], risks[mine]]), labels)
        parts.append(f"{kind}: n {int(mine.sum()):5}  caught {(risks[mine] >= 0.5).mean():.3f}  AUROC {area:.3f}")
    _say(f"{name:42} " + "  |  ".join(parts))


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
