"""Reports of documents, made from what is known of them: prepared just now, held as before, set aside, refused."""

from __future__ import annotations

from ingest.report import DocumentReport, State
from ingest.rows import asides
from ingest.rows.asides import Aside
from ingest.rows.shelf import DocumentRow
from ingest.run.prepared import Prepared


def unchanged(row: DocumentRow) -> DocumentReport:
    """Of a document that is as it was."""
    return DocumentReport(
        row.source,
        State.UNCHANGED,
        row.pages,
        row.characters,
        row.chunks,
        row.language,
        tables=row.tables,
        empty_pages=row.empty_pages,
        personal_data=row.personal_data,
        secrets=row.secrets,
    )


def refused(source: str, code: str, reason: str) -> DocumentReport:
    """Of what can't go in."""
    return DocumentReport(source, State.REFUSED, reason=reason, code=code)


def taken(source: str, origin: str) -> DocumentReport:
    """Of a file whose name another one has."""
    return refused(source, "source_taken", why_taken(origin))


def why_taken(origin: str) -> str:
    """Why a file can't have a name that the file at `origin` has."""
    return (
        f"another file, {origin}, is in the library under this name: rename one of them, or add a folder that holds "
        "both"
    )


def as_before(aside: Aside) -> DocumentReport:
    """Of what was set aside before and is as it was."""
    state = State.QUARANTINED if aside.state == asides.QUARANTINED else State.REFUSED
    return DocumentReport(aside.source, state, reason=aside.reason, code=aside.code)


def made(prepared: Prepared, state: State) -> DocumentReport:
    """Of a document that was read; one for a person to look at is not in chunks yet."""
    document, found = prepared.document, prepared.inspection
    assert document is not None
    waits = state is State.QUARANTINED
    return DocumentReport(
        prepared.source,
        state,
        document.pages,
        len(document.text),
        None if waits else len(prepared.chunks),
        prepared.language,
        found.quarantine if waits else None,
        "quarantined" if waits else None,
        document.tables,
        document.empty_pages,
        found.personal_data,
        found.secrets,
        prepared.seconds,
        prepared.content_hash,
    )
