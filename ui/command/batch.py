"""The batch form of a command: one JSON object a line in, one out, in order, `id` kept.

A line that can't be worked on gives `{"id", "error"}` in its place and the rest goes on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import ParapetError, UsageError

STANDARD = "-"  # stands for stdin and stdout
Item = Mapping[str, Any]


def run(source: str, target: str | None, work: Callable[[Item], dict[str, Any]]) -> int:
    """Work through the lines of `source` into `target`; the number of lines that gave an error."""
    faults = 0
    with ExitStack() as stack:
        lines = _open(stack, source, "rb", sys.stdin.buffer)
        if target not in {None, STANDARD} and source != STANDARD and _same(source, str(target)):
            raise UsageError(f"--out {target} is the file that --jsonl reads: name another file for the results.")
        out = _open(stack, target or STANDARD, "wb", sys.stdout.buffer)
        for line in _visible(lines):
            result = _result(line, work)
            faults += "error" in result
            out.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")
            out.flush()
    return faults


def text_of(item: Item, name: str) -> str:
    """The field of this name, which must be a text; UsageError when it is not."""
    value = item.get(name)
    if not isinstance(value, str):
        raise UsageError(f'"{name}" must be a text, {"and is missing" if value is None else f"not {value!r:.60}"}')
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f'"{name}" holds half of a surrogate pair at character {error.start}') from error
    return value


def _result(line: bytes, work: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return {"id": None, "error": f"not UTF-8: byte {error.start} of the line"}
    except (json.JSONDecodeError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(item, dict):
        return {"id": None, "error": "not a JSON object"}
    try:
        return {"id": item.get("id")} | work(item)
    except ParapetError as error:
        return {"id": item.get("id"), "error": str(error)}


def _visible(lines: BinaryIO) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        stripped = (line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line).strip()
        if stripped:
            yield stripped


def _open(stack: ExitStack, name: str, mode: str, standard: BinaryIO) -> BinaryIO:
    if name == STANDARD:
        return standard
    try:
        return stack.enter_context(Path(name).open(mode))  # type: ignore[return-value]
    except OSError as error:
        verb = "read" if "r" in mode else "written"
        raise UsageError(f"{name} can't be {verb}: {error.strerror}") from error


def _same(source: str, target: str) -> bool:
    return Path(target).exists() and Path(source).samefile(target)
