"""What was asked and hoped: cases as JSONL, one object a line.

`{"id", "question", "answerable"?, "answers"?: [str], "gold"?: [{"source", "start", "end", "text"?}]}`; offsets count
characters of the document's extracted text. Fields beyond these are passed over. Which documents of a library the
sources mean is decided in `sources.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Gold:
    """Words of a document that answer a question."""

    source: str
    start: int  # first character, of the document's extracted text
    end: int  # one past the last character
    text: str = ""  # what stands there; empty: the set doesn't say
    collection: str = ""  # that holds the document; empty before a library was looked into


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is hoped of its answer."""

    id: str
    question: str
    answerable: bool = True
    answers: tuple[str, ...] = ()  # wordings of the answer, any of which will do
    gold: tuple[Gold, ...] = ()  # places; a passage that holds one of them whole is right


@dataclass(frozen=True, slots=True)
class Score:
    """What a metric says of one case, from 0 to 1; `value` None means unscored, which is not zero."""

    value: float | None
    reason: str = ""


def read_cases(path: Path, prefix: str = "") -> list[Case]:
    """The cases of a file, in order; `prefix` goes before each gold source (the folder within what was ingested).

    UsageError names file and line of the first thing that is wrong, such as an id that stands twice.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the set can't be read: {error}") from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            case = _case(line, prefix, f"{path}:{number}")
            if case.id in cases:
                raise UsageError(f"{path}:{number}: the id {case.id!r} stands twice; give each case its own")
            cases[case.id] = case
    if not cases:
        raise UsageError(f"{path}: the set holds no case; write one object a line, as docs/evaluating.md tells")
    return list(cases.values())


def draw(cases: Sequence[Case], count: int, seed: int) -> list[Case]:
    """`count` cases in their order, drawn by a hash of seed and id: what is added to a set moves few of the others."""
    if not count or count >= len(cases):
        return list(cases)
    chosen = sorted(cases, key=lambda case: hashlib.sha256(f"{seed}:{case.id}".encode()).digest())[:count]
    kept = {case.id for case in chosen}
    return [case for case in cases if case.id in kept]


def _case(line: str, prefix: str, where: str) -> Case:
    try:
        data = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from error
    if not isinstance(data, dict):
        raise UsageError(f"{where}: not a JSON object but a {type(data).__name__}")
    number = data.get("id")
    if isinstance(number, int) and not isinstance(number, bool):
        data["id"] = str(number)
    question = _field(data, "question", str, where)
    if not question.strip():
        raise UsageError(f'{where}: "question" is empty')
    answers = _field(data, "answers", list, where, [])
    if not all(isinstance(answer, str) for answer in answers):
        raise UsageError(f'{where}: "answers" must be a list of texts')
    gold = _field(data, "gold", list, where, [])
    return Case(
        id=_field(data, "id", str, where),
        question=question,
        answerable=_field(data, "answerable", bool, where, True),
        answers=tuple(answers),
        gold=tuple(_gold(item, prefix, where) for item in gold),
    )


def _gold(item: Any, prefix: str, where: str) -> Gold:
    if not isinstance(item, dict):
        raise UsageError(f'{where}: "gold" must be a list of objects with source, start and end')
    start, end = _field(item, "start", int, where), _field(item, "end", int, where)
    text = _field(item, "text", str, where, "")
    if not 0 <= start < end:
        raise UsageError(f"{where}: gold from {start} to {end} is no stretch of a text: 0 <= start < end")
    if text and len(text) != end - start:
        raise UsageError(f"{where}: gold from {start} to {end} is {end - start} characters, its text {len(text)}")
    return Gold(prefix + _field(item, "source", str, where), start, end, text)


_NAMES = {str: "a text", bool: "true or false", int: "a whole number", list: "a list"}


def _field(data: Mapping[str, Any], name: str, kind: type, where: str, default: Any = None) -> Any:
    value = data.get(name)
    if value is None:
        value = default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UsageError(f'{where}: "{name}" {"is missing" if value is None else f"must be {_NAMES[kind]}"}')
    return value
