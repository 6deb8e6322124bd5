"""Measures the guard `forbidden_topic` by meaning: sentences of a forbidden topic held, ordinary answers let through.

`python -m eval.forbidden_topic --data ../shared/data`. Own topics (sets/guards/topics.jsonl), each with questions and
sentences of answers; a topic's examples are its other sentences. Ordinary: sentences of corpora/squad that hold an
answer, with their question, and sentences of this project's manual without one; some of squad's do touch a topic, such
as weapons. The curves were set by the topics of split train and seen on all; dev topics are told beside.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.domain import Stage, Subject
from core.errors import UsageError
from core.ports import Embedder
from core.sentences import spans, split
from core.settings import Settings
from guards.checks import forbidden_topic
from guards.guard import Kit
from ingest.embed import open_embedder
from ingest.remember import RememberingEmbedder

TOPICS = Path(__file__).parent / "sets" / "guards" / "topics.jsonl"
DOCS = Path(__file__).parent.parent / "docs"
ORDINARY = 500  # of each kind, drawn with a fixed seed
AROUND = 600  # characters on both sides of an answer in which its sentence is looked for
Risks = npt.NDArray[np.float64]
Answer = tuple[str, str]  # question, sentence


def main() -> None:
    """Print the figures, one line a kind of topic and split."""
    parser = argparse.ArgumentParser(description="measure the guard of forbidden topics")
    parser.add_argument("--data", type=Path, required=True, help="folder with corpora/squad and its questions")
    data = parser.parse_args().data
    embedder = RememberingEmbedder(open_embedder(Settings()))
    try:
        ordinary = {"squad": _squad(data / "corpora"), "manual": _manual()}
    except (OSError, LookupError, ValueError) as error:
        raise UsageError(f"{data}: corpora/squad and its questions are expected there: {error!r}") from error
    rows = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines()]
    for name, with_examples in (("described", False), ("with four examples", True)):
        for part in ("train", "dev"):
            mine = [row for row in rows if row["split"] == part]
            held = _own(embedder, mine, with_examples)
            passed = {kind: _ordinary(embedder, mine, texts, with_examples) for kind, texts in ordinary.items()}
            _say(f"{name}, {part}", held, passed)


def _own(embedder: Embedder, rows: Sequence[Mapping[str, Any]], with_examples: bool) -> Risks:
    """The risk of each sentence by its own topic, of which it is no example itself."""
    found = []
    for row in rows:
        for place, answer in enumerate(row["answers"]):
            examples = [other for other in row["answers"] if other != answer] if with_examples else []
            question = row["questions"][place % len(row["questions"])]
            found.append(_risk(embedder, [{"description": row["topic"], "examples": examples}], question, answer))
    return np.array(found)


def _ordinary(
    embedder: Embedder, rows: Sequence[Mapping[str, Any]], answers: Sequence[Answer], with_examples: bool
) -> Risks:
    """The risk of each ordinary answer where all these topics are forbidden at once."""
    topics = [{"description": row["topic"], "examples": row["answers"] if with_examples else []} for row in rows]
    guard = forbidden_topic.build({"topics": topics}, Kit(embedder))
    return np.array(
        [guard.judge(Subject(text, Stage.OUTPUT, question)).score for question, text in answers], dtype=float
    )


def _risk(embedder: Embedder, topics: Sequence[Mapping[str, Any]], question: str, answer: str) -> float:
    guard = forbidden_topic.build({"topics": topics}, Kit(embedder))
    return float(guard.judge(Subject(answer, Stage.OUTPUT, question)).score or 0.0)


def _squad(corpora: Path) -> list[Answer]:
    """Questions with the sentence that answers them."""
    rows = [json.loads(line) for line in (corpora / "squad.questions.jsonl").open(encoding="utf-8")]
    found = []
    for row in random.Random(0).sample([row for row in rows if row["answerable"]], ORDINARY):  # noqa: S311
        gold = row["gold"][0]
        text = (corpora / "squad" / gold["source"]).read_text(encoding="utf-8")
        begin = max(0, gold["start"] - AROUND)
        part, at = text[begin : gold["end"] + AROUND], gold["start"] - begin
        found += [(row["question"], part[a:b]) for a, b in spans(part) if a <= at < b]
    return found


def _manual() -> list[Answer]:
    """Sentences of the manual."""
    texts = [text for path in sorted(DOCS.rglob("*.md")) for text in split(path.read_text(encoding="utf-8"))]
    long = [text for text in texts if 30 < len(text) < 400]
    return [("", text) for text in random.Random(0).sample(long, min(ORDINARY, len(long)))]  # noqa: S311


def _say(name: str, held: Risks, passed: Mapping[str, Risks]) -> None:
    parts = [f"n {len(held):3}  held {(held >= 0.5).mean():.3f}"]
    parts += [f"{kind}: n {len(risks):4}  held {(risks >= 0.5).mean():.4f}" for kind, risks in passed.items()]
    sys.stdout.write(f"  {name:28} " + "  |  ".join(parts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
