"""What is told of a head: figures on the dev split, source by source, its card, and the file it is written to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.domain import Stage, Subject
from eval.logistic import auroc
from eval.train_guard.rows import Row, licence
from guards import head, question_head
from guards.guard import Guard, Kit


class Training(Protocol):
    """A module of this package that trains one guard's head; the package's docstring says what each name means."""

    STAGE: Stage
    FALSE_ALARMS: float
    LIMITS: str

    def rows(self, folder: Path) -> list[Row]:
        """Every row, both splits."""
        ...

    def train(self, rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
        """The numbers of the head."""
        ...

    def guard(self, kit: Kit) -> Guard:
        """The guard as it ships."""
        ...


def report(name: str, training: Training, rows: Sequence[Row], kit: Kit) -> list[str]:
    """How the whole guard, wordings and head, does on the dev split: a line a source."""
    head.text_head.cache_clear()
    head.feature_heads.cache_clear()
    question_head.question_head.cache_clear()
    dev = [row for row in rows if row.split == "dev"]
    lines = []
    for with_embedder in (True, False):
        guard = training.guard(Kit(kit.embedder if with_embedder else None))
        scores = np.array([_score(guard, training.STAGE, row) for row in dev])
        labels = np.array([row.label for row in dev])
        lines.append(f"{name}, {'with' if with_embedder else 'without'} the embedder: fires at 0.5 on (dev split)")
        for label, what in ((1, "fires on risky"), (0, "false alarms")):
            for source in sorted({row.source for row in dev if row.label == label}):
                mine = np.array([row.source == source and row.label == label for row in dev])
                hits = int((scores[mine] >= 0.5).sum())
                lines.append(f"  {what:15} {source:22} {hits:4} of {int(mine.sum()):4}  {hits / mine.sum():.3f}")
        lines.append(f"  AUROC over all: {auroc(scores, labels):.3f}")
        if hasattr(training, "measures"):
            lines += training.measures(dev, scores)
    return lines


def _score(guard: Guard, stage: Stage, row: Row) -> float:
    score = guard.judge(Subject(row.text, stage, passages=row.passages)).score
    return 1.0 if score is None else score


def card(name: str, training: Training, rows: Sequence[Row], figures: list[str]) -> dict[str, Any]:
    """Data with licences, date, figures and limits of a head that was just trained."""
    trained = Counter(row.source for row in rows if row.split == "train")
    return {
        "name": name,
        "date": date.today().isoformat(),
        "made_by": f"python -m eval.train_guard {name} --data FOLDER",
        "data": {source: {"rows": n, "licence": licence(source)} for source, n in sorted(trained.items())},
        "calibration": f"0.5: {training.FALSE_ALARMS:.0%} of harmless rows fire (mean over sources, held-out folds)",
        "limits": training.LIMITS,
        "figures": figures,
    }


def write_arrays(arrays: Mapping[str, Any], path: Path) -> None:
    """Write arrays where they are too many for JSON; safetensors holds numbers and never code."""
    from safetensors.numpy import save_file

    save_file(dict(arrays), path)


def written(data: Mapping[str, Any]) -> str:
    """JSON with numbers of five digits: smaller, and the same on every machine."""

    def short(value: Any) -> Any:
        if isinstance(value, float):
            return float(f"{value:.5g}")
        if isinstance(value, dict):
            return {key: short(item) for key, item in value.items()}
        return [short(item) for item in value] if isinstance(value, list | tuple) else value

    rounded = short(data)
    told = json.dumps(rounded.pop("card"), indent=1, ensure_ascii=False)
    rest = "".join(f',\n"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in rounded.items())
    return f'{{"card": {told}{rest}}}\n'
