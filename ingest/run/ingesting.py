"""One run of `add` or `sync` in the making: looks each source through and has done what must be done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.finding import gathering
from ingest.finding.candidate import Candidate, Lost, Refusal, Unchanged
from ingest.finding.gathering import Item, Named
from ingest.finding.standing import Known, Standing, is_another, known_hash, standing
from ingest.report import DocumentReport, State
from ingest.rows import asides, roots
from ingest.rows.asides import Aside
from ingest.rows.shelf import DocumentRow
from ingest.run import reported
from ingest.run.intake import Intake
from ingest.run.preparing import Job
from ingest.run.remaining import Remaining
from ingest.run.setting import Setting
from ingest.run.telling import Telling
from ingest.sandbox.pool import Sandbox
from ingest.web.crawling import FetchRules
from ingest.writing import LibraryWriter

_LOOKED_UP_AT_ONCE = 400
_FORGET = "; `parapet collections forget` makes sync stop looking for it"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a run treats what it finds."""

    mirror: bool  # take out what is gone from the source; otherwise what was refused before is tried again
    empty_too: bool  # a folder may be empty
    job: Callable[..., Job]
    rules: FetchRules  # how pages are fetched
    home: Path  # the library's own folder, which is no source


class Ingesting:
    """A run over some roots, one after another."""

    def __init__(
        self, writer: LibraryWriter, sandbox: Sandbox[Job], wishes: Wishes, setting: Setting, telling: Telling
    ) -> None:
        """Nothing looked through yet."""
        self._writer = writer
        self._sandbox = sandbox
        self._wishes = wishes
        self._setting = setting
        self._telling = telling
        self._intake = Intake(writer, setting, telling)
        self._remaining = Remaining()

    def take(self, what: Named) -> int:
        """Take in one root; what is gone from it goes, when the run mirrors. How many candidates it had."""
        self._remaining = Remaining()
        if not what.is_site and self._telling.is_watched:
            self._measure(what)
        waiting: deque[Known] = deque()
        for job, result in self._sandbox.map(self._jobs(what, waiting)):
            known = waiting.popleft()
            assert job.source == known.candidate.source
            self._telling.tell(job.source)
            self._intake.receive(known, result)
            self._telling.advance(known.candidate.size)
        self._intake.flush()
        if self._wishes.mirror:
            self._sweep(what)
        with self._setting.database.write() as connection:
            roots.synced(connection, self._setting.collection_id, what.root.location)
        return self._remaining.found

    # --- what is to be prepared ---------------------------------------------------------------------------------

    def _jobs(self, what: Named, waiting: deque[Known]) -> Iterator[Job]:
        """A job for each candidate that must be looked into; the others are told of here and now."""
        found = self._items(what)
        size = 1 if what.is_site else _LOOKED_UP_AT_ONCE  # pages come one by one, politely
        while group := list(islice(found, size)):
            sources = [item.source for item in group]
            rows = self._writer.rows(sources)
            with self._setting.database.read() as connection:
                aside = asides.of_sources(connection, self._setting.collection_id, sources)
            for item in group:
                self._remaining.note(item, in_folder=what.root.kind == roots.FOLDER)
                known = self._look(item, rows, aside)
                if known is not None:
                    waiting.append(known)
                    yield self._job(known)

    def _look(self, item: Item, rows: Mapping[str, DocumentRow], aside: Mapping[str, Aside]) -> Known | None:
        """What must be looked into; the rest is told of."""
        place = self._telling.place()
        row, set_aside = rows.get(item.source), aside.get(item.source)
        if isinstance(item, Candidate):
            return self._compare(item, row, set_aside, place)
        if isinstance(item, Unchanged):
            if row is not None:
                self._telling.report(place, reported.unchanged(row))
        elif not self._is_swept(item, row):
            missed = self._wishes.mirror and item.code == "missing"
            reason = item.reason + (_FORGET if missed else "")
            self._telling.report(place, reported.refused(item.source, item.code, reason))
        return None

    def _is_swept(self, item: Refusal | Lost, row: DocumentRow | None) -> bool:
        """Whether the sweep tells of it: its documents go, and nothing was refused."""
        if not self._wishes.mirror:
            return False
        if isinstance(item, Lost) or item.code == "missing":
            return row is not None
        return item.code == "empty_folder" and self._wishes.empty_too

    def _compare(self, item: Candidate, row: DocumentRow | None, aside: Aside | None, place: int) -> Known | None:
        how = standing(item, row, aside, self._setting.recipe, retry=not self._wishes.mirror)
        if self._intake.has_written(item.source):
            return Known(item, row, aside, place)
        if how is Standing.UNTOUCHED and row is not None:
            self._telling.report(place, reported.unchanged(row))
        elif how is Standing.ASIDE and aside is not None:
            self._telling.report(place, reported.as_before(aside), as_before=True)
        elif row is not None and row.bytes != item.size and is_another(item, row):
            self._telling.report(place, reported.taken(item.source, row.origin), as_before=True)
        else:
            return Known(item, row, aside, place)
        self._telling.tell(item.source)
        self._telling.advance(item.size)
        return None

    def _job(self, known: Known) -> Job:
        candidate = known.candidate
        digest = known_hash(known.row, known.aside, self._setting.recipe, retry=not self._wishes.mirror)
        if self._intake.has_written(candidate.source):
            digest = ""
        return self._wishes.job(
            source=candidate.source, path=candidate.path, content=candidate.content, known_hash=digest
        )

    def _items(self, what: Named) -> Iterator[Item]:
        return gathering.items(what, kept=self._page, rules=self._wishes.rules, home=self._wishes.home)

    def _page(self, url: str) -> Mapping[str, Any] | None:
        """What was kept of a page; one that must be read anew is asked for whatever the server thinks of it."""
        row = self._writer.rows([url]).get(url)
        if row is None:
            return None
        web = row.web or {}
        return web if row.recipe == self._setting.recipe else {"links": web.get("links", ())}

    def _measure(self, what: Named) -> None:
        for item in self._items(what):
            if isinstance(item, Candidate):
                self._telling.expect(item.size)

    # --- what is gone -------------------------------------------------------------------------------------------

    def _sweep(self, what: Named) -> None:
        """Take out what this root brought before and has no more."""
        number = self._setting.collection_id
        with self._setting.database.read() as connection:
            held = roots.held(connection, number, what.root.location)
        self._removed(self._writer.remove(self._remaining.gone(held)))
        with self._setting.database.write() as connection:
            set_aside = asides.of_root(connection, number, what.root.location)
            asides.clear(connection, number, self._remaining.gone_aside(set_aside))
        self._intake.flush()

    def _removed(self, sources: Sequence[str]) -> None:
        for source in sources:
            self._telling.report(self._telling.place(), DocumentReport(source, State.REMOVED))
