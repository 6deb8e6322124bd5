"""How passages were found, as people read it: the facts, what became of each candidate, and both ways to print it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain import (
    Answer,
    Candidate,
    Chunk,
    Citation,
    Filters,
    Outcome,
    Passage,
    Sentence,
    Support,
    Trace,
)
from tests.ui.conftest import Ran
from ui.command.trace import say_trace
from ui.trace import facts, ordinal, rest, rows, rows_of

Run = Callable[..., Ran]


def candidate(title: str, *, rank: int | None = None, dropped: str = "", page: int | None = None) -> Candidate:
    """A candidate that was found both ways."""
    return Candidate(
        "default", f"{title.lower()}.md", title, page, 0, 9, 0.91, 0.713, 2, 0.8, 12.41, 11, rank=rank, dropped=dropped
    )


TRACE = Trace(
    sought="How long is parental leave in Lisbon?",
    rewritten="rule",
    filters=Filters(collections=("hr",), after=datetime(2026, 1, 31, tzinfo=UTC)),
    chunks=2657,
    candidates=(
        candidate("Leave", rank=1, page=3),
        candidate("Handbook", rank=2),
        candidate("Copy", dropped="the same words as Leave"),
        candidate("Planted", rank=3),
        candidate("Far"),
    ),
    more=40,
    evidence=0.931,
    threshold=0.4,
)


def answer(*cited: int) -> Answer:
    """An answer from the first two passages, which cites these."""
    passages = tuple(Passage(Chunk("x.md", "X", "words", 0, 5), 0.9, rank=rank) for rank in (1, 2))
    citations = tuple(Citation(rank, "x.md", "X", None, "words", 0, 5) for rank in cited)
    sentence = Sentence("Words.", citations=citations, state=Support.SUPPORTED)
    return Answer(
        "t", "q", Outcome.ANSWERED, "Words.", sentences=(sentence,), passages=passages, model="m", trace=TRACE
    )


def test_facts_tell_what_was_searched_and_whether_it_was_enough() -> None:
    """The question as searched, by whom it was put anew, the filters, how much was searched, and the evidence."""
    assert facts(TRACE) == [
        ("Searched for", "How long is parental leave in Lisbon?"),
        ("Put anew", "By rule, so that it stands without the questions before it"),
        ("Only in", "collection hr; written or changed since 31 Jan 2026, 00:00 UTC"),
        ("Searched", "2,657 passages"),
        ("Evidence", "93% probable that the passages hold the answer; 40% is needed: enough"),
    ]
    plain = Trace("q", rewritten="openai:gpt", chunks=1, evidence=0.039, threshold=0.4)
    assert dict(facts(plain)) == {
        "Searched for": "q",
        "Put anew": "By openai:gpt, so that it stands without the questions before it",
        "Searched": "1 passage",
        "Evidence": "4% probable that the passages hold the answer; 40% is needed: too little",
    }


def test_an_evidence_that_rounds_to_the_threshold_is_still_told_apart() -> None:
    """Just under the threshold is not shown as the threshold itself."""
    told = dict(facts(Trace("q", evidence=0.3996, threshold=0.4)))["Evidence"]
    assert told.startswith("39.96% probable")
    assert told.endswith("40% is needed: too little")


def test_no_probability_is_told_as_certain() -> None:
    """What rounds to nothing or to everything is told as less or more."""
    assert dict(facts(Trace("q", evidence=0.0004)))["Evidence"].startswith("less than 1% probable")
    assert dict(facts(Trace("q", evidence=0.9999)))["Evidence"].startswith("more than 99% probable")


def test_rows_of_an_answer_say_what_became_of_each() -> None:
    """Cited by the number that the answer shows, read but not cited, kept out by a guard, or why it was dropped."""
    found = rows_of(answer(2))
    assert [(row.mark, row.fate, row.kept) for row in found] == [
        ("", "read, not cited", True),
        ("[1]", "cited", True),
        ("", "the same words as Leave", False),
        ("", "kept out by a guard", True),
        ("", "not among the best", False),
    ]
    assert [row.mark for row in rows_of(answer(2), by_rank=True)][1] == "[2]"
    assert rows_of(replace(answer(), trace=None)) == []
    declined = rows_of(replace(answer(), sentences=(), outcome=Outcome.ABSTAINED, model=""))
    assert declined[0].fate == "weighed, not enough"


def test_rows_carry_place_page_and_both_ways() -> None:
    """Document and page, place and score by words and by meaning, nearest sentence, both together."""
    first = rows(TRACE)[0]
    assert (first.document, first.source, first.mark) == ("Leave, page 3", "leave.md, page 3", "[1]")
    assert (first.words, first.meaning, first.sentence, first.score) == ("11th (12.4)", "2nd (0.71)", "0.80", "0.91")
    assert first.found_by == "by meaning 2nd (0.71), by words 11th (12.4)"
    only_words = replace(TRACE.candidates[0], vector=None, vector_rank=None, sentence=None)
    (row,) = rows(replace(TRACE, candidates=(only_words,)))
    assert (row.meaning, row.sentence, row.found_by) == ("", "", "by words 11th (12.4)")
    assert rest(TRACE) == "40 more were considered and stood further down."
    assert rest(replace(TRACE, more=0)) == ""


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_places_read_as_words(number: int, said: str) -> None:
    """Places are ordinals."""
    assert ordinal(number) == said


def test_a_pipe_gets_plain_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal: aligned columns, no lines drawn, and nothing of a document moves the cursor."""
    nasty = replace(TRACE, candidates=(candidate("Le\x1b[2Jave\n\n[red]x", rank=1), *TRACE.candidates[1:]))
    say_trace(nasty, rows(nasty))
    out = capsys.readouterr().out
    assert "\x1b" not in out
    lines = out.splitlines()
    header = next(line for line in lines if "by words" in line)
    table = lines[lines.index(header) + 1 :]
    at = header.index("document")
    assert table[0][at:].startswith("Le[2Jave [red]x (")
    assert [line[at - 1] for line in table[:5]] == [" "] * 5
    assert "[2]" in table[1]
    assert table[2].endswith("Copy (copy.md): the same words as Leave")
    assert table[5] == "  40 more were considered and stood further down."


