"""Measures how follow-up questions are understood by rule: `python -m eval.followups [--set FILE] [--split check]`.

Ingests the manual into a temporary home and prints how many questions that stand alone were left as they are, how many
that lean hold the words they should, and how often the passage that answers is found with the question as asked, with
the question before it put in front, and as the rule puts it. The conversations were written by hand before the rule:
half of them (`make`) were looked at while it was made, the other half (`check`) were not.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chains.assemble import Parapet, assemble
from chains.followup import by_rule
from core.domain import Passage
from core.errors import UsageError
from core.settings import Settings
from ingest.pipeline import add

SET = Path(__file__).parent / "sets" / "followups.jsonl"
MANUAL = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns, a question after them, and what is hoped of it as it stands alone."""

    id: str
    split: str  # make or check
    earlier: tuple[tuple[str, str], ...]  # (question, answer), oldest first
    question: str
    leans: bool  # whether it needs the turns before
    holds: tuple[str, ...]  # words, in lower case, that it holds when it stands alone
    lacks: tuple[str, ...]  # words that it must not hold
    gold: tuple[tuple[str, str], ...]  # (source, words) of the passage that answers; white space counts as one space

    def is_right(self, text: str) -> bool:
        """Whether the question was put as is hoped."""
        low = text.lower()
        if not self.leans:
            return text == self.question
        return text != self.question and all(w in low for w in self.holds) and not any(w in low for w in self.lacks)


def read_conversations(path: Path) -> list[Conversation]:
    """The conversations of a file of JSON Lines; UsageError names a line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(_conversation(json.loads(line)))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{path}:{number}: not a conversation: {error!r}") from error
    return found


def main() -> None:
    """Ingest the manual, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, default=SET, help="conversations as JSONL")
    parser.add_argument("--split", choices=("make", "check"), help="one half alone")
    options = parser.parse_args()
    chosen = [c for c in read_conversations(options.set) if options.split in (None, c.split)]
    with tempfile.TemporaryDirectory() as folder:
        parapet = assemble(Settings(home=Path(folder)))
        add(parapet.library, [MANUAL])
        print("\n".join(report(chosen, parapet)))  # noqa: T201  what the command is for
        parapet.close()


def report(conversations: Sequence[Conversation], parapet: Parapet) -> list[str]:
    """The lines to print."""
    alone = [c for c in conversations if not c.leans]
    leaning = [c for c in conversations if c.leans]
    lines = [
        _line("stand alone, left as they are", [c.is_right(by_rule(c.question, c.earlier)) for c in alone]),
        _line(
            "lean, put with the words they should hold", [c.is_right(by_rule(c.question, c.earlier)) for c in leaning]
        ),
    ]
    ways = {
        "as asked": [c.question for c in leaning],
        "the question before in front": [f"{c.earlier[-1][0]} {c.question}" for c in leaning],
        "by rule": [by_rule(c.question, c.earlier) for c in leaning],
    }
    for depth in (1, 3):
        for way, texts in ways.items():
            hits = [_found(c, parapet, text, depth) for c, text in zip(leaning, texts, strict=True) if c.gold]
            lines.append(_line(f"lean, passage among the first {depth}, {way}", hits))
    return lines


def _found(conversation: Conversation, parapet: Parapet, text: str, depth: int) -> bool:
    passages: Sequence[Passage] = parapet.library.search(text, depth)
    return any(
        p.chunk.source.endswith(source) and words in " ".join(p.chunk.text.split())
        for p in passages
        for source, words in conversation.gold
    )


def _line(what: str, hits: Sequence[bool]) -> str:
    """Share with a 95 % bootstrap interval, and of how many."""
    values = np.array(hits, dtype=float)
    draws = np.random.default_rng(0).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{what:62} {values.mean():.3f} [{low:.3f}, {high:.3f}]  n {len(values)}"


def _conversation(data: dict[str, Any]) -> Conversation:
    return Conversation(
        id=data["id"],
        split=data["split"],
        earlier=tuple((asked, answered) for asked, answered in data["earlier"]),
        question=data["question"],
        leans=data["leans"],
        holds=tuple(data["holds"]),
        lacks=tuple(data["lacks"]),
        gold=tuple((gold["source"], gold["text"]) for gold in data["gold"]),
    )


if __name__ == "__main__":
    main()
