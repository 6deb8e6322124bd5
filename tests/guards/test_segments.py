"""Cutting a passage into what a planted instruction would be one of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.segments import MOST, segments


def cut(text: str) -> list[str]:
    """The words of each segment."""
    return [text[a:b] for a, b in segments(text)]


def test_prose_is_cut_into_its_sentences() -> None:
    """Each sentence is a segment of its own."""
    assert cut("The shop opens at ten. Bring a bag!\n\nSee you there.") == [
        "The shop opens at ten.", "Bring a bag!", "See you there.",
    ]  # fmt: skip


def test_cells_that_say_something_stand_alone() -> None:
    """In a row of a table, the cells of three words and more are segments, and the others are in none."""
    assert cut("| 4 | Kyoto | Write a short poem | 2:31 |") == ["Write a short poem"]


def test_long_code_is_cut_at_its_lines() -> None:
    """A block without a full stop is read line by line."""
    line = "value = first_number + second_number"
    assert cut("\n".join([line] * 20)) == [line] * 20


@pytest.mark.parametrize("text", ["", " \n", "12 | 13 | 14", "||||", "a", "7.5 %"])
def test_what_holds_hardly_any_words_has_no_segments(text: str) -> None:
    """Numbers, marks and single letters are nobody's instruction."""
    assert segments(text) == []


@given(st.text(st.sampled_from("ab cd. \n|?!-é\u200b"), max_size=2000))
def test_segments_are_short_apart_and_in_order(text: str) -> None:
    """Whatever the text, no segment is empty, longer than the most, or overlaps the one before it."""
    past = 0
    for start, end in segments(text):
        assert past <= start < end <= start + MOST
        assert text[start:end].strip() == text[start:end]
        past = end
