"""Paths in, report out: finds files, skips what is unchanged, reads, cuts, and hands batches to the library's writer.

What is done stays done: each batch is whole when it is written, so a run that was stopped goes on where it stood.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.errors import RefusedDocument
from ingest import chunks, reading
from ingest.index import Library
from ingest.languages import language_of
from ingest.report import DocumentReport, IngestReport, State
from ingest.shelf import DocumentRow, Entry
from ingest.source import SourceFile
from ingest.walking import Candidate, Refusal, walk
from ingest.writing import LibraryWriter

BATCH_CHUNKS = 256  # small documents are embedded and written together up to this
_SETTLED = timedelta(seconds=2)  # a file written this shortly before it was read may have changed within one tick


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is; bytes tell more than files, which differ in size."""

    done_bytes: float
    total_bytes: int
    done_files: int
    total_files: int
    source: str  # what is being worked on


def add(
    library: Library,
    paths: Iterable[str | Path],
    *,
    progress: Callable[[Progress], None] | None = None,
    notice: Callable[[str], None] | None = None,
) -> IngestReport:
    """Put every document of these files and folders into the library; what can't go in is refused by name.

    `notice` is told when the run waits for another process, or repairs the index.
    """
    began = time.perf_counter()
    found = list(walk(paths))
    candidates = [item for item in found if isinstance(item, Candidate)]
    if not candidates:
        run_reports = [_refused(item.source, item.code, item.reason) for item in found if isinstance(item, Refusal)]
        return IngestReport(run_reports, time.perf_counter() - began)
    with library.writing(notice) as writer:
        run = _Run(library, writer, candidates, progress)
        for item in found:
            if isinstance(item, Refusal):
                run.report(_refused(item.source, item.code, item.reason))
            else:
                run.take(item)
        run.flush()
    return IngestReport(run.reports(), time.perf_counter() - began)


def remove(library: Library, sources: Sequence[str], *, notice: Callable[[str], None] | None = None) -> IngestReport:
    """Take documents out; a source that is not there is refused by name."""
    began = time.perf_counter()
    there = set(library.remove(sources, notice=notice))
    reports = [
        DocumentReport(source, State.REMOVED)
        if source in there
        else _refused(source, "missing", "no document of this name is in the library; `parapet ingest ls` lists them")
        for source in dict.fromkeys(sources)
    ]
    return IngestReport(reports, time.perf_counter() - began)


