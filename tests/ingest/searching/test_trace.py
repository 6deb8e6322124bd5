"""The trace of a search: every candidate is part of a passage or says why not, and the counts add up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.domain import Candidate, Filters, Passage, Retrieval, Trace
from ingest.index import Library
from ingest.searching.candidates import WEIGHED
from tests.ingest.searching.conftest import Hold, paragraph

ASKED = "What does the otter like along the river?"


def together(trace: Trace, passages: Sequence[Passage]) -> None:
    """Each candidate has a passage that holds it, or a reason; each passage has candidates; both stand best first."""
    for one in trace.candidates:
        assert (one.rank is None) == bool(one.dropped)
    of_rank = {passage.rank: passage for passage in passages}
    assert {one.rank for one in trace.candidates if one.rank is not None} == of_rank.keys()
    for one in trace.candidates:
        if one.rank is not None:
            chunk = of_rank[one.rank].chunk
            assert (chunk.collection, chunk.source) == (one.collection, one.source)
            assert chunk.start <= one.start < one.end <= chunk.end
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))
    assert [passage.score for passage in passages] == sorted((p.score for p in passages), reverse=True)
    assert list(trace.candidates) == sorted(trace.candidates, key=lambda one: -one.score)


@pytest.fixture
def rivers(library: Library, hold: Hold) -> Library:
    """A document of two chunks, a copy of one of them, and in another collection more documents than are weighed."""
    first = paragraph("otter", "salmon", "trout", "perch", "pike", "roach")
    second = paragraph("otter", "crabs", "crayfish", "frogs", "newts", "mussels")
    hold({"otter.md": f"# Diet\n\n{first}\n\n{second}\n", "copy.md": f"# Food\n\n{second}\n"})
    hold({f"{n:02}.md": f"Animal {n} likes the river at {n} o'clock." for n in range(25)}, "more")
    return library


@pytest.mark.parametrize("k", [1, 3, 6, 12, 40])
def test_every_candidate_is_told_of(rivers: Library, k: int) -> None:
    """Part of a passage, the same as another, or not among the best; what stands further down is counted."""
    got = rivers.retrieve(ASKED, k)
    together(got.trace, got.passages)
    assert len(got.passages) == min(k, 27)
    assert len(got.trace.candidates) == min(max(WEIGHED, 2 * k), 28)
    assert len(got.trace.candidates) + got.trace.more == got.trace.chunks == 28
    reasons = {one.dropped for one in got.trace.candidates} - {""}
    assert all(why.startswith(("says the same as", "not among the best")) for why in reasons)
    assert "says the same as [1]" in reasons


def test_places_by_words_and_by_meaning(rivers: Library) -> None:
    """Over both collections each place is given once, in the order of the scores that it is the place by."""

    def ordered(found: Sequence[Candidate], place: str, score: str) -> None:
        placed = sorted((one for one in found if getattr(one, place)), key=lambda one: int(getattr(one, place)))
        ranks = [getattr(one, place) for one in placed]
        scores = [getattr(one, score) for one in placed]
        assert len(set(ranks)) == len(ranks) >= 20
        assert scores == sorted(scores, reverse=True)

    found = rivers.retrieve(ASKED, 40).trace.candidates
    ordered(found, "vector_rank", "vector")
    ordered(found, "lexical_rank", "lexical")
    assert {one.vector_rank for one in found} == set(range(1, 29))


@pytest.mark.parametrize(
    ("filters", "chunks"),
    [
        (Filters(), 28),
        (Filters(collections=("more",)), 25),
        (Filters(sources=("0?.md",)), 10),
        (Filters(sources=("otter.md", "24.md")), 3),
        (Filters(sources=("nothing.md",)), 0),
        (Filters(languages=("xx",)), 0),
    ],
)
def test_only_what_was_searched_is_counted(rivers: Library, filters: Filters, chunks: int) -> None:
    """With filters, the chunks of what they allow; the filters themselves are told."""
    got = rivers.retrieve(ASKED, filters=filters)
    together(got.trace, got.passages)
    assert (got.trace.chunks, len(got.trace.candidates) + got.trace.more) == (chunks, chunks)
    assert got.trace.filters == filters


@pytest.mark.parametrize("asked", ["", "   ", "\n"])
def test_nothing_asked_for_searches_nothing(rivers: Library, asked: str) -> None:
    """The trace of an empty question, or of no passages wanted, is empty."""
    assert rivers.retrieve(asked) == Retrieval((), Trace(""))
    assert rivers.retrieve(ASKED, 0) == Retrieval((), Trace(ASKED))


def test_an_empty_library_was_searched(library: Library) -> None:
    """There is a trace, of nothing."""
    assert library.retrieve(ASKED) == Retrieval((), Trace(ASKED))
