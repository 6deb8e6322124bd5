"""Labelled texts for guards, read from files of JSON lines: which guard they are for, and what each text is.

`{"text", "label" (1: risky), "source"?, "split"?, "stage"?, "guard"?, "question"?, "passages"?, "spans"?}`; `spans` are
`[start, end, type]` in characters of the text and stand in place of a label. Other fields are passed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import plugins
from core.domain import Span, Stage
from core.errors import UsageError
from guards.policy import default_policy
from guards.rule import CHECKS

OWN = Path(__file__).parent / "sets" / "guards"  # written for Parapet
SPLITS = ("dev", "train", "all")
_KINDS = {str: "a text", list: "a list", int: "a whole number"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a set's file name says of its rows."""

    guard: str
    stage: Stage
    supported: bool = False  # label 1 means supported by the passages, so that 0 is the risk
    slots: bool = False  # texts hold slots such as ⟦hex:40⟧ that stand for values


MEANINGS = {
    "input_injection": Meaning("injection", Stage.INPUT),
    "injection": Meaning("injection", Stage.INPUT),
    "injection_benign": Meaning("injection", Stage.INPUT),
    "context_injection": Meaning("document_injection", Stage.CONTEXT),
    "planted": Meaning("document_injection", Stage.CONTEXT),
    "planted_clean": Meaning("document_injection", Stage.CONTEXT),
    "contradiction": Meaning("contradiction", Stage.OUTPUT),
    "harmful_request": Meaning("harmful", Stage.INPUT),
    "harmful": Meaning("harmful", Stage.INPUT),
    "harmful_safe": Meaning("harmful", Stage.INPUT),
    "hateful": Meaning("harmful", Stage.OUTPUT),
    "hateful_mention": Meaning("harmful", Stage.OUTPUT),
    "groundedness": Meaning("groundedness", Stage.OUTPUT, supported=True),
    "personal_data": Meaning("personal_data", Stage.INPUT),
    "secrets": Meaning("secrets", Stage.INPUT, slots=True),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with what a guard should say of it."""

    id: str  # file name and line
    text: str
    source: str  # where the text comes from; the figures are told by it
    risky: bool  # whether the guard must fire; of a text with spans: whether it has any
    question: str = ""
    passages: tuple[str, ...] = ()
    spans: tuple[Span, ...] | None = None  # what stands where; None: the set has labels instead


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a file."""

    guard: str
    stage: Stage
    labelled: Labelled
    split: str  # empty: it has none
    host: str  # the text without the piece that "span" says was planted, without white space


@dataclass(frozen=True, slots=True)
class GuardSet:
    """The texts for one guard at one stage, of one or several files."""

    guard: str
    stage: Stage
    files: tuple[str, ...]  # names
    texts: tuple[Labelled, ...]
    notes: tuple[str, ...] = ()  # what a reader of the figures must know

    @property
    def has_spans(self) -> bool:
        """Whether pieces of the texts are labelled, not the texts."""
        return self.texts[0].spans is not None


def find_set(named: str, data: Path | None = None) -> Path:
    """The file that PATH or NAME means: a file, NAME.jsonl of the data folder, or one written for Parapet."""
    path = Path(named)
    if path.suffix == ".jsonl" or path.is_file():
        if not path.is_file():
            raise UsageError(f"--set {named}: there is no such file")
        return path
    folders = [folder for folder in (data, OWN) if folder is not None]
    for folder in folders:
        if (folder / f"{named}.jsonl").is_file():
            return folder / f"{named}.jsonl"
    known = sorted({file.stem for folder in folders for file in folder.glob("*.jsonl") if file.stem in MEANINGS})
    hint = "" if data else "; --data FOLDER names a folder with more"
    raise UsageError(f"--set {named}: no such file, and no such set (known: {', '.join(known)}{hint})")


def read_sets(files: Sequence[Path], guard: str | None = None, split: str = "dev") -> list[GuardSet]:
    """The texts of these files, a set for each guard and stage; UsageError names file and line of what is wrong.

    `guard`: which one all of them are for; else each row or the file's name says so. `split`: where rows have one, only
    those of it; "all" takes every row.
    """
    if guard is not None and guard not in plugins.names(CHECKS):
        raise UsageError(f"--guard {guard}: no such guard (known: {', '.join(plugins.names(CHECKS))})")
    sets: dict[tuple[str, Stage], GuardSet] = {}
    for file in files:
        rows = _rows(file, guard)
        kept = _of_split(rows, split, file)
        for name, stage in dict.fromkeys((row.guard, row.stage) for row in kept):
            mine = [row for row in kept if (row.guard, row.stage) == (name, stage)]
            known = sets.get((name, stage), GuardSet(name, stage, (), ()))
            sets[name, stage] = replace(
                known,
                files=(*known.files, file.name),
                texts=known.texts + tuple(row.labelled for row in mine),
                notes=known.notes + _shared(rows, mine, file.name),
            )
    for found in sets.values():
        _check_labels(found)
    return list(sets.values())


def draw(texts: Sequence[Labelled], count: int, seed: int) -> tuple[Labelled, ...]:
    """`count` texts in their order, by a hash of seed and text: the same each time; 0 takes all."""
    if not count or count >= len(texts):
        return tuple(texts)
    by_hash = sorted(
        range(len(texts)),
        key=lambda at: hashlib.sha256(f"{seed}:{texts[at].text}".encode("utf-8", "replace")).digest(),
    )
    return tuple(texts[at] for at in sorted(by_hash[:count]))


def _rows(file: Path, guard: str | None) -> list[_Row]:
    """Every row of a file; UsageError when there is none."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the set can't be read: {error}") from error
    rows = [_row(file, number, line, guard) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise UsageError(f"{file}: the set holds no row; write one object a line, as docs/guard-evaluation.md tells")
    return rows


def _of_split(rows: Sequence[_Row], split: str, file: Path) -> list[_Row]:
    kept = [row for row in rows if split == "all" or row.split in ("", split)]
    if not kept:
        raise UsageError(f"{file}: no row is of the {split} split; --split all takes every row")
    return kept


def _shared(rows: Sequence[_Row], kept: Sequence[_Row], name: str) -> tuple[str, ...]:
    """A note where what is measured also stands in another split, so that a head trained on that has seen it."""
    taken = {row.labelled.id for row in kept}
    others = {row.host for row in rows if row.split and row.labelled.id not in taken}
    seen = [row.labelled.risky for row in kept if row.split and row.host in others]
    if not seen:
        return ()
    return (
        f"{name}: {len(seen):,} of {len(kept):,} texts ({sum(seen):,} risky) also stand in another split, "
        "apart from what was planted in them: a guard trained on that split knows them.",
    )


def _host(data: Mapping[str, Any], text: str, where: str) -> str:
    """The text without the piece between the ends that "span" says, and without white space."""
    span = _field(data, "span", list, where, [])
    if span and ([type(end) for end in span] != [int, int] or not 0 <= span[0] <= span[1] <= len(text)):
        raise UsageError(f'{where}: "span" must be [start, end] within the text, not {span!r}')
    rest = text[: span[0]] + text[span[1] :] if span else text
    return "".join(rest.split())


def _row(file: Path, number: int, line: str, guard: str | None) -> _Row:
    where = f"{file}:{number}"
    try:
        data = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from error
    if not isinstance(data, dict):
        raise UsageError(f"{where}: not a JSON object but a {type(data).__name__}")
    meaning = MEANINGS.get(file.stem)
    name, stage = _place(data, meaning, guard, where)
    labelled = _labelled(data, meaning, file, number, where)
    return _Row(name, stage, labelled, _field(data, "split", str, where, ""), _host(data, labelled.text, where))


def _place(data: Mapping[str, Any], meaning: Meaning | None, guard: str | None, where: str) -> tuple[str, Stage]:
    """Which guard a row is for, and where: by the option, the row, the file's name, and the policy, in this order."""
    name = guard or _field(data, "guard", str, where, meaning.guard if meaning else "")
    if not name:
        raise UsageError(f'{where}: which guard is this for? Give --guard NAME, or a field "guard" in each row')
    if name not in plugins.names(CHECKS):
        raise UsageError(f"{where}: no such guard: {name} (known: {', '.join(plugins.names(CHECKS))})")
    stands = plugins.load(CHECKS, name).STAGES
    if "stage" in data:
        given = _field(data, "stage", str, where)
        if given not in stands:
            raise UsageError(f"{where}: {name} does not stand at {given!r} (it can at: {', '.join(sorted(stands))})")
        return name, Stage(given)
    if meaning is not None and meaning.guard == name and meaning.stage in stands:
        return name, meaning.stage
    in_policy = [rule.stage for rule in default_policy().rules if rule.guard == name]
    return name, next(stage for stage in [*in_policy, *Stage] if stage in stands)


def _labelled(data: Mapping[str, Any], meaning: Meaning | None, file: Path, number: int, where: str) -> Labelled:
    text = _field(data, "text", str, where)
    if meaning is not None and meaning.slots:
        from eval.secrets import filled

        text = filled(text)
    passages = _field(data, "passages", list, where, [])
    if not all(isinstance(passage, str) for passage in passages):
        raise UsageError(f'{where}: "passages" must be a list of texts')
    spans = _spans(data, text, where) if data.get("label") is None else None
    return Labelled(
        id=f"{file.name}:{number}",
        text=text,
        source=_field(data, "source", str, where, "") or _field(data, "family", str, where, "") or file.stem,
        risky=_is_risky(data, meaning, where) if spans is None else bool(spans),
        question=_field(data, "question", str, where, ""),
        passages=tuple(passages),
        spans=spans,
    )


def _is_risky(data: Mapping[str, Any], meaning: Meaning | None, where: str) -> bool:
    label = data["label"]
    if label not in (0, 1):
        raise UsageError(f'{where}: "label" must be 1 (risky) or 0, not {label!r}')
    return bool(label) != (meaning is not None and meaning.supported)


def _spans(data: Mapping[str, Any], text: str, where: str) -> tuple[Span, ...]:
    if "spans" not in data:
        raise UsageError(f'{where}: "label" is missing: 1 when the text is risky, 0 when it is harmless')
    found = []
    for span in _field(data, "spans", list, where):
        whole = isinstance(span, list) and [type(part) for part in span] == [int, int, str]
        if not whole or not 0 <= span[0] < span[1] <= len(text):
            raise UsageError(f'{where}: "spans" must be [start, end, type] within the text, not {span!r}')
        found.append(Span(*span))
    return tuple(found)


def _check_labels(found: GuardSet) -> None:
    """UsageError when figures can't be made of these texts."""
    files = ", ".join(found.files)
    if len({text.spans is None for text in found.texts}) == 2:
        raise UsageError(f"{files}: some rows for {found.guard} have a label and others spans; give all the same")
    if found.has_spans:
        if not any(text.spans for text in found.texts):
            raise UsageError(f"{files}: no row for {found.guard} has a span, so that there is nothing to find")
        return
    kinds = {text.risky for text in found.texts}
    if len(kinds) == 1:
        has, lacks = ("risky", "harmless") if kinds == {True} else ("harmless", "risky")
        raise UsageError(
            f"{files}: all {len(found.texts):,} rows for {found.guard} are {has}; name a second --set with {lacks} ones"
        )


def _field(data: Mapping[str, Any], name: str, kind: type, where: str, default: Any = None) -> Any:
    value = data.get(name)
    if value is None:
        value = default
    if not isinstance(value, kind):
        raise UsageError(f'{where}: "{name}" {"is missing" if value is None else f"must be {_KINDS[kind]}"}')
    return value
