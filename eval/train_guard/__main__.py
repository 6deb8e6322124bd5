"""Trains the learnt heads of guards/heads and prints how the guards then do on the dev split, source by source.

    python -m eval.train_guard NAME --data FOLDER [--report | --left-out]

FOLDER holds input_injection.jsonl, context_injection.jsonl, harmful_request.jsonl and groundedness.jsonl with rows as
the manual describes. Thresholds are set on held-out folds of the train split, never on dev.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from core import plugins
from core.settings import load
from eval.train_guard import card
from eval.train_guard.card import Training
from guards import head
from guards.guard import Kit
from guards.rule import CHECKS
from ingest.embed import open_embedder
from ingest.remember import RememberingEmbedder


def main() -> None:
    """Train the head that is named, unless `--report`, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("guard", choices=trained())
    parser.add_argument("--data", type=Path, required=True, help="folder of the .jsonl sets")
    parser.add_argument("--report", action="store_true", help="only measure the head that is shipped")
    parser.add_argument("--left-out", action="store_true", help="only measure heads on families that they never saw")
    given = parser.parse_args()
    kit = Kit(RememberingEmbedder(open_embedder(load()), most=200_000))
    training = training_of(given.guard)
    rows = training.rows(given.data)
    if given.left_out:
        figures = training.left_out(rows, kit) if hasattr(training, "left_out") else ["no measure of this kind"]
    elif not given.report:
        numbers = training.train([row for row in rows if row.split == "train"], kit)
        path = head.HEADS / f"{given.guard}.json"
        if "arrays" in numbers:
            card.write_arrays(numbers.pop("arrays"), path.with_suffix(".safetensors"))
        path.write_text(card.written({"card": {}, **numbers}), encoding="utf-8")
        figures = card.report(given.guard, training, rows, kit)
        written = card.written({"card": card.card(given.guard, training, rows, figures), **numbers})
        path.write_text(written, encoding="utf-8")
    else:
        figures = card.report(given.guard, training, rows, kit)
    sys.stdout.write("\n".join(figures) + "\n")


def trained() -> list[str]:
    """The guards that learn: those with a module here."""
    return [name for name in plugins.names(CHECKS) if name in plugins.names("eval.train_guard")]


def training_of(name: str) -> Training:
    """The module that trains this guard's head."""
    module: Training = importlib.import_module(f"eval.train_guard.{name}")
    return module


if __name__ == "__main__":
    main()
