"""The comparison with other systems: what a side is given, what it gives back, and how it is judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import UsageError
from eval.bench_peers import drawn, installed, judged, run_side, told
from eval.cases import Case, Gold
from eval.peers.job import Job, Result, read_result
from eval.peers.txtai_hybrid import _places

TEXT = "Staff get 25 days of paid holiday a year.\n\nTea is served at four.\n"


def result(*hits: tuple[tuple[str, int, int], ...]) -> Result:
    """What a side gave for so many questions."""
    return Result("x 1", 2, hits, (3.0,) * len(hits), 100.0, 5.0)


def case(start: int, end: int) -> Case:
    """A question whose answer stands there."""
    return Case("1", "?", gold=(Gold("a.txt", start, end),))


def test_parapet_does_the_job_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The shipped side ingests a folder, finds the passage, and its offsets are those of the file."""
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text("Invoices are paid by Friday.\n")
    job = Job(str(tmp_path), "", ("When is tea served?", "When are invoices paid?"), 10)
    found = run_side("parapet", Path(sys.executable), job)
    assert [hits[0][0] for hits in found.hits] == ["a.txt", "b.txt"]
    source, start, end = found.hits[0][0]
    assert "Tea is served at four." in job.texts()[source][start:end]
    assert found.chunks == 2
    assert found.peak_mb > 10


def test_a_side_that_fails_says_why(tmp_path: Path) -> None:
    """The end of what it said on standard error is in the message; a path that is no Python is told as well."""
    with pytest.raises(UsageError, match="No module named"):
        run_side("absent", Path(sys.executable), Job(str(tmp_path), "", (), 1))
    with pytest.raises(UsageError, match="no Python that runs"):
        installed(tmp_path / "python")


def test_a_hit_counts_when_it_covers_the_gold_span_whole() -> None:
    """Half of a span is no hit; the second hit counts among five and not as the first."""
    texts = {"a.txt": TEXT}
    found = result((("a.txt", 0, 20), ("a.txt", 0, 40)), (("a.txt", 0, 41),), ())
    row = judged("side", found, [case(10, 30), case(10, 30), case(10, 30)], texts)
    assert row.first.tolist() == [False, True, False]
    assert row.among_five.tolist() == [True, True, False]


def test_tokens_are_those_of_the_first_five_hits() -> None:
    """A sixth hit costs nothing."""
    hit = ("a.txt", 43, 65)
    five = judged("side", result((hit,) * 5), [case(0, 1)], {"a.txt": TEXT})
    six = judged("side", result((hit,) * 6), [case(0, 1)], {"a.txt": TEXT})
    one = judged("side", result((hit,)), [case(0, 1)], {"a.txt": TEXT})
    assert five.tokens == six.tokens == 5 * one.tokens


def test_the_lead_is_ours_minus_theirs() -> None:
    """Differences carry their sign and a paired interval: where both sides are right, nothing differs."""
    cases, texts = [case(10, 30)] * 4, {"a.txt": TEXT}
    good, bad = (("a.txt", 0, 41),), (("a.txt", 43, 65),)
    ours = judged("parapet", result(good, good, good, bad), cases, texts)
    theirs = judged("other", result(good, bad, bad, bad), cases, texts)
    assert "lead: recall@1 +0.500 [+0.000, +1.000]" in told(theirs, ours)
    assert "recall@1 0.750 [0.250, 1.000]" in told(ours, ours)
    assert "lead" not in told(ours, ours)


def test_questions_are_drawn_by_seed(tmp_path: Path) -> None:
    """The same seed draws the same questions, none of them unanswerable; 0 takes them all."""
    gold = [{"source": "a.txt", "start": 0, "end": 1, "text": "S"}]
    lines = [{"id": str(i), "question": f"{i}?", "answerable": i % 2 == 0, "gold": gold} for i in range(20)]
    (tmp_path / "squad.questions.jsonl").write_text("\n".join(map(json.dumps, lines)))
    once = drawn(tmp_path, 5, 1)
    assert once == drawn(tmp_path, 5, 1)
    assert once != drawn(tmp_path, 5, 2)
    assert {int(one.id) % 2 for one in once} == {0}
    assert len(drawn(tmp_path, 0, 1)) == 10


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """JSON between the processes loses nothing."""
    from dataclasses import asdict

    given = result((("a.txt", 0, 1),), ())
    (tmp_path / "result.json").write_text(json.dumps(asdict(given)))
    assert read_result(tmp_path / "result.json") == given


def test_paragraphs_are_found_where_they_stand() -> None:
    """Paragraphs that were trimmed and whose spaces were joined are placed in the text that they came from."""
    text = "  One  two.\n\n\nOne two.  \n\nThree"
    places = _places(text, ["One two.", "One two.", "Three"])
    assert [text[start:end] for start, end in places] == ["One  two.", "One two.", "Three"]
    assert np.all(np.diff([start for start, _ in places]) > 0)
    with pytest.raises(ValueError, match="not in its document"):
        _places(text, ["Four"])
