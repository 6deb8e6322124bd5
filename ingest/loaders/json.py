"""JSON and JSON Lines: a section a record, a line a field. An operator may choose the fields that make the text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats.decoding import decode
from ingest.formats.manuscript import Manuscript
from ingest.source import SourceFile

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})
DOC = "JSON and JSON Lines: a record at a time, its fields with their names; an operator may choose the fields"
_NAMES = ("title", "name", "headline", "subject", "question", "id")  # fields that a record may be called by
_DEEPEST = 60  # values within values; what people and programs write stays below 20
_MOST_NUMBERS = 16  # in a list of nothing else; longer ones are vectors or pixels, not for reading
_LONGEST_NAME = 200
_RECORDS_BETWEEN_SIGNS = 1_000
_CASES = (
    "it is a set of evaluation questions, which would answer themselves; to ingest it all the same, choose its fields "
    "with PARAPET_JSON_FIELDS"
)


def load(file: SourceFile) -> Document:
    """Records are the items of a list, or the lines; anything else is written as one."""
    text = decode(file.content)
    values = _values(file, text)
    if not file.options.json_fields and all(map(_is_case, values)):
        raise RefusedDocument("evaluation_set", _CASES)
    written = Manuscript()
    for number, value in enumerate(values, 1):
        if number % _RECORDS_BETWEEN_SIGNS == 0:
            file.alive()
        block = _written(value, file.options.json_fields).strip()
        name = _name(value) if len(values) > 1 else ""
        if len(values) > 1 and block:
            written.place(1, name or f"Record {number}")
        written.block(block)
    title = _name(values[0]) if len(values) == 1 else ""
    if not written.text:
        raise RefusedDocument("no_text", _nothing(file.options.json_fields))
    return Document(file.source, title or file.stem, written.text, written.sections())


def _is_case(value: object) -> bool:
    """Whether a record is a question that Parapet is measured with."""
    return isinstance(value, dict) and {"id", "question", "answerable"} <= value.keys()


def _nothing(fields: Sequence[str]) -> str:
    return f"none of its records has text in {', '.join(fields)}" if fields else "it holds no text"


# --- parsing ----------------------------------------------------------------------------------------------------


def _values(file: SourceFile, text: str) -> list[object]:
    if file.suffix in {".jsonl", ".ndjson"}:
        return list(_lines(text))
    try:
        value = _parsed(text)
    except ValueError as error:
        if _begins_with_a_record(text):  # JSON Lines by the name of JSON
            return list(_lines(text))
        raise RefusedDocument("corrupt", f"it is not JSON: {error}") from error
    return value if isinstance(value, list) and value and all(isinstance(item, dict) for item in value) else [value]


def _lines(text: str) -> Iterator[object]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _parsed(line)
            except ValueError as error:
                raise RefusedDocument("corrupt", f"line {number} is not JSON: {error}") from error


def _begins_with_a_record(text: str) -> bool:
    first, _, rest = text.strip().partition("\n")
    if not (first.startswith("{") and rest):
        return False
    try:
        return isinstance(_parsed(first), dict)
    except ValueError:
        return False


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise RefusedDocument("bomb", "its values are nested too deep: it is not for people") from error


# --- writing ----------------------------------------------------------------------------------------------------


def _name(value: object) -> str:
    """What a record is called: the first of the usual fields that it has."""
    if not isinstance(value, dict):
        return ""
    for field in _NAMES:
        name = value.get(field)
        if isinstance(name, str | int) and not isinstance(name, bool) and str(name).strip():
            return " ".join(str(name).split())[:_LONGEST_NAME]
    return ""


def _written(value: object, fields: Sequence[str]) -> str:
    if not fields:
        return "\n".join(_fields(value, ""))
    found = (part for path in fields for part in _at(value, path.split(".")))
    return "\n".join(line for part in found for line in _fields(part, ""))


def _at(value: object, path: Sequence[str]) -> Iterator[object]:
    """What stands at a path of names; a list on the way is gone through."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        whole = ".".join(path)
        if whole in value:  # a name with a dot in it
            yield value[whole]
        elif path[0] in value:
            yield from _at(value[path[0]], path[1:])


def _fields(value: object, name: str, depth: int = 0) -> Iterator[str]:
    """A line a value: `name: value`, the names of what it stands in before it."""
    if depth > _DEEPEST:
        raise RefusedDocument("bomb", f"its values are nested more than {_DEEPEST} deep: it is not for people")
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, list):
        yield from _items(value, name, depth)
    elif value is not None and str(value).strip():
        plain = str(value).strip() if not isinstance(value, bool) else str(value).lower()
        yield f"{name}: {plain}" if name else plain


def _items(values: list[object], name: str, depth: int) -> Iterator[str]:
    if all(isinstance(value, int | float) for value in values):
        if 0 < len(values) <= _MOST_NUMBERS:
            yield f"{name}: {', '.join(map(str, values))}" if name else ", ".join(map(str, values))
    elif all(isinstance(value, str) and "\n" not in value and len(value) < 80 for value in values):
        yield f"{name}: {', '.join(map(str, values))}" if name else "\n".join(map(str, values))
    else:
        for value in values:
            if isinstance(value, dict):
                yield ""  # a record within: kept apart from the one before
            yield from _fields(value, name, depth + 1)
