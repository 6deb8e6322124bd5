"""Comparing runs: what counts as a change, and what must be said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import UsageError
from core.settings import Settings
from eval.cases import Case, Score
from eval.compare import BETTER, FEW, SAME, WORSE, check_comparable, compare
from eval.runs import CaseResult, Run, figures, milliseconds, read_run, settings_of, write_run


def run_of(values: Sequence[float | None], name: str = "recall@5", answerable: Sequence[bool] | None = None) -> Run:
    """A run of one figure with these values."""
    labels = answerable or [True] * len(values)
    cases = tuple(
        CaseResult(str(at), f"Question {at}?", label, {name: Score(value, "because")}, ms=float(at))
        for at, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    return Run(
        kind="retrieval",
        set="set.jsonl",
        set_sha256="0",
        made_at="2026-01-01T00:00:00Z",
        asked={"k": 20},
        library={"documents": 1},
        settings={"passages": 6},
        versions={"parapet": "1"},
        cases=cases,
    )


HALF = [0.0, 1.0] * 30


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        (HALF, SAME),
        ([1.0, *HALF[1:]], SAME),
        ([1.0] * 20 + HALF[20:], BETTER),
        ([0.0] * 20 + HALF[20:], WORSE),
    ],
)
def test_a_change_counts_beyond_noise(new: list[float], verdict: str) -> None:
    """The same run, one case more of sixty, and ten cases more or fewer."""
    found = compare(run_of(HALF), run_of(new))
    assert [change.verdict for change in found.changes] == [verdict]
    assert found.is_worse is (verdict == WORSE)
    change = found.changes[0]
    assert change.difference == pytest.approx(change.new - change.old)
    assert change.interval is not None
    assert change.interval[0] <= change.difference <= change.interval[1]


def test_cases_are_compared_each_with_itself() -> None:
    """A small gain of every case is no noise, however much the cases differ."""
    old = [at / 100 for at in range(60)]
    assert compare(run_of(old), run_of([value + 0.01 for value in old])).changes[0].verdict == BETTER


def test_a_handful_of_cases_tells_nothing() -> None:
    """Nine cases that all improved are too few."""
    assert compare(run_of([0.0] * 9), run_of([1.0] * 9)).changes[0].verdict == FEW


def test_only_common_cases_are_compared_and_the_rest_is_told() -> None:
    """Another number of cases, another wording of a question, other settings and another set."""
    new = run_of([1.0] * 20)
    reworded = (replace(new.cases[0], question="Something else?"), *new.cases[1:])
    new = replace(new, cases=reworded, set_sha256="1", set="other.jsonl", settings={"passages": 8})
    found = compare(run_of([1.0] * 60), new)
    assert found.cases == found.changes[0].cases == 19
    assert any("The sets differ: set.jsonl then, other.jsonl now." in note for note in found.notes)
    assert any("the old run asked 60, the new one 20" in note for note in found.notes)
    assert any("passages 6 -> 8" in note for note in found.notes)


def test_cases_that_only_one_run_scored_are_told() -> None:
    """What can no longer be scored would otherwise hide: it is counted."""
    found = compare(run_of([1.0] * 20), run_of([None] * 3 + [1.0] * 17))
    assert found.changes[0].cases == 17
    assert "3 cases were scored only in the old run" in found.notes[0]
    assert compare(run_of([None] * 20), run_of([None] * 20)).changes == ()


def test_a_figure_that_is_no_mean_is_compared_as_what_it_is() -> None:
    """AUROC: a gate that has learnt to tell the two kinds apart is better, though its mean probability is the same."""
    labels = [True, False] * 30
    old = run_of([0.5, 0.6, 0.6, 0.5] * 15, "abstention_auroc", labels)
    new = run_of([0.9, 0.2, 0.9, 0.2] * 15, "abstention_auroc", labels)
    change = compare(old, new).changes[0]
    assert (change.old, change.new, change.verdict) == (0.5, 1.0, BETTER)


def test_what_cannot_be_compared_is_refused_before_anything_is_asked() -> None:
    """A run of another kind, and one that asked none of these questions."""
    old = run_of([1.0])
    with pytest.raises(UsageError, match="The old run is of retrieval, the new one of answers"):
        check_comparable(old, "answers", [Case("0", "Question 0?")])
    with pytest.raises(UsageError, match="asked none of these 1 cases"):
        check_comparable(old, "retrieval", [Case("0", "Another?")])
    check_comparable(old, "retrieval", [Case("0", "Question 0?")])


def test_figures_leave_unscored_cases_out() -> None:
    """Their number and the reason stand beside; with nothing scored there is no value."""
    found = figures(run_of([1.0, 0.0, None]))[0]
    assert (found.value, found.scored, found.unscored, found.reason) == (0.5, 2, 1, "because")
    nothing = figures(run_of([None, None]))[0]
    assert (nothing.value, nothing.interval, nothing.scored, nothing.unscored) == (None, None, 0, 2)
    alike = figures(run_of([0.5, 0.6], "abstention_auroc"))[0]
    assert (alike.value, alike.unscored) == (None, 2)
    assert milliseconds(run_of([1.0] * 101)) == (50.0, 95.0)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every field comes back; figures are the same."""
    run = run_of([1.0, None, 0.25])
    write_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    """A missing file, other JSON, a later form and a folder that can't be written to are told with the file."""
    (tmp_path / "other.json").write_text('{"kind": "retrieval"}', encoding="utf-8")
    write_run(replace(run_of([1.0]), form=99), tmp_path / "later.json")
    for name, fault in (("nowhere", "can't be read"), ("other.json", "is no run"), ("later.json", "form 99")):
        with pytest.raises(UsageError, match=fault):
            read_run(tmp_path / name)
    with pytest.raises(UsageError, match="can't be written"):
        write_run(run_of([1.0]), tmp_path / "nowhere" / "run.json")


def test_a_run_keeps_no_secret_and_no_place() -> None:
    """Of the settings only what decides what is found and written."""
    kept = settings_of(Settings(home=Path("/somewhere"), openai_api_key="sk-secret"))  # type: ignore[arg-type]
    assert {"model", "passages", "evidence_threshold"} <= kept.keys()
    assert not any("somewhere" in str(value) or "secret" in str(value) for value in kept.values())
