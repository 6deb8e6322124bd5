"""Trains the learnt heads of guards/heads and prints how the guards then do on the dev split, source by source.

    python -m eval.train_guard injection|document_injection|groundedness --data FOLDER [--report]

FOLDER holds input_injection.jsonl, context_injection.jsonl and groundedness.jsonl with rows as the manual describes.
Thresholds are set on held-out folds of the train split, never on dev. Sets without a licence are only measured on.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Stage, Subject
from core.settings import load
from eval.logistic import Array, auroc, balanced, fit, macro_threshold
from eval.own_wordings import attacks, lookalikes
from guards import evidence, head, normalise
from guards.checks import document_injection, groundedness, injection
from guards.guard import Guard, Kit
from guards.windows import windows
from ingest.embed import open_embedder
from ingest.remember import RememberingEmbedder

UNLICENSED = frozenset({"jailbreak_llms"})  # the copy came without a licence file: never trained on
FOLDS = 5
VOCABULARY = 3000
FALSE_ALARMS = {"injection": 0.01, "document_injection": 0.01, "groundedness": 0.10}


@dataclass(frozen=True, slots=True)
class Row:
    """One text to learn from or to measure on."""

    text: str
    label: int
    source: str
    split: str = "train"
    passages: tuple[str, ...] = ()
    span: tuple[int, int] | None = None  # where the planted instruction stands

    @property
    def fold(self) -> int:
        """Which part of the train split it falls in; the same at each run."""
        return zlib.crc32(self.text.encode("utf-8", "replace")) % FOLDS


def main() -> None:
    """Train the head that is named, unless `--report`, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("guard", choices=sorted(FALSE_ALARMS))
    parser.add_argument("--data", type=Path, required=True, help="folder of the .jsonl sets")
    parser.add_argument("--report", action="store_true", help="only measure the head that is shipped")
    given = parser.parse_args()
    kit = Kit(RememberingEmbedder(open_embedder(load()), most=200_000))
    rows = list(_ROWS[given.guard](given.data))
    if not given.report:
        trained = _TRAIN[given.guard]([row for row in rows if row.split == "train"], kit, given.guard)
        path = head.HEADS / f"{given.guard}.json"
        path.write_text(_written({"card": {}, **trained}), encoding="utf-8")
        figures = report(given.guard, rows, kit)
        path.write_text(_written({"card": _card(given.guard, rows, figures), **trained}), encoding="utf-8")
    else:
        figures = report(given.guard, rows, kit)
    sys.stdout.write("\n".join(figures) + "\n")


# --- rows ---------------------------------------------------------------------------------------------------------


def _read(path: Path) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):  # texts hold other line ends
        data = json.loads(line)
        span = tuple(data["span"]) if data.get("span") else None
        yield Row(data["text"], data["label"], data["source"], data["split"], tuple(data.get("passages", ())), span)


def _asked(folder: Path) -> Iterator[Row]:
    yield from _read(folder / "input_injection.jsonl")
    yield from (Row(text, 1, "own_attacks") for text in attacks())
    yield from (Row(text, 0, "own_lookalikes") for text in lookalikes())


def _planted(folder: Path) -> Iterator[Row]:
    yield from (replace(row, source=_kind(row)) for row in _read(folder / "context_injection.jsonl"))
    yield from (Row(text, 1, "own_attacks") for text in attacks())
    yield from (Row(text, 0, "own_lookalikes") for text in lookalikes())
    yield from _manual()
    yield from (row for row in _read(folder / "input_injection.jsonl") if row.source == "user_oriented")
    passages = {p[:800]: row for row in _read(folder / "groundedness.jsonl") for p in row.passages if len(p) > 40}
    yield from (Row(text, 0, f"passages_{row.source}", row.split) for text, row in passages.items())


def _manual() -> Iterator[Row]:
    """Parapet's own manual, paragraph by paragraph: commands, settings and code that are no attack."""
    for page in sorted((Path(__file__).parents[1] / "docs").rglob("*.md")):
        for part in page.read_text(encoding="utf-8").split("\n\n"):
            if len(part) > 60:
                yield Row(part, 0, "own_manual")