class _Run:
    """One `add`: the batch being gathered, and what became of each file."""

    def __init__(
        self,
        library: Library,
        writer: LibraryWriter,
        candidates: Sequence[Candidate],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._settings = library.settings
        self._writer = writer
        self._embedder = library.embedder
        self._recipe = f"read-{reading.VERSION}.cut-{chunks.VERSION}.{library.embedder.name}"
        self._rows = writer.rows([candidate.source for candidate in candidates])
        self._pending: dict[str, Entry] = {}
        self._states: dict[str, State] = {}
        self._reports: list[DocumentReport] = []
        self._progress = progress
        self._total_bytes = sum(candidate.size for candidate in candidates)
        self._total_files = len(candidates)
        self._done_bytes = 0
        self._done_files = 0

    def take(self, candidate: Candidate) -> None:
        """Skip a file that is unchanged, else read it into the batch; refusals are noted, not raised."""
        self._tell(candidate.source)
        try:
            reading.check_size(candidate.size, self._settings.max_file_bytes)
            self._consider(candidate)
        except RefusedDocument as refusal:
            self.report(_refused(candidate.source, refusal.code, refusal.reason))
            self._advance(candidate.size)

    def report(self, report: DocumentReport) -> None:
        """Note what became of a path."""
        self._reports.append(report)

    def reports(self) -> list[DocumentReport]:
        """What became of each path, in the order that they were found."""
        return self._reports

    def flush(self) -> None:
        """Write the batch."""
        if not self._pending:
            return
        entries = list(self._pending.values())
        weight = sum(entry.bytes for entry in entries)

        def advanced(done: int, of: int) -> None:
            self._tell(entries[min(len(entries) - 1, done * len(entries) // of)].document.source, weight * done / of)

        self._writer.put(entries, advanced)
        for entry in entries:
            self._advance(entry.bytes)
        self._rows |= self._writer.rows([entry.document.source for entry in entries])
        self._pending.clear()

    def _consider(self, candidate: Candidate) -> None:
        row = self._rows.get(candidate.source)
        if row is not None and self._is_untouched(candidate, row):
            self._unchanged(candidate, row)
            return
        file = reading.read(candidate.source, candidate.path, self._settings.max_file_bytes)
        content_hash = hashlib.sha256(file.content).hexdigest()
        pending = self._pending.get(candidate.source)
        if pending is not None:  # named twice in one run, or two files that would be called the same
            self.flush()
            row = self._rows[candidate.source]
        if row is not None and row.content_hash == content_hash and row.recipe == self._recipe:
            if candidate.source not in self._states:
                self._writer.touch(row.source, origin=candidate.origin, modified_ns=candidate.modified_ns)
            self._unchanged(candidate, row)
            return
        if row is not None and row.content_hash != content_hash:
            _check_same_file(candidate, row)
        self._gather(candidate, file, content_hash, State.ADDED if row is None else State.UPDATED)

    def _gather(self, candidate: Candidate, file: SourceFile, content_hash: str, state: State) -> None:
        document = reading.load(file)
        cut = chunks.chunk(document, self._embedder.count_tokens)
        if not cut:
            raise RefusedDocument("no_text", "it holds no words")
        entry = Entry(
            document,
            cut,
            origin=candidate.origin,
            content_hash=content_hash,
            recipe=self._recipe,
            language=language_of(document.text),
            bytes=candidate.size,
            modified_ns=candidate.modified_ns,
        )
        self._pending[candidate.source] = entry
        self._states[candidate.source] = state
        self.report(
            DocumentReport(candidate.source, state, document.pages, len(document.text), len(cut), entry.language)
        )
        if sum(len(waiting.chunks) for waiting in self._pending.values()) >= BATCH_CHUNKS:
            self.flush()

    def _is_untouched(self, candidate: Candidate, row: DocumentRow) -> bool:
        """Same file, size and time: not worth a look inside, unless it was read right after it was written."""
        same = (row.origin, row.bytes, row.modified_ns, row.recipe) == (
            candidate.origin,
            candidate.size,
            candidate.modified_ns,
            self._recipe,
        )
        return same and row.ingested_at.timestamp() - row.modified_ns / 1e9 > _SETTLED.total_seconds()

    def _unchanged(self, candidate: Candidate, row: DocumentRow) -> None:
        self.report(DocumentReport(row.source, State.UNCHANGED, row.pages, row.characters, row.chunks, row.language))
        self._advance(candidate.size)

    def _advance(self, done_bytes: int) -> None:
        self._done_bytes += done_bytes
        self._done_files += 1

    def _tell(self, source: str, more_bytes: float = 0.0) -> None:
        if self._progress is not None:
            self._progress(
                Progress(
                    min(self._done_bytes + more_bytes, self._total_bytes),
                    self._total_bytes,
                    self._done_files,
                    self._total_files,
                    source,
                )
            )


def _check_same_file(candidate: Candidate, row: DocumentRow) -> None:
    """Two different files must not take turns under one name; a file that has moved may take its old place."""
    if row.origin != candidate.origin and Path(row.origin).exists():
        raise RefusedDocument(
            "source_taken",
            f"another file, {row.origin}, is in the library under this name: rename one of them, or add a folder "
            "that holds both",
        )


def _refused(source: str, code: str, reason: str) -> DocumentReport:
    return DocumentReport(source, State.REFUSED, reason=reason, code=code)
