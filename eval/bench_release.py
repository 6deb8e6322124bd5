"""How long a sentence of an answer waits for its guards: `python -m eval.bench_release`.

Answers of made-up sentences are streamed word by word through the sentence gate and the output stage of the default
policy, as an answer of a language model is. Printed, in milliseconds from the piece that completes a sentence to its
release (median, 95th percentile): every sentence, and the first of each answer apart, with the passages prepared before
the first word comes and without. Each answer has passages of its own, and each way begins with nothing remembered. The
time of processors beside it is what is left of the wait where nothing else runs on the machine, or less.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain import Stage, Subject
from core.settings import load
from guards.guard import Kit
from guards.policy import default_policy
from guards.rail import Rail
from guards.stream import SentenceStream
from ingest.embed import open_embedder
from ingest.remember import RememberingEmbedder

MANUAL = Path(__file__).parent.parent / "docs"
PASSAGES, CHARACTERS = 6, 1_000  # of one answer; characters of a passage
SENTENCES = 5  # of one answer
SEED = 5
Taken = tuple[float, float]  # milliseconds that passed, and those of processors


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that nobody wrote, and what it would stand on."""

    passages: tuple[str, ...]
    pieces: tuple[str, ...]  # as a language model would send it


def main() -> None:
    """Time both ways on the same answers; print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=200, help="sentences in all")
    options = parser.parse_args()
    answers = list(made(max(1, options.sentences // SENTENCES)))
    print(
        f"{len(answers)} answers of {SENTENCES} sentences, {PASSAGES} passages of {CHARACTERS} characters each; "
        f"{os.cpu_count()} cores; milliseconds from a sentence's last piece to its release: median, 95th percentile"
    )
    for name, prepares in (("prepared", True), ("not prepared", False)):
        every, firsts, preparing = timed(answers, prepares)
        for kind, place in (("waited", 0), ("processors", 1)):
            parts = [("every sentence", every), ("first of an answer", firsts), ("preparing", preparing)]
            told = "   ".join(f"{what} {_told([one[place] for one in taken])}" for what, taken in parts if taken)
            print(f"{name:<13} {kind:<11} {told}")


def made(answers: int) -> Iterator[Made]:
    """Answers whose sentences take words of a passage's sentence, so that none is an exact quote; the same each run."""
    chance = random.Random(SEED)  # noqa: S311  no secret hangs on it
    pages = " ".join(page.read_text(encoding="utf-8") for page in sorted(MANUAL.rglob("*.md")))
    words = re.findall(r"[A-Za-z]{2,14}", pages)
    for _ in range(answers):
        passages = tuple(_text(chance, words) for _ in range(PASSAGES))
        said = [_reworded(chance, chance.choice(passages)) for _ in range(SENTENCES)]
        yield Made(passages, tuple(re.findall(r"\S+\s*", " ".join(said))))


def timed(answers: Sequence[Made], prepares: bool) -> tuple[list[Taken], list[Taken], list[Taken]]:
    """What every sentence takes, the first of each answer, and preparing."""
    rail = Rail(default_policy(), Kit(RememberingEmbedder(open_embedder(load()))))
    rail.warm()
    rail.screen(Subject("A first sentence loads the model.", Stage.OUTPUT, passages=("It is loaded.",)))
    every, firsts, preparing = [], [], []
    for answer in answers:
        about = Subject("", Stage.OUTPUT, question="What is it about?", passages=answer.passages)
        if prepares:
            began = _now()
            rail.prepare(about)
            preparing.append(_since(began))
        waits = list(_waits(rail, about, answer.pieces))
        every += waits
        firsts.append(waits[0])
    return every, firsts, preparing


def _waits(rail: Rail, about: Subject, pieces: Sequence[str]) -> Iterator[Taken]:
    """What each sentence takes from the piece that shows that it has ended."""
    stream = SentenceStream()
    for piece in (*pieces, None):
        began = _now()
        for sentence in stream.flush() if piece is None else stream.feed(piece):
            rail.screen(replace(about, text=sentence))
            yield _since(began)
            began = _now()


def _now() -> Taken:
    return time.perf_counter() * 1000, time.process_time() * 1000


def _since(began: Taken) -> Taken:
    now = _now()
    return now[0] - began[0], now[1] - began[1]


def _text(chance: random.Random, words: Sequence[str]) -> str:
    """A passage of made-up sentences."""
    text = ""
    while len(text) < CHARACTERS:
        text += " ".join(chance.choices(words, k=chance.randint(10, 22))).capitalize() + ". "
    return text[:CHARACTERS].strip()


def _reworded(chance: random.Random, passage: str) -> str:
    """Most words of one of its sentences, in their order."""
    words = chance.choice(passage.split(". ")).strip(". ").split()
    kept = [word for word in words if chance.random() < 0.8] or words
    return " ".join(kept).capitalize() + "."


def _told(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):6.1f} {statistics.quantiles(taken, n=20)[-1]:6.1f}"


if __name__ == "__main__":
    main()