def test_nothing_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A search that found nothing still tells what it looked for."""
    say_trace(Trace("zebra", chunks=4), [])
    out = capsys.readouterr().out
    assert "Searched for  zebra" in out
    assert "Nothing was found." in out


def test_search_with_a_trace_in_a_pipe(run: Run) -> None:
    """`--trace` tells how the hits were found, after them; as JSON it is a field beside them."""
    done = run("search", "doctor's note", "-k", "2", "--trace")
    assert done.code == 0
    hits, trace = done.out.split("How the passages were found")
    assert "leave.md" in hits
    assert "Searched for  doctor's note" in trace
    assert "[1]" in trace
    found = run("search", "doctor's note", "-k", "2", "--trace", "--json").json
    assert found["trace"]["sought"] == "doctor's note"
    assert {c["rank"] for c in found["trace"]["candidates"]} >= {1, 2}
    assert "trace" not in run("search", "doctor's note", "--json").json


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_terminal_gets_a_table_that_fits(home: Path, columns: int) -> None:
    """In a terminal of any width no line is longer than that, and there is no colour."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ui.command.main", "search", "paid holiday", "--trace"]
    environment = {**os.environ, "PARAPET_HOME": str(home), "COLUMNS": str(columns), "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        text = _all_of(ours)
    assert process.returncode == 0
    table = text.split("How the passages were found")[1]
    assert "\x1b" not in table
    assert len(table.splitlines()) < 20  # nothing is squeezed into a pillar
    assert max(len(line) for line in table.splitlines()) <= columns
    assert "Leave" in table


def _all_of(terminal: int) -> str:
    """What a program writes to a terminal until it ends."""
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of a terminal so
            piece = b""
        if not piece:
            os.close(terminal)
            return b"".join(pieces).decode()
        pieces.append(piece)