def _kind(row: Row) -> str:
    return "bipia_table" if row.text.count("|") > 20 else "bipia_code" if "import " in row.text else "bipia_text"


def _claims(folder: Path) -> Iterator[Row]:
    # the set says 1 for supported; a head says 1 for risk
    yield from (replace(row, label=1 - row.label) for row in _read(folder / "groundedness.jsonl"))


# --- heads over texts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of all rows: what the head sees of them."""

    texts: list[str]
    owner: Array  # index of the row
    labels: Array
    vectors: Array
    counts: list[Counter[str]]


def train_text(rows: Sequence[Row], kit: Kit, name: str) -> dict[str, Any]:
    """A head over texts: embeddings, words, and how they are joined, calibrated on held-out folds."""
    rows = [row for row in rows if row.source not in UNLICENSED]
    seen = _windows(rows, kit)
    folds = np.array([row.fold for row in rows])[seen.owner]
    held = np.zeros((len(seen.texts), 2))
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        sys.stderr.write(f"fold {fold + 1} of {FOLDS}\n")
        head_part = _fit_views(rows, seen, inside)
        held[outside] = _logits(head_part, seen, outside)
    owners = [rows[i].source for i in seen.owner]
    weights = balanced(seen.labels, owners)
    joint, joint_bias = fit(held, seen.labels, weights, ridge=1e-4)
    alone, alone_bias = fit(held[:, 1:], seen.labels, weights, ridge=1e-4)
    whole = _fit_views(rows, seen, np.ones(len(seen.texts), bool))
    benign = [i for i, row in enumerate(rows) if not row.label]
    for scores, shift in ((held @ joint + joint_bias, "joint"), (held[:, 1:] @ alone + alone_bias, "alone")):
        worst = np.full(len(rows), -30.0)
        np.maximum.at(worst, seen.owner, scores)
        cut = macro_threshold(worst[benign], [rows[i].source for i in benign], FALSE_ALARMS[name])
        whole[shift] = [*map(float, joint if shift == "joint" else alone)]
        whole[shift].append((joint_bias if shift == "joint" else alone_bias) - cut)
    embedder = kit.embedder.name if kit.embedder else ""
    return {"embedder": embedder, **whole}


def _windows(rows: Sequence[Row], kit: Kit) -> Windows:
    texts, owner, labels = [], [], []
    for index, row in enumerate(rows):
        plain = normalise.fold(row.text)
        for a, b in windows(plain.text):
            begin, end = plain.span(a, b)
            label = row.label
            if row.span is not None:  # only windows that hold a good part of the planted words are attacks
                shared = min(end, row.span[1]) - max(begin, row.span[0])
                label = int(shared >= 0.5 * min(end - begin, row.span[1] - row.span[0]))
            texts.append(plain.text[a:b])
            owner.append(index)
            labels.append(label)
    sys.stderr.write(f"{len(texts)} windows of {len(rows)} texts\n")
    vectors = np.concatenate([kit.embed(texts[i : i + 256]) for i in range(0, len(texts), 256)])
    return Windows(texts, np.array(owner), np.array(labels), vectors, [head.terms(text) for text in texts])


def _fit_views(rows: Sequence[Row], seen: Windows, inside: Array) -> dict[str, Any]:
    """Both views from the windows inside; long attacks then keep only the windows that look like one."""
    kept = inside.copy()
    for again in (False, True):
        labels, sources = seen.labels[kept], [rows[i].source for i in seen.owner[kept]]
        weights = balanced(labels, sources)
        vector, vector_bias = fit(seen.vectors[kept], labels, weights, ridge=2e-4)
        if not again:
            scores = seen.vectors @ vector
            kept = inside & ~_faint(rows, seen, scores)
    vocabulary = _vocabulary([c for c, k in zip(seen.counts, kept, strict=True) if k])
    dense = _dense([c for c, k in zip(seen.counts, kept, strict=True) if k], vocabulary)
    words, words_bias = fit(dense, labels, weights, ridge=1e-4)
    table = [(term, idf, float(words[place])) for term, (place, idf) in vocabulary.items()]
    return {"vector": vector.tolist(), "vector_bias": vector_bias, "words": table, "words_bias": words_bias}


