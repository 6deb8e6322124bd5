"""`parapet eval` as its users meet it: figures, JSON, runs that are kept and compared, exit codes, messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import HANDBOOK, Ran

Run = Callable[..., Ran]
QUESTIONS = (
    ("How many days of paid holiday do staff get?", "leave.md", "25 days"),
    ("When does unused holiday lapse?", "leave.md", "end of March"),
    ("From which day of sickness is a doctor's note needed?", "leave.md", "fourth day"),
    ("How long is parental leave?", "leave.md", "sixteen weeks"),
    ("In which class is travel by train paid?", "expenses.md", "second class"),
    ("When must receipts be handed in?", "expenses.md", "within thirty days"),
    ("When does the finance team pay expenses?", "expenses.md", "tenth day of each month"),
    ("When is the front door locked?", "security.txt", "seven in the evening"),
    ("What do visitors sign?", "security.txt", "the book"),
    ("To whom are lost keys reported?", "security.txt", "the caretaker"),
    ("Where do visitors sign the book?", "security.txt", "reception desk"),
    ("What do visitors wear?", "security.txt", "a badge"),
)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Twelve questions about the handbook, and one beyond it."""
    lines: list[dict[str, Any]] = [{"id": "moon", "question": "Who walked on the moon?", "answerable": False}]
    for number, (question, source, words) in enumerate(QUESTIONS):
        start = HANDBOOK[source].index(words)
        gold = {"source": source, "start": start, "end": start + len(words), "text": words}
        lines.append({"id": str(number), "question": question, "answers": [words], "gold": [gold]})
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_retrieval_prints_figures_with_intervals(run: Run, cases: Path, tmp_path: Path) -> None:
    """A table with n and interval, what was unscored and why, milliseconds; the gate's curve where it is wished."""
    done = run("eval", "retrieval", "--set", str(cases), "--plot", "curve.svg")
    assert (done.code, done.err) == (0, "The curve is in curve.svg.\n")
    assert done.out.startswith("cases.jsonl: 12 answerable questions and 1 unanswerable, asked of 3 documents in ")
    assert "1 (the case names no gold words)" in next(line for line in done.out.splitlines() if "recall@5" in line)
    assert "milliseconds a question: median" in done.out
    assert "The evidence gate on cases.jsonl" in (tmp_path / "curve.svg").read_text(encoding="utf-8")


def test_figures_that_a_set_cannot_give_are_named_once(run: Run, tmp_path: Path) -> None:
    """A set without gold and without unanswerable questions scores nothing, and each reason is a line."""
    (tmp_path / "bare.jsonl").write_text('{"id": 1, "question": "How much holiday do I have?"}\n')
    done = run("eval", "retrieval", "--set", "bare.jsonl")
    assert done.code == 0
    assert "unscored (the evidence was not weighed): abstention_auroc\n" in done.out
    assert "unscored (the case names no gold words): gold_share@5, gold_share@1000t, ndcg@10, recall@1," in done.out


def test_answers_as_json(run: Run, cases: Path) -> None:
    """One JSON document with every figure and how the turns ended; the single cases are left to --out."""
    found = run("eval", "answers", "--set", "cases.jsonl", "--sample", "4", "--seed", "3", "--json").json
    assert found["kind"] == "answers"
    assert found["cases"] == sum(found["outcomes"].values()) == 4
    assert {figure["name"] for figure in found["figures"]} >= {"answer_containment@3", "citation_validity", "support"}
    assert found["comparison"] is None
    assert found["settings"]["model"] == "extractive"


def test_a_run_is_compared_with_an_earlier_one(run: Run, cases: Path, tmp_path: Path) -> None:
    """The same again is no change; a run that was better before makes the exit code 1, one that was worse doesn't."""
    assert run("eval", "retrieval", "--set", "cases.jsonl", "--out", "old.json").code == 0
    again = run("eval", "retrieval", "--set", "cases.jsonl", "--compare", "old.json", "--out", "old.json")
    assert again.code == 0
    assert again.out.count("no change beyond noise") >= 8
    kept = json.loads((tmp_path / "old.json").read_text())
    for name, value, code, verdict in (("better.json", 1.0, 1, "worse"), ("worse.json", 0.0, 0, "better")):
        for case in kept["cases"]:
            case["scores"]["token_iou@5"]["value"] = value
        (tmp_path / name).write_text(json.dumps(kept))
        done = run("eval", "retrieval", "--set", "cases.jsonl", "--compare", name, "--json")
        changes = {change["name"]: change["verdict"] for change in done.json["comparison"]["changes"]}
        assert (done.code, changes["token_iou@5"]) == (code, verdict)


def test_wrong_use_is_told_before_anything_is_asked(run: Run, cases: Path, tmp_path: Path) -> None:
    """Exit 2 with one message that says what to do: options, files, lines and runs that don't fit."""
    (tmp_path / "bad.jsonl").write_text('{"id": "1"}\n')
    (tmp_path / "other.jsonl").write_text('{"id": "0", "question": "Another?"}\n')
    assert run("eval", "retrieval", "--set", "other.jsonl", "--out", "other.json").code == 0
    wrong = {
        ("retrieval",): "--set",
        ("answers", "--set", "nowhere.jsonl"): "can't be read",
        ("retrieval", "--set", "bad.jsonl"): 'bad.jsonl:1: "question" is missing',
        ("retrieval", "--set", "cases.jsonl", "--compare", "cases.jsonl"): "is no run",
        ("retrieval", "--set", "cases.jsonl", "--compare", "other.json"): "asked none of these 13 cases",
        ("answers", "--set", "cases.jsonl", "--compare", "other.json"): "The old run is of retrieval",
        ("retrieval", "--set", "cases.jsonl", "--out", "cases.jsonl"): "is the set itself",
        ("retrieval", "--set", "cases.jsonl", "--out", "nowhere/run.json"): "there is no folder nowhere",
        ("retrieval", "--set", "cases.jsonl", "--plot", "curve.pdf"): ".svg or .png",
        ("retrieval", "--set", "cases.jsonl", "--documents", "nowhere"): "no such folder",
        ("retrieval", "--set", "cases.jsonl", "--collection", "nowhere"): "no such collection",
        ("retrieval", "--calibrate"): "--data",
        ("answers", "--set", "cases.jsonl", "--model", "abacus"): "no such provider",
    }
    for arguments, message in wrong.items():
        done = run("eval", *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert message in done.err, arguments
        assert "Traceback" not in done.err
