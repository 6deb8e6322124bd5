"""How the heads of the guard `harmful` are trained: requests to refuse and hateful text, each with its look-alikes.

Two heads, for requests (input) and for text that is shown (output), and one that names the kind of harm. The file
also holds what the heads did on groups that they had not seen: a given source, or a kind of harm in own texts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Stage
from eval.logistic import Array, auroc
from eval.train_guard import left_out
from eval.train_guard.rows import FOLDS, Row, own, read
from eval.train_guard.texts import windowed
from guards import harm
from guards.checks import harmful
from guards.guard import Guard, Kit

STAGE = Stage.INPUT
FALSE_ALARMS = 0.012
FALSE_ALARMS_OUTPUT = 0.01
LIMITS = (
    "English. About a third of own requests of a kind that the head had not seen get through, as do requests in "
    "disguise and long stories around one. One in ten own look-alikes fires, such as a harmless command to write "
    "fiction; harmless technical commands of an unseen source (programs for network security) fire often: see "
    "held_out. At output about half of own hateful sentences of an unseen kind are found; veiled hatred mostly gets "
    "through, and counter-speech that repeats a slur is often held. Not for deciding over people."
)
PASSAGE = 800  # characters of a passage that are read


def rows(folder: Path) -> list[Row]:
    """Given and own requests, harmless questions, hateful text and mentions of it, and ordinary text."""
    asked = list(read(folder / "harmful_request.jsonl"))
    known = {row.text for row in asked}
    benign = (row for row in read(folder / "input_injection.jsonl") if not row.label and row.text not in known)
    sets = {"harmful": "own_harmful", "harmful_safe": "own_safe", "injection_benign": "own_benign"}
    made = [replace(row, source=source) for name, source in sets.items() for row in own(name)]
    return [*asked, *benign, *made, *_shown(folder)]


def _shown(folder: Path) -> list[Row]:
    """Hateful text and mentions of it, which only the head for text that is shown learns from, and ordinary text."""
    passages = {p[:PASSAGE]: row for row in read(folder / "groundedness.jsonl") for p in row.passages if len(p) > 40}
    ordinary = [Row(text, 0, f"passages_{row.source}", row.split) for text, row in passages.items()]
    hateful = [replace(row, source="own_hateful") for row in own("hateful")]
    return [*hateful, *(replace(row, source="own_mention") for row in own("hateful_mention")), *ordinary]


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """The numbers of both heads and of the one that names kinds, and the figures on groups left out."""
    shown = [row for row in rows if _at_output(row)]
    asked = [row for row in rows if row.source not in {"own_hateful", "own_mention"}]
    kinds = {row.text: row.source.removeprefix("own_") for name in ("harmful", "harmful_safe") for row in own(name)}
    kinds |= {row.text: row.source for name in ("hateful", "hateful_mention") for row in own(name)}
    heads, figures = {}, []
    for stage, mine, share in ((Stage.INPUT, asked, FALSE_ALARMS), (Stage.OUTPUT, shown, FALSE_ALARMS_OUTPUT)):
        sys.stderr.write(f"{stage}: {len(mine)} rows\n")
        seen = windowed(mine, kit)
        heads[stage.value], folded = left_out.train(mine, seen, share)
        groups = [kinds.get(row.text, row.source) for row in mine]
        unseen = left_out.without(mine, seen, heads[stage.value], groups)
        figures += _figures(f"{stage}, unseen fold", mine, folded) + _figures(f"{stage}, unseen group", mine, unseen)
    named, line = _kinds(list(own("harmful")), kit)
    embedder = kit.embedder.name if kit.embedder else ""
    harm.forget()
    told = f"0.5: {FALSE_ALARMS:.1%} of harmless rows fire at input, {FALSE_ALARMS_OUTPUT:.1%} at output (source mean)"
    return {"embedder": embedder, "calibrated": told, "held_out": [*figures, line], "heads": heads, "kinds": named}


def _at_output(row: Row) -> bool:
    """Given requests are no text that an assistant says; own ones stand for harm put in words."""
    return not row.label or row.source.startswith("own_")


def _figures(what: str, rows: Sequence[Row], logits: Array) -> list[str]:
    """The share of each source that fires, and how own risky texts are told from their look-alikes."""
    lines = [f"{what}: fires at 0.5 on"]
    labels, sources = np.array([row.label for row in rows]), np.array([row.source for row in rows])
    for label, told in ((1, "fires on risky"), (0, "false alarms")):
        for source in sorted(set(sources[labels == label])):
            mine = logits[(sources == source) & (labels == label)]
            lines.append(
                f"  {told:15} {source:22} {int((mine >= 0).sum()):4} of {len(mine):4}  {(mine >= 0).mean():.3f}"
            )
    for risky, alike in (("own_harmful", "own_safe"), ("own_hateful", "own_mention")):
        both = np.isin(sources, [risky, alike])
        if (sources == risky).any():
            lines.append(f"  AUROC {risky} against {alike}: {auroc(logits[both], labels[both]):.3f}")
    return lines


def _kinds(rows: Sequence[Row], kit: Kit) -> tuple[dict[str, Any], str]:
    """The head that names the kind of harm, and how often it is right on folds that it has not seen."""
    from sklearn.linear_model import LogisticRegression

    vectors = kit.embed([row.text for row in rows])
    kinds = np.array([row.source.removeprefix("own_") for row in rows])
    folds = np.array([row.fold for row in rows])
    sure = right = 0
    for fold in range(FOLDS):
        model = LogisticRegression(C=10, max_iter=500).fit(vectors[folds != fold], kinds[folds != fold])
        odds = model.predict_proba(vectors[folds == fold])
        certain = odds.max(axis=1) >= harm.SURE
        sure += int(certain.sum())
        right += int((model.classes_[odds.argmax(axis=1)] == kinds[folds == fold])[certain].sum())
    model = LogisticRegression(C=10, max_iter=500).fit(vectors, kinds)
    line = f"kind of harm, unseen fold: told for {sure} of {len(rows)}, rightly for {right}  {right / max(1, sure):.3f}"
    names = [str(name) for name in model.classes_]
    return {"names": names, "weights": model.coef_.tolist(), "biases": model.intercept_.tolist()}, line


def guard(kit: Kit) -> Guard:
    """The guard as it ships; its head is read anew, for it may just have been written."""
    harm.forget()
    return harmful.build({}, kit)