def _faint(rows: Sequence[Row], seen: Windows, scores: Array) -> Array:
    """The windows of attacks of three windows and more that look less like one than the attack's median window."""
    faint = np.zeros(len(scores), bool)
    for index, row in enumerate(rows):
        if not row.label or row.span is not None:
            continue
        mine = np.flatnonzero(seen.owner == index)
        if len(mine) > 2:
            faint[mine] = scores[mine] < np.median(scores[mine])
    return faint


def _vocabulary(counts: Sequence[Counter[str]]) -> dict[str, tuple[int, float]]:
    held = Counter(term for count in counts for term in count)
    common = [(term, n) for term, n in held.most_common(VOCABULARY) if n >= 3]
    return {term: (i, math.log((1 + len(counts)) / (1 + n)) + 1) for i, (term, n) in enumerate(common)}


def _dense(counts: Sequence[Counter[str]], vocabulary: Mapping[str, tuple[int, float]]) -> Array:
    rows = np.zeros((len(counts), len(vocabulary)), np.float32)
    for row, count in zip(rows, counts, strict=True):
        for term, n in count.items():
            if term in vocabulary:
                place, idf = vocabulary[term]
                row[place] = (1 + math.log(n)) * idf
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms == 0, 1, norms)


def _logits(part: Mapping[str, Any], seen: Windows, inside: Array) -> Array:
    vocabulary = {term: (i, idf) for i, (term, idf, _) in enumerate(part["words"])}
    dense = _dense([c for c, k in zip(seen.counts, inside, strict=True) if k], vocabulary)
    said = dense @ np.array([weight for _, _, weight in part["words"]]) + part["words_bias"]
    meant = seen.vectors[inside] @ np.array(part["vector"]) + part["vector_bias"]
    return np.stack([meant, said], axis=1)


# --- heads over features ------------------------------------------------------------------------------------------


def train_features(rows: Sequence[Row], kit: Kit, name: str) -> dict[str, Any]:
    """Heads over the numbers of guards/evidence.py, with and without the embedding, calibrated on held-out folds."""
    measured = [evidence.features(row.text, evidence.gather(row.passages), kit) for row in rows]
    labels = np.array([row.label for row in rows])
    weights = balanced(labels, [row.source for row in rows])
    folds = np.array([row.fold for row in rows])
    heads = {}
    for kind, names in (("full", (*evidence.LEXICAL, "cosine", "cosine_next")), ("lexical", evidence.LEXICAL)):
        design = np.array([[found[feature] for feature in names] for found in measured])
        held = np.zeros(len(rows))
        for fold in range(FOLDS):
            inside = folds != fold
            part, bias = fit(design[inside], labels[inside], weights[inside], ridge=1e-4, steps=3000)
            held[~inside] = design[~inside] @ part + bias
        part, bias = fit(design, labels, weights, ridge=1e-4, steps=3000)
        supported = labels == 0
        sources = [row.source for row in rows if not row.label]
        cut = macro_threshold(held[supported], sources, FALSE_ALARMS[name])
        heads[kind] = {"weights": dict(zip(names, map(float, part), strict=True)), "bias": bias - cut}
    return {"embedder": kit.embedder.name if kit.embedder else "", "heads": heads}


# --- figures ------------------------------------------------------------------------------------------------------


