"""Sources in, report out: finds files and pages, skips what is unchanged, has the rest prepared, writes it in batches.

What is done stays done: each batch is whole when it is written, so a run that was stopped goes on where it stood.
Parsing happens in processes of its own (`sandbox`, `preparing`) while this one embeds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.ports import Inspector
from ingest import reading
from ingest.finding import presence
from ingest.finding.gathering import Named, again, named
from ingest.finding.walking import climbs
from ingest.index import Library
from ingest.report import DocumentReport, IngestReport, State
from ingest.rows import asides, editions, history, roots
from ingest.rows.editions import DEFAULT
from ingest.rows.roots import Root
from ingest.run.ingesting import Ingesting, Wishes
from ingest.run.preparing import Job, prepare
from ingest.run.setting import Setting
from ingest.run.telling import Progress, Telling
from ingest.sandbox.pool import Limits, Sandbox
from ingest.source import ReadOptions
from ingest.web.crawling import FetchRules
from ingest.writing import LibraryWriter

__all__ = ["Ingester", "Progress", "add", "remove"]


@dataclass
class Ingester:
    """Puts what sources hold into one collection; keeps its parsing processes between calls, until `close`."""

    library: Library
    collection: str = DEFAULT
    inspector: Inspector | None = None  # looks each document over before it goes in
    crawl: Mapping[str, Any] = field(default_factory=dict)  # fields of Site where addresses are followed otherwise
    progress: Callable[[Progress], None] | None = None
    notice: Callable[[str], None] | None = None  # told when a run waits for another process, or repairs the index
    _sandbox: Sandbox[Job] | None = None

    def add(self, given: Iterable[str | Path]) -> IngestReport:
        """Put every document of these files, folders and sites in; what can't go in is refused by name."""
        return self._run("add", self._named(given), mirror=False)

    def sync(self, given: Sequence[str | Path] = (), *, empty_too: bool = False) -> IngestReport:
        """Make the collection hold what its sources hold: add, update, and take out what is gone from them.

        Nothing named: every source of the collection. UsageError when a folder is not there, or is empty although
        documents came from it, unless `empty_too`: then an unmounted disk would have emptied the collection.
        """
        chosen = self._named(given) if given else self._listed()
        home = self.library.settings.home
        presence.check(self.library.database, self.collection, chosen, empty_too=empty_too, home=home)
        return self._run("sync", chosen, mirror=True, empty_too=empty_too)

    def warm(self) -> None:
        """Start the parsing processes and load the model, so that the next document need not wait for them."""
        words = [self._job(source="warm", path=Path("warm.txt"), content=b"warm")]
        for _ in self._parsing().map(words):
            self.library.embedder.embed(["warm"])

    def close(self) -> None:
        """End the parsing processes."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def __enter__(self) -> Ingester:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, command: str, chosen: Sequence[Named], *, mirror: bool, empty_too: bool = False) -> IngestReport:
        began = time.perf_counter()
        home = self.library.settings.home
        wishes = Wishes(mirror=mirror, empty_too=empty_too, job=self._job, rules=self._rules(), home=home)
        telling = Telling(self.progress)
        with self.library.writing(self.notice, collection=self.collection) as writer:
            run, new = self._begin(writer, command, chosen)
            number = writer.edition.collection_id
            setting = Setting(self.library.database, run, self.collection, number, self.recipe)
            ingesting = Ingesting(writer, self._parsing(), wishes, setting, telling)
            came = {one.root.location: ingesting.take(one) for one in chosen}
            report = IngestReport(telling.reports(), time.perf_counter() - began, self.collection)
            with self.library.database.write() as connection:
                for location in new:
                    if not came[location]:
                        roots.forget(connection, number, location)
                history.end(connection, run, report.counts())
        return report

    def _begin(self, writer: LibraryWriter, command: str, chosen: Sequence[Named]) -> tuple[str, list[str]]:
        """The run's id, and the sites that are new: one that gives nothing was a slip and is not followed."""
        number = writer.edition.collection_id
        with self.library.database.write() as connection:
            known = {root.location for root in roots.listed(connection, self.collection)}
            for one in chosen:
                if one.is_site or (Path(one.root.location).exists() and not climbs(one.given)):
                    roots.note(connection, number, one.root)
            run = history.begin(connection, number, command, [one.given for one in chosen])
        return run, [one.root.location for one in chosen if one.is_site and one.root.location not in known]

    @property
    def recipe(self) -> str:
        """What decides, besides the content, how a document is read: it is read anew when this changes."""
        return recipe_of(self._read_options(), self.inspector)

    def _rules(self) -> FetchRules:
        settings = self.library.settings
        return FetchRules(
            allowed_hosts=frozenset(settings.web_host_names),
            delay_seconds=settings.web_delay_seconds,
            max_bytes=settings.max_file_bytes,
        )

    def _read_options(self) -> ReadOptions:
        settings = self.library.settings
        return ReadOptions(settings.json_field_names, settings.ocr == "auto", settings.ocr_languages)

    def _job(self, **what: Any) -> Job:
        limit = self.library.settings.max_file_bytes
        return Job(**what, max_bytes=limit, options=self._read_options(), inspector=self.inspector)

    def _parsing(self) -> Sandbox[Job]:
        if self._sandbox is None:
            settings = self.library.settings
            limits = Limits(
                memory_bytes=settings.reading_memory_bytes,
                seconds=settings.reading_seconds,
                cpu_seconds=settings.reading_cpu_seconds,
                total_seconds=settings.reading_total_seconds,
                output_bytes=settings.reading_output_bytes,
            )
            self._sandbox = Sandbox(prepare, limits=limits, workers=settings.reading_workers)
        return self._sandbox

    def _known(self) -> list[Root]:
        with self.library.database.read() as connection:
            return roots.listed(connection, self.collection)

    def _named(self, given: Iterable[str | Path]) -> list[Named]:
        """What is named, each once; a known address is followed as before, if not told otherwise."""
        before = {root.location: root.options for root in self._known()}
        found = {(one.root.location, climbs(one.given)): one for one in map(named, given)}.values()
        return [named(one.given, {**before.get(one.root.location, {}), **self.crawl}) for one in found]

    def _listed(self) -> list[Named]:
        found = self._known()
        if not found:
            raise UsageError(
                f"The collection {self.collection} has no sources yet: `parapet ingest add` a file, a folder or an "
                "address first."
            )
        return [again(root) for root in found]


