"""Stretches of documents as sets of characters."""

from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Gold
from eval.stretches import Stretch, characters, holds, merged, overlaps, share_covered, shared

STRETCHES = st.lists(
    st.builds(
        lambda source, start, length: ("c", source, start, start + length),
        st.sampled_from("ab"),
        st.integers(0, 30),
        st.integers(1, 10),
    ),
    max_size=6,
)


def points(stretches: list[Stretch]) -> set[tuple[str, int]]:
    """Each character on its own."""
    return {(source, at) for _, source, start, end in stretches for at in range(start, end)}


@given(STRETCHES, STRETCHES)
def test_sets_of_characters(ones: list[Stretch], others: list[Stretch]) -> None:
    """Merging keeps the characters, sharing keeps the common ones, and counting counts each once."""
    assert points(merged(ones)) == points(ones)
    assert points(shared(ones, others)) == points(ones) & points(others)
    assert characters(shared(ones, others)) == len(points(ones) & points(others))


def test_holding_and_overlapping_ask_for_the_same_document() -> None:
    """The same offsets of another document or another collection are other words; touching is not overlapping."""
    inner = ("c", "a", 2, 4)
    assert holds(("c", "a", 2, 4), inner)
    assert not holds(("c", "a", 3, 9), inner)
    assert not holds(("c", "b", 0, 9), inner)
    assert not holds(("d", "a", 0, 9), inner)
    assert overlaps(("c", "a", 3, 9), inner)
    assert not overlaps(("c", "a", 4, 9), inner)


def test_gold_that_overlaps_counts_once() -> None:
    """Two gold places with common words are a stretch; half of it covered is a half."""
    gold = [Gold("a", 0, 6, collection="c"), Gold("a", 4, 10, collection="c")]
    assert share_covered(gold, [("c", "a", 0, 5)]) == 0.5
    assert share_covered(gold, [("c", "a", 0, 5), ("c", "a", 2, 5)]) == 0.5
