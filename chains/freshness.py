"""Whether an answer still rests on what the documents say: which of its cited sources have changed or gone since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain import Answer

CHANGED, GONE = "changed", "gone"
Place = tuple[str, str]  # collection and source


class Versions(Protocol):
    """What knows the documents' versions: `ingest.index.Library`."""

    def versions(self, places: Sequence[Place]) -> Mapping[Place, str]:
        """The version of those of these documents that are there."""
        ...


@dataclass(frozen=True, slots=True)
class Stale:
    """A cited source that is no longer what it was when the answer was given."""

    source: str
    title: str
    state: str  # changed or gone


def stale_sources(library: Versions, answers: Sequence[Answer]) -> list[tuple[Stale, ...]]:
    """For each answer, the cited sources that have changed or gone since; asks the library once."""
    cited = [_cited(answer) for answer in answers]
    places = sorted({place for one in cited for place in one})
    now = library.versions(places) if places else {}
    return [
        tuple(
            Stale(place[1], title, CHANGED if place in now else GONE)
            for place, (title, version) in one.items()
            if now.get(place) != version
        )
        for one in cited
    ]


def _cited(answer: Answer) -> dict[Place, tuple[str, str]]:
    """Title and version of each cited document; one that was stored before there were versions is left out."""
    ranks = {citation.passage for sentence in answer.sentences for citation in sentence.citations}
    return {
        (passage.chunk.collection, passage.chunk.source): (passage.chunk.title, passage.chunk.version)
        for passage in answer.passages
        if passage.rank in ranks and passage.chunk.version
    }
