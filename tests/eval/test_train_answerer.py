"""Fitting the ranker of quoted answers: which sentences count as right, and that what tells them apart is learnt."""

import numpy as np

from chains.extract.evidence import Evidence
from chains.extract.features import FEATURES
from eval.cases import Case
from eval.train_answerer import Example, fit, holds_wording


def made(right: int, rng: np.random.Generator) -> Example:
    """A question of five sentences whose right one has the greater coverage; everything else is chance."""
    rows = rng.normal(size=(5, len(FEATURES)))
    rows[right, FEATURES.index("coverage")] += 3
    case = Case("made", "What?")
    return Example(case, "made.txt", Evidence(case.question, ()), (), rows, np.arange(5) == right)


def test_what_tells_right_sentences_apart_is_learnt() -> None:
    """The one feature that matters weighs most, and the right sentence of new questions mostly scores best."""
    rng = np.random.default_rng(0)
    ranker = fit([made(i % 5, rng) for i in range(200)])
    assert FEATURES[int(np.argmax(np.abs(ranker.coefficients)))] == "coverage"
    asked = [made(i % 5, rng) for i in range(50)]
    hits = [one.right[int(np.argmax(ranker.scores(one.rows)))] for one in asked]
    assert np.mean(hits) > 0.9


def test_questions_without_a_right_sentence_teach_nothing() -> None:
    """Retrieval that missed is no evidence against the sentences it found."""
    rng = np.random.default_rng(0)
    useful = [made(i % 5, rng) for i in range(40)]
    blank = made(0, rng)
    missed = Example(blank.case, blank.about, blank.evidence, (), blank.rows, np.zeros(5, dtype=bool))
    assert fit([*useful, missed]) == fit(useful)


def test_a_wording_stands_by_whole_words() -> None:
    """`cat` is not in `category`; case and marks don't matter."""
    case = Case("c", "What?", answers=("the cat",))
    assert holds_wording(case, "It was The Cat, again.")
    assert not holds_wording(case, "It was the category.")
