"""Both sides' scores are joined on one scale."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.fusion import fuse

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 30), max_size=8)


@given(SCORES, SCORES)
def test_scores_lie_between_zero_and_one_best_first(cosines: dict[str, float], bm25: dict[str, float]) -> None:
    """Every key of either side comes back once, with a score in range, in order."""
    fused = fuse(cosines, bm25)
    assert {key for key, _ in fused} == {*cosines, *bm25}
    assert all(0 <= score <= 1 for _, score in fused)
    assert fused == sorted(fused, key=lambda item: (-item[1], item[0]))


def test_each_side_counts_half() -> None:
    """The best of both sides wins over the best of one."""
    fused = fuse({"a": 0.9, "b": 0.8, "c": 0.1}, {"b": 9.0, "d": 3.0, "a": 0.0})
    assert [key for key, _ in fused] == ["b", "a", "d", "c"]


def test_a_single_candidate_and_none() -> None:
    """One candidate gets its side's whole share, none is no error."""
    assert fuse({"a": 0.3}, {}) == [("a", 0.5)]
    assert fuse({}, {}) == []
