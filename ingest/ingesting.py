"""One run of `add` or `sync` in the making: the batch being gathered, and what became of each file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from core import clock
from ingest import asides, gathering, history, roots
from ingest.asides import Aside
from ingest.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.gathering import Item, Named
from ingest.index import Library
from ingest.prepared import Outcome, Prepared, outcome, stored
from ingest.preparing import Job
from ingest.report import DocumentReport, State
from ingest.sandbox import Failure, Sandbox
from ingest.shelf import DocumentRow, Entry, Facts
from ingest.standing import Standing, known_hash, standing
from ingest.web.crawling import FetchRules
from ingest.writing import LibraryWriter

BATCH_CHUNKS = 256  # small documents are embedded and written together up to this
_LOOKED_UP_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is; bytes tell more than files, which differ in size."""

    done_bytes: float
    total_bytes: int  # 0: not known beforehand, as of a site
    done_files: int
    total_files: int  # 0: not known beforehand
    source: str  # what is being worked on


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a run treats what it finds."""

    mirror: bool  # take out what is gone from the source
    retry: bool  # try again what was refused before
    recipe: str
    job: Callable[..., Job]
    rules: FetchRules  # how pages are fetched


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate that is being prepared, with what the library holds under its source."""

    candidate: Candidate
    row: DocumentRow | None
    aside: Aside | None
    place: int  # among the reports


