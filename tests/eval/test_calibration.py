"""Calibrating the evidence gate: what is fitted to what, in which mixture, and what is stored."""

import json
from pathlib import Path

import numpy as np
import pytest

from chains.assemble import evidence_gate
from chains.gate import read_weights
from chains.gate_features import ANSWER, RELEVANCE, Features
from core.errors import UsageError
from eval.calibration import MIXTURE, Asked, ask_library, calibrate, calibrated, crossed, fit, mixture, stored, told
from eval.cases import Case
from ingest.index import Library
from ingest.pipeline import add


def questions(count: int = 60, articles: int = 8) -> list[Asked]:
    """As many questions of each kind about each article: only the first feature of each group tells them apart."""
    rng = np.random.default_rng(0)
    found = []
    for kind in MIXTURE:
        for article in range(articles):
            for _ in range(count):
                relevance, answer = rng.normal(size=len(RELEVANCE)), rng.normal(size=len(ANSWER))
                relevance[0] += 3 if kind in {"held", "lookalike"} else -3
                answer[0] += -1 if kind == "lookalike" else 1
                found.append(Asked(kind, f"{article}.txt", Features(list(relevance), list(answer))))
    return found


def test_the_mixture_has_the_shares_that_are_stated() -> None:
    """Half of the questions are answerable, a tenth are lookalikes, each drawn once and the same ones each time."""
    asked = questions(20)
    drawn = mixture(asked)
    kinds = [asked[number].kind for number in drawn]
    assert len(set(drawn)) == len(drawn)
    assert {kind: kinds.count(kind) / len(kinds) for kind in MIXTURE} == MIXTURE
    assert drawn == mixture(asked)


def test_each_regression_learns_what_it_is_for() -> None:
    """Relevance is told by what is asked elsewhere, the answer by the lookalikes."""
    fitted = fit(questions())
    assert np.argmax(np.abs(fitted.relevance.coefficients)) == 0
    assert np.argmax(np.abs(fitted.answer.coefficients)) == 0
    assert fitted.relevance.coefficients[0] > 0 < fitted.answer.coefficients[0]


def test_an_article_is_judged_by_weights_that_do_not_know_it() -> None:
    """Labels of one article that contradict all others are not learnt where that article is judged."""
    turned = {"held": "absent", "absent": "held"}
    asked = [
        Asked(turned.get(one.kind, one.kind) if one.document == "3.txt" else one.kind, one.document, one.values)
        for one in questions()
    ]
    raw = crossed(asked)
    odd = {kind: raw[[o.document == "3.txt" and o.kind == kind for o in asked]].mean() for kind in ("held", "absent")}
    assert odd["held"] < 0.1 < 0.5 < odd["absent"]


def test_a_stated_probability_comes_true_in_the_mixture() -> None:
    """After calibration the mean probability is the share that is answerable, among all and among the doubtful."""
    asked = questions()
    probabilities, _, _ = calibrated(asked, crossed(asked) ** 3)  # far too low before
    drawn = mixture(asked)
    labels = np.array([asked[number].kind == "held" for number in drawn])
    stated = probabilities[drawn]
    assert stated.mean() == pytest.approx(labels.mean(), abs=0.01)
    sure = stated > 0.8
    assert stated[sure].mean() == pytest.approx(labels[sure].mean(), abs=0.05)


def test_what_is_stored_is_what_was_fitted(tmp_path: Path) -> None:
    """The weights come back from the file as they were, with a card that says how they were made."""
    asked = questions(10)
    fitted = fit(asked, 0.9, 0.1)
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(stored(fitted, {"a": "b"}, 10)))
    assert read_weights(path) == fitted
    card = json.loads(path.read_text())["card"]
    assert card["measured"] == {"a": "b"}
    assert "--questions 10" in card["command"]


def test_figures_name_how_many_are_answered_and_rejected() -> None:
    """A gate that tells all apart is told as such."""
    line = told(np.array([0.9, 0.95, 0.99]), np.array([0.01, 0.02]))
    assert line.startswith("AUROC 1.000")
    assert "answered 1.000 of 3, rejected 1.000 of 2" in line


def test_questions_are_asked_of_the_library_as_the_assistant_asks_them(library: Library, documents: Path) -> None:
    """Each question that finds anything gives the features of what it finds; an empty library gives none."""
    cases = [Case("q", "How many days of paid holiday do staff get?")]
    gate = evidence_gate(library, library.embedder)
    assert ask_library(library, gate, cases, "held", {"q": "leave.md"}) == []
    add(library, [str(documents)])
    (one,) = ask_library(library, gate, cases, "held", {"q": "leave.md"})
    assert (one.kind, one.document) == ("held", "leave.md")
    assert one.values.relevance[RELEVANCE.index("coverage_sentence")] > 0.5


def test_wrong_data_or_a_wrong_name_for_the_curve_is_told(tmp_path: Path) -> None:
    """Before anything is asked: a folder without the sets, a line that names no document, a picture of another kind."""
    with pytest.raises(UsageError, match=r"squad\.questions\.jsonl"):
        calibrate(tmp_path, None)
    (tmp_path / "squad.questions.jsonl").write_text('{"id": "1", "question": "Who?", "answerable": false}\n')
    with pytest.raises(UsageError, match="paragraph"):
        calibrate(tmp_path, None)
    with pytest.raises(UsageError, match=r"\.svg"):
        calibrate(tmp_path, tmp_path / "curve.txt")
