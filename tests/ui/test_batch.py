"""The batch form: one object a line in, one out, whatever a line holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import UsageError
from ui.command import batch


def upper(item: batch.Item) -> dict[str, Any]:
    """What the tests have done to each line."""
    return {"said": batch.text_of(item, "text").upper()}


def work(tmp_path: Path, content: bytes) -> tuple[int, list[dict[str, Any]]]:
    """Faults and results of a file with this content."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(content)
    faults = batch.run(str(source), str(target), upper)
    return faults, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_every_line_has_its_answer_in_order(tmp_path: Path) -> None:
    """Ids of any kind are kept and the order is the order of the lines; empty lines are passed over."""
    faults, lines = work(tmp_path, b'\xef\xbb\xbf{"id":"a","text":"x"}\n\n{"id":7,"text":"\xc3\xa9"}\r\n{"text":"z"}')
    assert faults == 0
    assert lines == [{"id": "a", "said": "X"}, {"id": 7, "said": "É"}, {"id": None, "said": "Z"}]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'"x"', "not a JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id":1}', '"text" must be a text, and is missing'),
        (b'{"id":1,"text":5}', '"text" must be a text, not 5'),
        (b'{"id":1,"text":"\\ud800"}', "surrogate"),
    ],
)
def test_a_bad_line_gives_an_error_in_its_place(tmp_path: Path, line: bytes, told: str) -> None:
    """A malformed line is told and counted, and the lines around it are worked on."""
    faults, lines = work(tmp_path, b'{"id":0,"text":"a"}\n' + line + b'\n{"id":2,"text":"b"}\n')
    assert faults == 1
    assert told in lines[1]["error"]
    assert [lines[0]["said"], lines[2]["said"]] == ["A", "B"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A file that isn't there is a wrong use, named."""
    with pytest.raises(UsageError, match=r"nowhere\.jsonl can't be read: No such file"):
        batch.run(str(tmp_path / "nowhere.jsonl"), None, upper)


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    """Naming the input as the output is refused before a byte is lost."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"id":1,"text":"a"}\n')
    with pytest.raises(UsageError, match="name another file"):
        batch.run(str(source), str(source), upper)
    assert source.read_text() == '{"id":1,"text":"a"}\n'