class Ingesting:
    """A run over some roots, one after another."""

    def __init__(
        self,
        library: Library,
        writer: LibraryWriter,
        sandbox: Sandbox[Job],
        wishes: Wishes,
        run: str,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._library = library
        self._writer = writer
        self._collection_id = writer.edition.collection_id
        self._sandbox = sandbox
        self._wishes = wishes
        self._run = run
        self._progress = progress
        self._reports: dict[int, list[DocumentReport]] = {}  # by place, so that they come in the order found
        self._places = 0
        self._fresh: list[DocumentReport] = []  # not yet in the history
        self._batch: list[Entry] = []
        self._written: dict[str, tuple[str, str]] = {}  # source -> hash and origin of what this run put in
        self._seen: set[str] = set()  # sources that stand, in the root being taken
        self._lost: set[str] = set()  # pages that their server no longer has
        self._broken = False  # something failed, so that what was not seen may stand all the same
        self._kept_below: list[str] = []  # folders that could not be looked into
        self._total_bytes = self._total_files = self._done_files = 0
        self._done_bytes = 0.0

    def take(self, what: Named) -> None:
        """Take in one root; what is gone from it goes, when the run mirrors."""
        self._seen.clear()
        self._lost.clear()
        self._kept_below.clear()
        self._broken = False
        if not what.is_site and self._progress is not None:
            self._measure(what)
        waiting: deque[_Known] = deque()
        for job, result in self._sandbox.map(self._jobs(what, waiting)):
            known = waiting.popleft()
            assert job.source == known.candidate.source
            self._receive(known, result)
        self.flush()
        if self._wishes.mirror:
            self._sweep(what)
        with self._library.database.write() as connection:
            roots.synced(connection, self._collection_id, what.root.location)

    def reports(self) -> list[DocumentReport]:
        """What became of each document, in the order that they were found."""
        return [report for place in sorted(self._reports) for report in self._reports[place]]

    # --- what is to be prepared ---------------------------------------------------------------------------------

    def _jobs(self, what: Named, waiting: deque[_Known]) -> Iterator[Job]:
        """A job for each candidate that must be looked into; the others are told of here and now."""
        found = gathering.items(what, kept=self._page, rules=self._wishes.rules)
        size = 1 if what.is_site else _LOOKED_UP_AT_ONCE  # pages come one by one, politely
        while group := list(islice(found, size)):
            sources = [item.source for item in group if not isinstance(item, Refusal)]
            rows = self._writer.rows(sources)
            with self._library.database.read() as connection:
                aside = asides.of_sources(connection, self._collection_id, sources)
            for item in group:
                known = self._look(item, rows, aside)
                if known is not None:
                    waiting.append(known)
                    yield self._job(known)

    def _look(self, item: Item, rows: Mapping[str, DocumentRow], aside: Mapping[str, Aside]) -> _Known | None:
        place = self._places = self._places + 1
        if isinstance(item, Lost):
            self._lost.add(item.source)
            self._broken = self._broken or self._places == 1  # where the way in is gone, the rest was not looked for
            if not self._wishes.mirror or item.source not in rows:
                self._report(place, _refused(item.source, item.code, item.reason))
            return None
        self._seen.add(item.source)
        if isinstance(item, Refusal):
            if item.below is not None:
                self._kept_below.append(item.below)
            self._broken = self._broken or item.partial
            self._report(place, _refused(item.source, item.code, item.reason))
            return None
        row, set_aside = rows.get(item.source), aside.get(item.source)
        if isinstance(item, Unchanged):
            if row is not None:
                self._unchanged(place, row)
            elif set_aside is not None:
                self._report(place, _as_before(set_aside))
            return None
        how = standing(item, row, set_aside, self._wishes.recipe, retry=self._wishes.retry)
        if how is Standing.UNTOUCHED and item.source not in self._written:
            assert row is not None
            self._unchanged(place, row)
        elif how is Standing.ASIDE:
            assert set_aside is not None
            self._report(place, _as_before(set_aside))
        else:
            return _Known(item, row, set_aside, place)
        self._tell(item.source)
        self._advance(item.size)
        return None

    def _job(self, known: _Known) -> Job:
        candidate = known.candidate
        digest = known_hash(known.row, known.aside, self._wishes.recipe, retry=self._wishes.retry)
        if candidate.source in self._written:  # named twice in one run, or two files that would be called the same
            digest = ""
        return self._wishes.job(
            source=candidate.source, path=candidate.path, content=candidate.content, known_hash=digest
        )

    def _page(self, url: str) -> Mapping[str, Any] | None:
        row = self._writer.rows([url]).get(url)
        return None if row is None else row.web or {}

    # --- what came of it ----------------------------------------------------------------------------------------

    def _receive(self, known: _Known, result: bytes | Failure) -> None:
        self._tell(known.candidate.source)
        if isinstance(result, Failure):
            self._refuse(known, known.candidate.source, result.code, result.reason)
        else:
            try:
                self._sort(known, outcome(result))
            except ValueError:
                self._refuse(known, known.candidate.source, "crashed", "the process that read it gave no sound result")
        self._advance(known.candidate.size)

    def _sort(self, known: _Known, came: Outcome) -> None:
        candidate, row = known.candidate, known.row
        if not came.prepared and known.aside is not None:
            self._report(known.place, _as_before(known.aside))
            return
        written = self._written.get(candidate.source)
        if written is not None:
            self._twice(known, came, *written)
            return
        same = row is not None and row.content_hash == came.content_hash and row.recipe == self._wishes.recipe
        if row is not None and same:
            self._writer.touch(
                row,
                origin=candidate.origin,
                root=candidate.root,
                modified_ns=candidate.modified_ns,
                **({} if candidate.web is None else {"web": dict(candidate.web)}),
            )
            self._clear_aside(candidate.source)
            self._unchanged(known.place, row)
            return
        if row is not None and row.content_hash != came.content_hash and _is_another(candidate, row):
            self._refuse(known, candidate.source, "source_taken", _taken(row.origin))
            return
        for prepared in came.prepared:
            self._seen.add(prepared.source)
            self._admit(known, prepared)
        self._drop_lost_contents(candidate.source, came)

    def _twice(self, known: _Known, came: Outcome, digest: str, origin: str) -> None:
        if digest == came.content_hash:
            self._report(known.place, DocumentReport(known.candidate.source, State.UNCHANGED))
        else:
            self._report(known.place, _refused(known.candidate.source, "source_taken", _taken(origin)))

    def _admit(self, known: _Known, prepared: Prepared) -> None:
        """Into the batch, or set aside."""
        if prepared.refusal is not None:
            self._refuse(known, prepared.source, *prepared.refusal, prepared=prepared)
            return
        found = prepared.inspection
        if found.quarantine:
            self._set_aside(known, prepared, asides.QUARANTINED, "quarantined", found.quarantine)
            self._report(known.place, _report(prepared, State.QUARANTINED, found.quarantine))
            return
        assert prepared.document is not None
        row = known.row if prepared.container is None else self._writer.rows([prepared.source]).get(prepared.source)
        self._written[prepared.source] = (prepared.content_hash, known.candidate.origin)
        self._batch.append(Entry(prepared.document, prepared.chunks, self._facts(known.candidate, prepared)))
        self._report(known.place, _report(prepared, State.ADDED if row is None else State.UPDATED))
        if sum(len(entry.chunks) for entry in self._batch) >= BATCH_CHUNKS:
            self.flush()

    def _facts(self, candidate: Candidate, prepared: Prepared) -> Facts:
        return Facts(
            origin=candidate.origin,
            root=candidate.root,
            content_hash=prepared.content_hash,
            recipe=self._wishes.recipe,
            language=prepared.language,
            bytes=candidate.size if prepared.container is None else prepared.bytes,
            modified_ns=candidate.modified_ns,
            container=prepared.container,
            personal_data=prepared.inspection.personal_data,
            secrets=prepared.inspection.secrets,
            web=candidate.web if prepared.container is None else None,
        )

    def _refuse(self, known: _Known, source: str, code: str, reason: str, *, prepared: Prepared | None = None) -> None:
        """Note a refusal, so that the next run need not find it out again; what the library has of it stays."""
        self._set_aside(known, prepared or Prepared(source, "", 0.0, 0), asides.REFUSED, code, reason)
        self._report(known.place, _refused(source, code, reason))

    def _set_aside(self, known: _Known, prepared: Prepared, state: str, code: str, reason: str) -> None:
        candidate = known.candidate
        inside = prepared.container is not None
        aside = Aside(
            id=clock.new_id(),
            collection=self._writer.edition.collection,
            source=prepared.source,
            origin=candidate.origin,
            root=candidate.root,
            state=state,
            code=code,
            reason=reason,
            suspects=prepared.inspection.suspects,
            document=stored(prepared) if state == asides.QUARANTINED else None,
            content_hash=prepared.content_hash,
            recipe=self._wishes.recipe,
            bytes=prepared.bytes if inside else candidate.size,
            modified_ns=candidate.modified_ns,
            found_at=clock.now(),
        )
        with self._library.database.write() as connection:
            asides.put(connection, self._collection_id, aside)

    def _clear_aside(self, source: str) -> None:
        with self._library.database.write() as connection:
            asides.clear(connection, self._collection_id, [source])

    def flush(self) -> None:
        """Write the batch, and the history of what was done."""
        entries, self._batch = self._batch, []
        if entries:

            def advanced(done: int, of: int) -> None:
                self._tell(entries[min(len(entries) - 1, done * len(entries) // of)].document.source)

            self._writer.put(entries, advanced)
        fresh, self._fresh = self._fresh, []
        with self._library.database.write() as connection:
            history.note(connection, self._run, fresh)

    # --- what is gone -------------------------------------------------------------------------------------------

    def _drop_lost_contents(self, source: str, came: Outcome) -> None:
        """Take out what was inside of a document before and is so no more."""
        now = {prepared.source for prepared in came.prepared}
        lost = [one for one in self._writer.contents(source) if one not in now]
        if lost:
            self.flush()
            self._removed(self._writer.remove(lost))

    def _sweep(self, what: Named) -> None:
        """Take out what this root brought before and has no more."""
        held = self._writer.rows(root=what.root.location)
        gone = [row.source for row in held.values() if row.container is None and not self._stands(row.source)]
        self._removed(self._writer.remove(gone))
        with self._library.database.write() as connection:
            set_aside = asides.of_root(connection, self._collection_id, what.root.location)
            lost = [one.source for one in set_aside if not self._stands(one.source.split("#", 1)[0])]
            asides.clear(connection, self._collection_id, [one for one in lost if not self._stands(one)])
        self.flush()

    def _stands(self, source: str) -> bool:
        if source in self._lost:
            return False
        return (
            source in self._seen
            or self._broken
            or any(not below or source.startswith(f"{below}/") for below in self._kept_below)
        )

    def _removed(self, sources: Sequence[str]) -> None:
        for source in sources:
            self._places += 1
            self._report(self._places, DocumentReport(source, State.REMOVED))

    # --- telling ------------------------------------------------------------------------------------------------

    def _unchanged(self, place: int, row: DocumentRow) -> None:
        self._report(
            place,
            DocumentReport(
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
            ),
        )

    def _report(self, place: int, report: DocumentReport) -> None:
        self._reports.setdefault(place, []).append(report)
        if report.state is not State.UNCHANGED:
            self._fresh.append(report)

    def _measure(self, what: Named) -> None:
        for item in gathering.items(what, kept=self._page, rules=self._wishes.rules):
            if isinstance(item, Candidate):
                self._total_bytes += item.size
                self._total_files += 1

    def _advance(self, done_bytes: int) -> None:
        self._done_bytes += done_bytes
        self._done_files += 1

    def _tell(self, source: str) -> None:
        if self._progress is not None:
            done = min(self._done_bytes, self._total_bytes) if self._total_bytes else self._done_bytes
            self._progress(Progress(done, self._total_bytes, self._done_files, self._total_files, source))


def _is_another(candidate: Candidate, row: DocumentRow) -> bool:
    """Two different files must not take turns under one name; a file that has moved may take its old place."""
    return candidate.content is None and row.origin != candidate.origin and Path(row.origin).exists()


def _taken(origin: str) -> str:
    return (
        f"another file, {origin}, is in the library under this name: rename one of them, or add a folder that holds "
        "both"
    )


def _refused(source: str, code: str, reason: str) -> DocumentReport:
    return DocumentReport(source, State.REFUSED, reason=reason, code=code)


def _as_before(aside: Aside) -> DocumentReport:
    state = State.QUARANTINED if aside.state == asides.QUARANTINED else State.REFUSED
    return DocumentReport(aside.source, state, reason=aside.reason, code=aside.code)


def _report(prepared: Prepared, state: State, reason: str | None = None) -> DocumentReport:
    document, found = prepared.document, prepared.inspection
    assert document is not None
    return DocumentReport(
        prepared.source,
        state,
        document.pages,
        len(document.text),
        None if state is State.QUARANTINED else len(prepared.chunks),
        prepared.language,
        reason,
        "quarantined" if state is State.QUARANTINED else None,
        document.tables,
        document.empty_pages,
        found.personal_data,
        found.secrets,
        prepared.seconds,
        prepared.content_hash,
    )
