"""From weighed candidates to passages: repeated ones dropped, neighbours joined; and the trace that tells it all."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import Candidate, Chunk, Filters, Passage, Retrieval, Trace
from ingest.searching import neighbours
from ingest.searching.candidates import Found, Place, Scores
from ingest.searching.duplicates import repeated
from ingest.searching.neighbours import Between, Joined

SAYS_THE_SAME = "says the same as"
NOT_AMONG = "not among the best"

Repeated = dict[Place, Found]  # a candidate that was dropped, and the better one that says the same


def passages_of(found: Sequence[Found], scores: Scores, between: Between, most: int) -> tuple[list[Passage], Repeated]:
    """The best `most` passages, and the candidates that were dropped because a better one says the same."""
    same = repeated([one.terms for one in found])
    kept = [one for one, other in zip(found, same, strict=True) if other is None]
    joined = neighbours.join(kept, between)[:most]
    passages = [_passage(one, rank, scores) for rank, one in enumerate(joined, 1)]
    return passages, {found[i].place: found[other] for i, other in enumerate(same) if other is not None}


def retrieval(
    asked: str,
    filters: Filters,
    passages: Sequence[Passage],
    found: Sequence[Found],
    scores: Scores,
    dropped: Repeated,
) -> Retrieval:
    """The passages that are given out, with the trace of every candidate that was weighed."""
    trace = Trace(
        sought=asked,
        filters=filters,
        chunks=scores.searched,
        candidates=tuple(_candidate(one, scores, passages, dropped) for one in found),
        more=len({*scores.vector, *scores.lexical}) - len(found),
    )
    return Retrieval(tuple(passages), trace)


def _passage(joined: Joined, rank: int, scores: Scores) -> Passage:
    places = [part.place for part in joined.parts]
    of_parts = [scores.cosines.get(place, ()) for place in places]
    nearest = [value for part in of_parts for value in part]
    return Passage(
        joined.chunk,
        joined.best.score,
        rank,
        vector=max(scores.vector.get(place, 0.0) for place in places),
        lexical=max(scores.lexical.get(place, 0.0) for place in places),
        sentence=max(nearest, default=None),
        cosines=neighbours.cosines(joined, of_parts),
    )


def _candidate(one: Found, scores: Scores, passages: Sequence[Passage], dropped: Repeated) -> Candidate:
    place, chunk = one.place, one.chunk
    same = dropped.get(place)
    rank = _rank(chunk if same is None else same.chunk, passages)
    if same is not None:
        why = f"{SAYS_THE_SAME} {'a better one' if rank is None else f'[{rank}]'}"
    else:
        why = "" if rank is not None else f"{NOT_AMONG} {len(passages)}"
    return Candidate(
        collection=chunk.collection,
        source=chunk.source,
        title=chunk.title,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        score=one.score,
        vector=scores.vector.get(place),
        vector_rank=scores.vector_rank.get(place),
        sentence=max(scores.cosines.get(place, ()), default=None),
        lexical=scores.lexical.get(place),
        lexical_rank=scores.lexical_rank.get(place),
        rank=rank if same is None else None,
        dropped=why,
    )


def _rank(chunk: Chunk, passages: Sequence[Passage]) -> int | None:
    return next((passage.rank for passage in passages if _holds(passage.chunk, chunk)), None)


def _holds(passage: Chunk, chunk: Chunk) -> bool:
    same = (passage.collection, passage.source) == (chunk.collection, chunk.source)
    return same and passage.start <= chunk.start and chunk.end <= passage.end
