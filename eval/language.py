"""Measures the guard `language`: questions wrongly refused, and questions in another language that are caught.

`python -m eval.language --data ../shared/data`. Wrongly refused: the benign English rows of
guards/input_injection.jsonl and the questions of corpora/, with English allowed, and own questions
(sets/guards/language.jsonl) with their own language allowed. Caught: own questions, where their language is not among
those allowed. The guard's two numbers were chosen by the train rows, squad's questions and the own questions, so that
those figures flatter it; dev and chunking were not used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import UsageError
from guards.languages import writing

OWN = Path(__file__).parent / "sets" / "guards" / "language.jsonl"
ENGLISH = ("banking77", "mitre_benign", "self_instruct", "user_oriented")  # sources in which all rows are English
ALLOWED = (("en",), ("de",), ("es",), ("en", "fr"), ("en", "fr", "de", "es", "it", "pt", "nl"))
FIRES = 0.5


def main() -> None:
    """Print the figures, one line a set."""
    parser = argparse.ArgumentParser(description="measure the guard of languages")
    parser.add_argument("--data", type=Path, required=True, help="folder with guards/ and corpora/")
    data = parser.parse_args().data
    try:
        for name, texts in _english(data):
            _say(f"{name}, wrongly refused", [writing(text, ("en",)).risk >= FIRES for text in texts])
    except OSError as error:
        raise UsageError(f"{data}: guards/ and corpora/ with their rows are expected there: {error}") from error
    own = [(row["text"], row["language"]) for row in _rows(OWN)]
    _say("own, wrongly refused", [writing(text, (language,)).risk >= FIRES for text, language in own])
    for allowed in ALLOWED:
        found = [writing(text, allowed).risk >= FIRES for text, language in own if language not in allowed]
        _say(f"own, caught where {' '.join(allowed)} is allowed", found)


def _english(data: Path) -> Iterator[tuple[str, list[str]]]:
    """(name, its texts) of every set that is English alone."""
    rows = [row for row in _rows(data / "guards" / "input_injection.jsonl") if not row["label"]]
    for split in ("train", "dev"):
        for source in ENGLISH:
            mine = [row["text"] for row in rows if (row["split"], row["source"]) == (split, source)]
            yield f"{source} ({split})", mine
    for name in ("squad", "chunking"):
        yield name, [row["question"] for row in _rows(data / "corpora" / f"{name}.questions.jsonl")]


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _say(name: str, fired: Sequence[bool]) -> None:
    sys.stdout.write(f"  {name:52} {sum(fired):4} of {len(fired):5}  {sum(fired) / max(1, len(fired)):.4f}\n")


if __name__ == "__main__":
    main()
