"""A run: one set asked of one library, kept as a file so that a later run can be compared with it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from core.errors import UsageError
from core.settings import Settings
from eval.bootstrap import Interval, interval
from eval.cases import Score
from eval.measures import Combine, Kind, combine_named

FORM = 1  # of the file; raised when an older program could not read it
PACKAGES = ("parapet", "chromadb", "tantivy", "onnxruntime", "ir-measures")
# what neither finds nor writes anything: places, addresses, secrets, and limits of ingestion
_BESIDE = ("home", "host", "port", "database_url", "chroma_url", "openai_api_key", "local_api_key", "script", "guards")
Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case."""

    id: str
    question: str
    answerable: bool
    scores: Mapping[str, Score]  # by figure
    ms: float  # milliseconds of the search, or of the whole turn
    outcome: str = ""  # how the turn ended; empty where nothing was answered


@dataclass(frozen=True, slots=True)
class Run:
    """One set, asked once, with what it was asked of."""

    kind: Kind
    set: str  # file name of the set
    set_sha256: str
    made_at: str  # ISO 8601
    asked: Mapping[str, Fact]  # how: k, sample, seed, collections
    library: Mapping[str, Fact]  # what it was asked of: documents, chunks, embedder
    settings: Mapping[str, Fact]
    versions: Mapping[str, str]
    cases: tuple[CaseResult, ...]
    notes: tuple[str, ...] = ()  # what was left out, and why
    form: int = FORM


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over all cases of a run."""

    name: str
    value: float | None  # None: no case could be scored
    interval: Interval | None  # 95 %, by bootstrap; None: too few cases
    scored: int
    unscored: int
    reason: str = ""  # why most of the unscored ones are


def figures(run: Run) -> list[Figure]:
    """Every figure of a run, with its interval; unscored cases are counted apart and are no part of it."""
    names = dict.fromkeys(name for case in run.cases for name in case.scores)
    return [figure(run.kind, name, run.cases) for name in names]


def figure(kind: Kind, name: str, cases: Sequence[CaseResult]) -> Figure:
    """One figure of these cases."""
    scores = [case.scores[name] for case in cases if name in case.scores]
    reasons = Counter(score.reason for score in scores if score.value is None)
    values = np.array([score.value for score in scores if score.value is not None])
    labels = np.array(
        [case.answerable for case in cases if name in case.scores and case.scores[name].value is not None]
    )
    unscored = len(scores) - len(values)
    reason = reasons.most_common(1)[0][0] if reasons else ""
    combine: Combine = combine_named(kind, name)
    value = combine(values, labels) if len(values) else float("nan")
    if np.isnan(value):
        why = reason or "the cases are all answerable, or none is"
        return Figure(name, None, None, 0, len(scores), why)
    return Figure(name, value, interval(combine, values, labels), len(values), unscored, reason)


def milliseconds(run: Run) -> tuple[float, float]:
    """Median and 95th percentile of the cases' milliseconds."""
    found = np.quantile([case.ms for case in run.cases], [0.5, 0.95])
    return float(found[0]), float(found[1])


def settings_of(settings: Settings) -> dict[str, Fact]:
    """The settings that a run depends on: no secret, no place on the machine; the guards' policy as a hash."""
    values = settings.model_dump(mode="json", exclude=set(_BESIDE))
    policy = hashlib.sha256(json.dumps(settings.guards, sort_keys=True, default=str).encode()).hexdigest()[:12]
    kept = {name: value for name, value in values.items() if isinstance(value, Fact)}
    return kept | {"guards": policy if settings.guards else "default"}


def versions() -> dict[str, str]:
    """Of Python, and of the packages that decide what is found."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def write_run(run: Run, path: Path) -> None:
    """Keep a run as one JSON document; UsageError when the file can't be written."""
    try:
        path.write_bytes(TypeAdapter(Run).dump_json(run, indent=1) + b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror or error}") from error


def read_run(path: Path) -> Run:
    """The run that `write_run` kept; UsageError when the file holds none."""
    try:
        run = TypeAdapter(Run).validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise UsageError(f"{path} is no run that `parapet eval … --out FILE` wrote: {where}: {first['msg']}") from error
    if run.form != FORM:
        raise UsageError(f"{path} is a run of form {run.form}; this program reads form {FORM}: make the run again")
    return run
