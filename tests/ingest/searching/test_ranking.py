"""The ranking of candidates: its weights, what they weigh, and that the same question gives the same order."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LibraryError
from ingest.index import Library
from ingest.searching import ranking
from ingest.searching.features import FEATURES, features
from ingest.searching.ranking import Ranking, logit, read, shipped
from ingest.searching.terms import of_passage, of_question
from tests.ingest.searching.conftest import Hold

NUMBERS = st.floats(-1e6, 1e6)
ASKED = of_question("How long is the parental leave?")
WEIGHTS = dict.fromkeys(ASKED.every, 1.0)


def named(
    heading: str, text: str, *, vector: float = 0.0, cosines: tuple[float, ...] = (), lexical: float = 0.0
) -> dict[str, float]:
    """The features of a passage by their names."""
    held = of_passage((heading,) if heading else (), text)
    values = features(ASKED, held, WEIGHTS, vector=vector, cosines=cosines, lexical=lexical)
    return dict(zip(FEATURES, values, strict=True))


def test_the_shipped_weights_load() -> None:
    """One finite coefficient a feature; nearness, words and coverage speak for a candidate."""
    weights = shipped()
    assert len(weights.coefficients) == len(FEATURES)
    assert all(map(math.isfinite, (*weights.coefficients, weights.intercept)))
    nothing, everything = [0.0] * len(FEATURES), [1.0] * len(FEATURES)
    assert weights.probability(nothing) < 0.5 < weights.probability(everything)


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    """They would be taken for what they are not; the message says which file and what to run."""
    data = json.loads(ranking.WEIGHTS.read_text(encoding="utf-8"))
    path = tmp_path / "ranking.json"
    path.write_text(json.dumps(data | {"features": ["vector", *data["features"][2:]]}))
    with pytest.raises(LibraryError, match=r"ranking\.json was fitted for other features.*eval\.train_ranking --write"):
        read(path)
    path.write_text(json.dumps(data))
    assert read(path) == shipped()


@given(st.lists(NUMBERS, min_size=8, max_size=8), st.lists(NUMBERS, min_size=8, max_size=8), NUMBERS)
def test_a_probability_is_within_0_and_1(coefficients: list[float], values: list[float], intercept: float) -> None:
    """Whatever the weights and values, without overflow."""
    assert 0 <= Ranking(tuple(coefficients), intercept).probability(values) <= 1


@given(st.floats(1e-6, 1 - 1e-6))
def test_log_odds_are_those_of_the_probability(probability: float) -> None:
    """Log odds and probability undo each other; certainty has log odds too."""
    weights = Ranking((), logit(probability))
    assert weights.probability(()) == pytest.approx(probability)
    assert math.isfinite(logit(0.0))
    assert math.isfinite(logit(1.0))


def test_what_each_feature_says() -> None:
    """Worked out by hand for two sentences, of which the first holds both words that carry content."""
    got = named(
        "", "Parental leave lasts a year. It is paid.", vector=0.5, cosines=(0.6, 0.7), lexical=2.2 * len(WEIGHTS) / 2
    )
    content = len(ASKED.content)
    assert (got["vector"], got["sentence"]) == (0.5, 0.7)
    assert got["lexical"] == pytest.approx(0.5)
    assert got["coverage"] == pytest.approx(2 / content)
    assert got["best_sentence"] == pytest.approx(0.5 * 0.6 + 0.5 * 2 / content)
    assert got["nearest_coverage"] == 0.0  # the second sentence is nearer and holds neither
    assert got["pairs"] == pytest.approx(1 / len(ASKED.pairs))
    assert got["phrases"] == pytest.approx(1 / len(ASKED.phrases))


def test_the_heading_counts_for_the_whole_and_for_no_sentence() -> None:
    """What stands in the heading alone is covered, and no sentence is better for it."""
    got = named("Parental leave", "It lasts a year.", vector=0.4, cosines=(0.4,))
    assert got["coverage"] > 0
    assert got["nearest_coverage"] == 0.0
    assert got["best_sentence"] == pytest.approx(0.2)


@pytest.mark.parametrize("text", ["", "***", "Parental leave. It is long."])
def test_unknown_sentences_are_as_near_as_the_chunk(text: str) -> None:
    """Without vectors of sentences, or with other cuts, the chunk's own nearness stands for them."""
    unknown, other = named("", text, vector=0.3), named("", text, vector=0.3, cosines=(0.3,) * 9)
    assert unknown == other
    assert unknown["sentence"] == 0.3


def test_a_question_without_words_has_no_coverage() -> None:
    """Nothing is divided by nothing."""
    values = features(of_question("?!"), of_passage((), "Words."), {}, vector=0.1, cosines=(0.2,), lexical=0.0)
    assert values == (0.1, 0.2, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0)


FILES = {
    f"{number:02}.md": f"Station {number} of the coast lights its lamp at {number} o'clock." for number in range(30)
}


def test_the_same_question_gives_the_same(library: Library, hold: Hold) -> None:
    """Passages, scores and trace are equal each time, though the texts are alike."""
    hold(FILES)
    first = library.retrieve("When does a station of the coast light its lamp?", 9)
    assert len(first.passages) == 9
    assert all(0 <= one.score <= 1 for one in first.trace.candidates)
    assert [library.retrieve("When does a station of the coast light its lamp?", 9) for _ in range(3)] == [first] * 3


def test_ties_are_broken_by_place(library: Library, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all are as probable, candidates stand in the order of their sources."""
    hold(FILES)
    monkeypatch.setattr(ranking, "shipped", lambda: Ranking((0.0,) * len(FEATURES), 0.0))
    got = library.retrieve("When does a station light its lamp?", 30)
    assert {one.score for one in got.trace.candidates} == {0.5}
    assert [one.source for one in got.trace.candidates] == sorted(FILES)
    assert [passage.chunk.source for passage in got.passages] == sorted(FILES)
