"""What searches and questions are narrowed to: options, the lines of a file, and what can't be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import UsageError
from tests.ui.conftest import Ran
from ui.command.filters import moment

Run = Callable[..., Ran]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T09:30", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30+02:00", datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        (" 20260131 ", datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_a_date_is_a_moment(text: str, found: datetime) -> None:
    """A day begins at midnight UTC; a time may carry its zone."""
    assert moment(text) == found


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "", "31.01.2026"])
def test_what_is_no_date_is_told(text: str) -> None:
    """The message shows what was given and how a date is written."""
    with pytest.raises(UsageError, match="is no date: write it as 2026-01-31"):
        moment(text)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--after", "soon"), "'soon' is no date"),
        (("--language", "english"), "'english' is no language: give its code of two letters"),
        (("--collection", "nowhere"), "There is no collection named 'nowhere'; there are default."),
        (("--source", " "), "The source is empty"),
    ],
)
@pytest.mark.parametrize("command", ["search", "ask"])
def test_filters_that_cannot_be_are_told_before_anything_is_searched(
    run: Run, command: str, arguments: tuple[str, str], told: str
) -> None:
    """A wrong date, language or collection is exit 2 and one line that says what can be."""
    done = run(command, "holiday", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_line_may_carry_filters_of_its_own(run: Run, tmp_path: Path) -> None:
    """In a batch each line may narrow its own search; what it can't be is that line's error and no other's."""
    lines: list[dict[str, object]] = [
        {"id": 1, "query": "holiday", "filters": {"collections": ["default"]}},
        {"id": 2, "query": "holiday", "filters": {"collections": ["nowhere"]}},
        {"id": 3, "query": "holiday", "filters": {"since": "2026-01-01"}},
        {"id": 4, "query": "holiday", "filters": {"after": 2026}},
        {"id": 5, "query": "holiday", "filters": {"languages": "en"}},
        {"id": 6, "query": "holiday", "filters": "en"},
        {"id": 7, "query": "holiday", "filters": None},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    done = run("search", "--jsonl", "in.jsonl", "--trace")
    found = done.lines
    assert done.code == 1
    assert found[0]["trace"]["filters"]["collections"] == ["default"]
    assert found[0]["hits"][0]["source"] == "leave.md"
    assert "no collection named 'nowhere'" in found[1]["error"]
    assert "collections, sources, languages, after" in found[2]["error"]
    assert '"after" must be a date' in found[3]["error"]
    assert '"languages" must be a list of texts' in found[4]["error"]
    assert "must be an object" in found[5]["error"]
    assert found[6]["hits"]


def test_an_answer_is_narrowed_too(run: Run, tmp_path: Path) -> None:
    """Questions in a batch take the same filters; a wrong one is that line's error."""
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"id": 1, "question": "x", "filters": {"after": "soon"}})
        + "\n"
        + json.dumps({"id": 2, "question": "How many days of paid holiday do staff get?", "filters": {}})
    )
    first, second = run("ask", "--jsonl", "in.jsonl").lines
    assert "no date" in first["error"]
    assert second["outcome"] == "answered"
