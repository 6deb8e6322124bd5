"""Candidates of a search: what either index finds of the editions that may be looked into, with every score of each.

The most promising are then read from the rows and weighed by their words and sentences (`features`, `ranking`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement

from core.database import Database
from core.domain import Chunk
from core.ports import Vectors
from ingest.fusion import fuse
from ingest.opened import OpenEdition
from ingest.rows import fine, shelf
from ingest.searching import narrowing, terms
from ingest.searching.features import features
from ingest.searching.ranking import Ranking
from ingest.searching.terms import Terms

DEPTH = 60  # found by each index; more adds little
WEIGHED = 20  # of these the most promising are read and weighed; measured: thirty are no better

Place = tuple[int, str]  # edition and key


@dataclass(slots=True)
class Scores:
    """What the indexes say of the candidates of all editions."""

    vector: dict[Place, float] = field(default_factory=dict)  # cosine to the question
    vector_rank: dict[Place, int] = field(default_factory=dict)  # of those that the vector index found, from 1
    lexical: dict[Place, float] = field(default_factory=dict)  # BM25
    lexical_rank: dict[Place, int] = field(default_factory=dict)
    cosines: dict[Place, tuple[float, ...]] = field(default_factory=dict)  # of each sentence, where known
    searched: int = 0  # chunks that were looked through, equal ones once

    def first(self) -> list[Place]:
        """Every candidate, the most promising first: its nearest sentence or itself, half and half with BM25."""
        near = {place: max((value, *self.cosines.get(place, ()))) for place, value in self.vector.items()}
        return [place for place, _ in fuse(near, self.lexical)]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate that was read and weighed."""

    place: Place
    chunk: Chunk
    terms: Terms
    values: tuple[float, ...]  # of features.FEATURES
    score: float  # probability that it holds the answer


def score(
    database: Database,
    looked: Sequence[OpenEdition],
    asked: str,
    vectors: Mapping[str, Vectors],
    depth: int,
    wanted: ColumnElement[bool] | None,
) -> Scores:
    """The scores of what the editions' indexes find for a question; `vectors`: the question's by embedder's name."""
    scores = Scores()
    for opened in looked:
        number, vector = opened.edition.id, vectors[opened.embedder.name]
        among = None
        if wanted is not None:
            with database.read() as connection:
                among = narrowing.allowed_keys(connection, number, wanted)
        scores.searched += opened.lexical.count() if among is None else len(among)
        near = opened.vectors.search(vector, depth, among)
        worded = opened.lexical.search(asked, depth, among)
        scores.vector_rank |= {(number, key): rank for rank, key in enumerate(near, 1)}
        scores.lexical_rank |= {(number, key): rank for rank, key in enumerate(worded, 1)}
        worded |= opened.lexical.scores(asked, [key for key in near if key not in worded])
        with database.read() as connection:
            packed = fine.of_keys(connection, number, list({**near, **worded}))
        for key, (of_chunk, of_sentences) in fine.cosines(packed, vector).items():
            near.setdefault(key, of_chunk)
            scores.cosines[number, key] = tuple(of_sentences)
        near |= opened.vectors.cosines(vector, [key for key in worded if key not in near])
        scores.vector |= {(number, key): value for key, value in near.items()}
        scores.lexical |= {(number, key): value for key, value in worded.items()}
    order_ranks(scores.vector_rank, scores.vector, several=len(looked) > 1)
    order_ranks(scores.lexical_rank, scores.lexical, several=len(looked) > 1)
    return scores


def order_ranks(ranks: dict[Place, int], scores: Mapping[Place, float], *, several: bool) -> None:
    """Make ranks within editions ranks over all of them."""
    if several:
        ordered = sorted(ranks, key=lambda place: (-scores[place], place))
        ranks |= {place: rank for rank, place in enumerate(ordered, 1)}


def weigh(
    database: Database,
    looked: Sequence[OpenEdition],
    asked: str,
    scores: Scores,
    ranking: Ranking,
    wanted: ColumnElement[bool] | None,
    most: int,
) -> list[Found]:
    """The `most` most promising with their chunks, the most probable first; those that no row names are left out."""
    places = scores.first()[:most]
    chunks: dict[Place, Chunk] = {}
    with database.read() as connection:
        for opened in looked:
            keys = [key for number, key in places if number == opened.edition.id]
            held = shelf.chunks_of_keys(connection, opened.edition.id, keys, wanted)
            chunks |= {(opened.edition.id, key): chunk for key, chunk in held.items()}
    question = terms.of_question(asked)
    weights = _weights(looked, question)
    found = []
    for place in places:
        if (chunk := chunks.get(place)) is None:
            continue
        held_terms = terms.of_passage(chunk.heading, chunk.text)
        values = features(
            question,
            held_terms,
            weights,
            vector=scores.vector.get(place, 0.0),
            cosines=scores.cosines.get(place, ()),
            lexical=scores.lexical.get(place, 0.0),
        )
        found.append(Found(place, chunk, held_terms, values, ranking.probability(values)))
    return sorted(found, key=lambda one: (-one.score, one.chunk.source, one.chunk.start, one.place))


def _weights(looked: Sequence[OpenEdition], question: Terms) -> dict[str, float]:
    """The weight of each stem of the question, as BM25 weighs it: rare ones more."""
    stems = list(dict.fromkeys(question.every))
    counts = [sum(column) for column in zip(*(one.lexical.document_frequency(stems) for one in looked), strict=True)]
    chunks = sum(one.lexical.count() for one in looked)
    return {s: math.log(1 + (chunks - n + 0.5) / (n + 0.5)) for s, n in zip(stems, counts, strict=True)}