def report(name: str, rows: Sequence[Row], kit: Kit) -> list[str]:
    """How the whole guard, wordings and head, does on the dev split: a line a source."""
    head.text_head.cache_clear()
    head.feature_heads.cache_clear()
    dev = [row for row in rows if row.split == "dev"]
    lines = []
    for with_embedder in (True, False):
        guard = _GUARDS[name](Kit(kit.embedder if with_embedder else None))
        scores = np.array([_score(guard, name, row) for row in dev])
        labels = np.array([row.label for row in dev])
        lines.append(f"{name}, {'with' if with_embedder else 'without'} the embedder: fires at 0.5 on (dev split)")
        for label, what in ((1, "fires on risky"), (0, "false alarms")):
            for source in sorted({row.source for row in dev if row.label == label}):
                mine = np.array([row.source == source and row.label == label for row in dev])
                hits = int((scores[mine] >= 0.5).sum())
                lines.append(f"  {what:15} {source:22} {hits:4} of {int(mine.sum()):4}  {hits / mine.sum():.3f}")
        lines.append(f"  AUROC over all: {auroc(scores, labels):.3f}")
        if name == "groundedness":
            for source in sorted({row.source for row in dev}):
                mine = np.array([row.source == source for row in dev])
                lines.append(f"  AUROC {source:22} {auroc(scores[mine], labels[mine]):.3f}")
    return lines


def _score(guard: Guard, name: str, row: Row) -> float:
    stages = {"injection": Stage.INPUT, "document_injection": Stage.CONTEXT, "groundedness": Stage.OUTPUT}
    score = guard.judge(Subject(row.text, stages[name], passages=row.passages)).score
    return 1.0 if score is None else score


def _card(name: str, rows: Sequence[Row], figures: list[str]) -> dict[str, Any]:
    trained = Counter(row.source for row in rows if row.split == "train" and row.source not in UNLICENSED)
    return {
        "name": name,
        "date": date.today().isoformat(),
        "made_by": f"python -m eval.train_guard {name} --data FOLDER",
        "data": {source: {"rows": n, "licence": _licence(source)} for source, n in sorted(trained.items())},
        "calibration": f"0.5: {FALSE_ALARMS[name]:.0%} of harmless rows fire (mean over sources, held-out folds)",
        "limits": _LIMITS[name],
        "figures": figures,
    }


def _licence(source: str) -> str:
    return next((licence for begin, licence in _LICENCES.items() if source.startswith(begin)), "unknown")


def _written(data: Mapping[str, Any]) -> str:
    """JSON with numbers of five digits: smaller, and the same on every machine."""

    def short(value: Any) -> Any:
        if isinstance(value, float):
            return float(f"{value:.5g}")
        if isinstance(value, dict):
            return {key: short(item) for key, item in value.items()}
        return [short(item) for item in value] if isinstance(value, list | tuple) else value

    rounded = short(data)
    card = json.dumps(rounded.pop("card"), indent=1, ensure_ascii=False)
    rest = "".join(f',\n"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in rounded.items())
    return f'{{"card": {card}{rest}}}\n'


_ROWS = {"injection": _asked, "document_injection": _planted, "groundedness": _claims}
_TRAIN = {"injection": train_text, "document_injection": train_text, "groundedness": train_features}
_GUARDS = {
    "injection": lambda kit: injection.build({}, kit),
    "document_injection": lambda kit: document_injection.build({}, kit),
    "groundedness": lambda kit: groundedness.build({}, kit),
}
_LICENCES = {  # by how the source begins
    "deepset": "Apache-2.0",
    "gptfuzzer": "MIT",
    "banking77": "CC BY 4.0",
    "self_instruct": "Apache-2.0",
    "awesome": "CC0-1.0",
    "user_oriented": "Apache-2.0",
    "mitre": "MIT",
    "bipia": "MIT",
    "own": "Apache-2.0 (written for Parapet)",
    "passages_begin": "CC BY-SA",
    "begin": "CC BY-SA",
    "passages_wice": "ODC-BY",
    "wice": "ODC-BY",
}
_LIMITS = {
    "injection": "English, some German. Explicit overrides, requests for hidden instructions and role play; harmful "
    "requests in disguise and attacks fitted to this head get through.",
    "document_injection": "English. Instructions that look like ordinary text of the document get through.",
    "groundedness": "English. Finds what leaves the passages; a false one of the passages' own words gets through.",
}

if __name__ == "__main__":
    main()
