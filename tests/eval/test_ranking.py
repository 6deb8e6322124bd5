"""Rank measures of one question, against values worked out by hand."""

from math import log2

import pytest

from eval.ranking import measured


def test_the_place_of_the_first_relevant_passage_decides() -> None:
    """One relevant passage at place 3."""
    relevant = (False, False, True, False)
    assert measured("RR@10", relevant, 1) == pytest.approx(1 / 3)
    assert measured("nDCG@10", relevant, 1) == pytest.approx(1 / log2(4))
    assert [measured(f"Success@{k}", relevant, 1) for k in (1, 3)] == [0, 1]


def test_relevant_chunks_that_were_not_found_lower_the_gain() -> None:
    """Two are held, one is found at place 1: the ideal order has both."""
    assert measured("nDCG@10", (True, False), 2) == pytest.approx(1 / (1 + 1 / log2(3)))
    assert measured("RR@10", (True, False), 2) == 1


def test_nothing_found_or_nothing_held_is_zero() -> None:
    """No passages at all, none of them right, and a library in which none can be right."""
    assert measured("nDCG@10", (), 1) == measured("nDCG@10", (False,), 1) == measured("nDCG@10", (False,), 0) == 0
