"""What was asked and hoped: cases as JSONL, one object a line.

`{"id", "question", "answerable"?, "answers"?: [str], "gold"?: [{"source", "start", "end", "text"}]}`; offsets count
characters of the document's extracted text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Gold:
    """Words of a document that answer a question."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is hoped of its answer."""

    id: str
    question: str
    answerable: bool = True
    answers: tuple[str, ...] = ()  # wordings of the answer, any of which will do
    gold: tuple[Gold, ...] = ()  # places, any of which will do


@dataclass(frozen=True, slots=True)
class Score:
    """What a metric says of one answer; `value` None means unscored, which is not zero."""

    value: float | None
    reason: str = ""


def read_cases(path: Path, prefix: str = "") -> list[Case]:
    """The cases of a file; `prefix` goes before each gold source (the folder within what was ingested)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the set can't be read: {error}") from error
    cases = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line), prefix))
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise UsageError(f"{path}:{number}: not a case: {error!r}") from error
    return cases


def _case(data: Mapping[str, Any], prefix: str) -> Case:
    return Case(
        id=data["id"],
        question=data["question"],
        answerable=data.get("answerable", True),
        answers=tuple(data.get("answers", ())),
        gold=tuple(Gold(prefix + item["source"], item["start"], item["end"]) for item in data.get("gold", ())),
    )
