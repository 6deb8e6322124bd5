"""Sources in, report out: finds files and pages, skips what is unchanged, has the rest prepared, writes it in batches.

What is done stays done: each batch is whole when it is written, so a run that was stopped goes on where it stood.
Parsing happens in processes of its own (`sandbox`, `preparing`) while this one embeds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.ports import Inspector
from ingest import history, reading, roots
from ingest.editions import DEFAULT
from ingest.gathering import Named, named
from ingest.index import Library
from ingest.ingesting import Ingesting, Progress, Wishes
from ingest.preparing import Job, prepare
from ingest.report import DocumentReport, IngestReport, State
from ingest.sandbox import Limits, Sandbox
from ingest.source import ReadOptions
from ingest.web.crawling import FetchRules, Site
from ingest.writing import LibraryWriter

__all__ = ["Ingester", "Progress", "add", "remove"]


@dataclass
class Ingester:
    """Puts what sources hold into one collection; keeps its parsing processes between calls, until `close`."""

    library: Library
    collection: str = DEFAULT
    inspector: Inspector | None = None  # looks each document over before it goes in
    site: Site = field(default_factory=lambda: Site(""))  # how far an address is followed
    progress: Callable[[Progress], None] | None = None
    notice: Callable[[str], None] | None = None  # told when a run waits for another process, or repairs the index
    _sandbox: Sandbox[Job] | None = None

    def add(self, given: Iterable[str | Path]) -> IngestReport:
        """Put every document of these files, folders and sites in; what can't go in is refused by name."""
        return self._run("add", [named(one, self.site) for one in given], mirror=False)

    def sync(self, given: Sequence[str | Path] = (), *, empty_too: bool = False) -> IngestReport:
        """Make the collection hold what its sources hold: add, update, and take out what is gone from them.

        Nothing named: every source of the collection. UsageError when a folder is not there, or is empty although
        documents came from it, unless `empty_too`: then an unmounted disk would have emptied the collection.
        """
        chosen = [named(one, self.site) for one in given] if given else self._listed()
        self._check(chosen, empty_too=empty_too)
        return self._run("sync", chosen, mirror=True)

    def close(self) -> None:
        """End the parsing processes."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def __enter__(self) -> Ingester:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, command: str, chosen: Sequence[Named], *, mirror: bool) -> IngestReport:
        began = time.perf_counter()
        with self.library.writing(self.notice, collection=self.collection) as writer:
            run = self._begin(writer, command, chosen)
            wishes = Wishes(mirror=mirror, retry=not mirror, recipe=self.recipe, job=self._job, rules=self._rules())
            ingesting = Ingesting(self.library, writer, self._parsing(), wishes, run, self.progress)
            for one in chosen:
                ingesting.take(one)
            report = IngestReport(ingesting.reports(), time.perf_counter() - began, self.collection)
            with self.library.database.write() as connection:
                history.end(connection, run, report.counts())
        return report

    def _begin(self, writer: LibraryWriter, command: str, chosen: Sequence[Named]) -> str:
        with self.library.database.write() as connection:
            for one in chosen:
                if one.is_site or Path(one.root.location).exists():
                    roots.note(connection, writer.edition.collection_id, one.root)
            return history.begin(connection, writer.edition.collection_id, command, [one.given for one in chosen])

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

    def _listed(self) -> list[Named]:
        with self.library.database.read() as connection:
            found = roots.listed(connection, self.collection)
        if not found:
            raise UsageError(
                f"The collection {self.collection} has no sources yet: name a folder, or `parapet ingest add` one."
            )
        return [Named(root.location, root) for root in found]

    def _check(self, chosen: Sequence[Named], *, empty_too: bool) -> None:
        for one in chosen:
            path = Path(one.root.location)
            if one.is_site or one.root.kind == roots.FILE:
                continue
            if not path.is_dir():
                raise UsageError(f"{one.given}: there is no such folder. Nothing was removed.")
            if not empty_too and not any(path.iterdir()) and self._held(one.root):
                raise UsageError(
                    f"{one.given} is empty, but {self._held(one.root)} documents came from it. Nothing was removed; "
                    "if it is meant to be empty, run sync with --empty-too."
                )

    def _held(self, root: roots.Root) -> int:
        return sum(row.root == root.location for row in self.library.documents() if row.collection == self.collection)


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
    """Take documents out, and what came inside of them; a source that is not there is refused by name."""
    began = time.perf_counter()
    with library.writing(notice, collection=collection) as writer:
        with library.database.write() as connection:
            run = history.begin(connection, writer.edition.collection_id, "rm", list(sources))
        there = set(writer.remove(sources))
        why = "no document of this name is in the collection; `parapet ingest ls` lists them"
        reports = [
            DocumentReport(source, State.REMOVED)
            if source in there
            else DocumentReport(source, State.REFUSED, reason=why, code="missing")
            for source in dict.fromkeys([*sources, *sorted(there)])
        ]
        report = IngestReport(reports, time.perf_counter() - began, collection)
        with library.database.write() as connection:
            history.note(connection, run, reports)
            history.end(connection, run, report.counts())
    return report