def recipe_of(options: ReadOptions, inspector: Inspector | None) -> str:
    """The name of a way of reading."""
    return f"read-{reading.VERSION}.{options.version}.{'' if inspector is None else inspector.version}"[:200]


def add(
    library: Library,
    paths: Iterable[str | Path],
    *,
    progress: Callable[[Progress], None] | None = None,
    notice: Callable[[str], None] | None = None,
    inspector: Inspector | None = None,
    collection: str = DEFAULT,
) -> IngestReport:
    """`Ingester.add`, once."""
    with Ingester(library, collection, inspector, progress=progress, notice=notice) as ingester:
        return ingester.add(paths)


def remove(
    library: Library,
    sources: Sequence[str],
    *,
    collection: str = DEFAULT,
    notice: Callable[[str], None] | None = None,
) -> IngestReport:
    """Take documents out, and what came inside of them; a source that is not there is refused by name.

    What waits in quarantine inside of them goes, too. UsageError when there is no collection of this name.
    """
    began = time.perf_counter()
    _check_collection(library, collection)
    with library.writing(notice, collection=collection) as writer:
        number = writer.edition.collection_id
        with library.database.write() as connection:
            run = history.begin(connection, number, "rm", list(sources))
        there = set(writer.remove(sources))
        reports = [
            DocumentReport(source, State.REMOVED) if source in there else _missing(source, collection)
            for source in dict.fromkeys([*sources, *sorted(there)])
        ]
        report = IngestReport(reports, time.perf_counter() - began, collection)
        with library.database.write() as connection:
            asides.clear(connection, number, asides.inside_of(connection, number, sorted(there)))
            history.note(connection, run, reports)
            history.end(connection, run, report.counts())
    return report


def _check_collection(library: Library, name: str) -> None:
    with library.database.read() as connection:
        if editions.collection(connection, name) is None:
            known = ", ".join(one.name for one in editions.every_collection(connection)) or "none yet"
            raise UsageError(f"There is no collection called {name!r} (known: {known}).")


def _missing(source: str, collection: str) -> DocumentReport:
    why = f"no document of this name is in the collection {collection}; `parapet ingest ls` lists them"
    return DocumentReport(source, State.REFUSED, reason=why, code="missing")
