"""What an ingest came to, document by document, and its JSON form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What became of a document."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One document of an ingest; what is not known of a refused one is None."""

    source: str
    state: State
    pages: int | None = None
    characters: int | None = None
    chunks: int | None = None
    language: str | None = None
    reason: str | None = None  # in plain words, for a refusal
    code: str | None = None  # the refusal's stable name


@dataclass(frozen=True, slots=True)
class IngestReport:
    """All documents of an ingest, in the order that they were found."""

    documents: Sequence[DocumentReport]
    seconds: float

    def count(self, state: State) -> int:
        """How many documents ended so."""
        return sum(document.state is state for document in self.documents)

    @property
    def chunks(self) -> int:
        """Chunks of the documents that went in."""
        return sum(d.chunks or 0 for d in self.documents if d.state in {State.ADDED, State.UPDATED})

    @property
    def refused(self) -> list[DocumentReport]:
        """Those that did not go in."""
        return [d for d in self.documents if d.state in {State.REFUSED, State.QUARANTINED}]

    def as_json(self) -> dict[str, Any]:
        """The report as `parapet ingest add --json` prints it."""
        counts = {state.value: self.count(state) for state in State}
        return counts | {
            "chunks": self.chunks,
            "seconds": round(self.seconds, 2),
            "documents": [asdict(document) for document in self.documents],
        }
