"""Measures whether supported sentences get a quote and others none: `python -m eval.quotes --data FOLDER`.

FOLDER holds `groundedness.jsonl`: rows of {"text", "passages", "label" (1 supported), "source", "split"}. A row counts
as quoted when each of its sentences that claims something gets a verified quote; printed by source, with n and a
bootstrap interval, for one split. A row is a whole reply, small talk included: a supported one may hold a sentence that
no passage says. The quotes are those of words alone, without the guard that stands before them in an answer.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chains.cite import cite
from core import sentences
from core.domain import Chunk, Passage
from eval.bootstrap import interval
from guards.checks.groundedness import claims_nothing

ROWS = "groundedness.jsonl"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the shares of rows that are quoted."""
    parser = argparse.ArgumentParser(prog="python -m eval.quotes", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {ROWS}")
    parser.add_argument("--split", default="dev", help="rows of this split (default: dev)")
    given = parser.parse_args(arguments)
    lines = (given.data / ROWS).read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == given.split]
    for line in report(rows):
        sys.stdout.write(f"{line}\n")


def report(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line a source and label, then the pools; the share of quoted rows, n, and its 95 % interval."""
    found: dict[tuple[str, int], list[bool]] = defaultdict(list)
    for row in rows:
        quoted = is_quoted(row["text"], row["passages"])
        for source in (row["source"], "all"):
            found[source, row["label"]].append(quoted)
    return [_line(*key, values) for key, values in sorted(found.items(), key=lambda item: (-item[0][1], item[0][0]))]


def is_quoted(text: str, texts: Sequence[str]) -> bool:
    """Whether each sentence that claims something gets a verified quote from one of the texts."""
    passages = [Passage(Chunk(str(n), "", one, 0, len(one)), score=1.0, rank=n) for n, one in enumerate(texts, 1)]
    claims = [sentence for sentence in sentences.split(text) if not claims_nothing(sentence)]
    return bool(claims) and all(cite(claim, passages) for claim in claims)


def _line(source: str, label: int, values: Sequence[bool]) -> str:
    kind = "supported, quoted" if label else "not supported, quoted"
    shares = np.array(values, dtype=float)
    found = interval(lambda column: float(np.mean(column)), shares)
    between = "" if found is None else f"  [{found[0]:.3f}, {found[1]:.3f}]"
    return f"{kind:<22} {source:<10} {shares.mean():.3f}  n={len(values)}{between}"


if __name__ == "__main__":
    main()
