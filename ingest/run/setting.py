"""What holds for one run of `add` or `sync`, and the rows that are made by it: facts of documents, files set aside."""

from __future__ import annotations

from dataclasses import dataclass

from core import clock
from core.database import Database
from ingest.finding.candidate import Candidate
from ingest.rows import asides
from ingest.rows.asides import Aside
from ingest.rows.shelf import Facts
from ingest.run.prepared import Prepared, stored


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a run writes, and how it reads."""

    database: Database
    run: str  # its id in the history
    collection: str
    collection_id: int
    recipe: str  # how documents are read

    def facts(self, candidate: Candidate, prepared: Prepared) -> Facts:
        """What is known of a document besides its text."""
        inside = prepared.container is not None
        return Facts(
            origin=candidate.origin,
            root=candidate.root,
            content_hash=prepared.content_hash,
            recipe=self.recipe,
            language=prepared.language,
            bytes=prepared.bytes if inside else candidate.size,
            modified_ns=candidate.modified_ns,
            container=prepared.container,
            personal_data=prepared.inspection.personal_data,
            secrets=prepared.inspection.secrets,
            web=None if inside else candidate.web,
        )

    def aside(self, candidate: Candidate, prepared: Prepared, *, quarantined: bool) -> Aside:
        """A file that does not go in, or waits for a person."""
        code, reason = prepared.refusal or ("quarantined", prepared.inspection.quarantine)
        return Aside(
            id=clock.new_id(),
            collection=self.collection,
            source=prepared.source,
            origin=candidate.origin,
            root=candidate.root,
            state=asides.QUARANTINED if quarantined else asides.REFUSED,
            code=code,
            reason=reason,
            suspects=prepared.inspection.suspects,
            document=stored(prepared) if quarantined else None,
            content_hash=prepared.content_hash,
            recipe=self.recipe,
            bytes=candidate.size if prepared.container is None else prepared.bytes,
            modified_ns=candidate.modified_ns,
            found_at=clock.now(),
        )
