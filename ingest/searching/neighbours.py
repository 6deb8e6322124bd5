"""Neighbours that belong together: chunks side by side that both speak to the question become one passage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core import sentences
from core.domain import Chunk
from ingest.searching.candidates import Found
from ingest.searching.ranking import logit

AMONG = 10  # the best candidates, of which neighbours may be joined
LEAST_ODDS = 3.0  # a neighbour may be this much less probable than what it is joined to, in log odds
MOST_CHARACTERS = 2400  # of a joined passage
_MOST_GAP = 8  # characters of white space between two chunks of one section

Between = Callable[[Chunk, int, int], str]  # a chunk of the document, start, end -> the document's text there


@dataclass(frozen=True, slots=True)
class Joined:
    """Candidates that make one passage, in the document's order, and the text that they make."""

    parts: tuple[Found, ...]
    chunk: Chunk

    @property
    def best(self) -> Found:
        """The most probable of them."""
        return max(self.parts, key=lambda part: part.score)


def join(found: Sequence[Found], between: Between) -> list[Joined]:
    """Passages of candidates that are given best first; each stands where the best of its parts stood."""
    near = list(found[:AMONG])
    taken: set[int] = set()
    joined = []
    for number, first in enumerate(found):
        if number in taken:
            continue
        taken.add(number)
        passage = Joined((first,), first.chunk)
        while (other := _neighbour(passage, near, taken, between)) is not None:
            taken.add(other[0])
            passage = other[1]
        joined.append(passage)
    return joined


def cosines(passage: Joined, of_parts: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The similarity of each sentence of a passage, from those of its parts; none where the cuts don't agree."""
    every = tuple(value for part in of_parts for value in part)
    alone = len(passage.parts) == 1
    cut = len(passage.best.terms.by_sentence) if alone else len(sentences.spans(passage.chunk.text))
    return every if len(every) == cut else ()


def _neighbour(passage: Joined, near: Sequence[Found], taken: set[int], between: Between) -> tuple[int, Joined] | None:
    """The best candidate that goes on from the passage or leads to it, with the passage that both make."""
    for number, other in enumerate(near):
        if number in taken or logit(other.score) < logit(passage.best.score) - LEAST_ODDS:
            continue
        parts = sorted((*passage.parts, other), key=lambda part: part.chunk.start)
        if other in (parts[0], parts[-1]) and _are_beside(passage.chunk, other.chunk):
            first, last = parts[0].chunk, parts[-1].chunk
            upper, lower = sorted((passage.chunk, other.chunk), key=lambda chunk: chunk.start)
            gap = between(first, upper.end, lower.start)
            whole = len(gap) == lower.start - upper.end  # else the document was changed or taken out meanwhile
            if whole and not gap.strip() and last.end - first.start <= MOST_CHARACTERS:
                text = f"{upper.text}{gap}{lower.text}"
                return number, Joined(tuple(parts), replace(first, text=text, start=upper.start, end=lower.end))
    return None


def _are_beside(one: Chunk, other: Chunk) -> bool:
    same = (one.collection, one.source, one.version, one.heading, one.page)
    gap = max(one.start, other.start) - min(one.end, other.end)
    return same == (other.collection, other.source, other.version, other.heading, other.page) and 0 <= gap <= _MOST_GAP
