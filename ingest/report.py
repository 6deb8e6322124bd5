"""What an ingest came to, document by document, and its JSON form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
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
    tables: int | None = None
    empty_pages: tuple[int, ...] = ()  # numbers of the pages without text
    personal_data: int | None = None  # stretches found
    secrets: int | None = None  # stretches found
    seconds: float | None = None  # that reading it took
    content_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """All documents of an ingest, in the order that they were found."""

    documents: Sequence[DocumentReport]
    seconds: float
    collection: str = "default"

    def count(self, state: State) -> int:
        """How many documents ended so."""
        return sum(document.state is state for document in self.documents)

    def counts(self) -> dict[str, int]:
        """How many documents ended how."""
        return {state.value: self.count(state) for state in State}

    def count_changed(self) -> int:
        """How many documents went in, changed or went."""
        return sum(map(self.count, (State.ADDED, State.UPDATED, State.REMOVED, State.QUARANTINED)))

    def found(self, what: str) -> int:
        """How much personal data, or how many secrets, were found in the documents that went in."""
        went_in = [d for d in self.documents if d.state in {State.ADDED, State.UPDATED}]
        return sum(getattr(document, what) or 0 for document in went_in)

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
        return self.counts() | {
            "chunks": self.chunks,
            "seconds": round(self.seconds, 2),
            "collection": self.collection,
            "documents": [asdict(document) for document in self.documents],
        }
