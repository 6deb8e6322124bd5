"""`parapet ingest`: puts documents in and keeps them in step with their sources. The rest of the verbs join below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import erase, library, quarantine, terminal
from ui.command.ingest_progress import bar
from ui.command.wording import counted

if TYPE_CHECKING:
    from ingest.pipeline import Ingester
    from ingest.report import IngestReport

app = typer.Typer(
    help="Put documents in, keep them in step with their sources, see what is there.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what was refused.")]
Collection = Annotated[str, typer.Option("--collection", "-c", help="The collection that documents go to.")]
Depth = Annotated[
    int | None, typer.Option(min=0, max=100, help="Of an address: follow links this far from the page (0).")
]
AnyHost = Annotated[
    bool | None, typer.Option("--any-host/--same-host", help="Of an address: follow links to other hosts too.")
]
Sitemap = Annotated[
    bool | None, typer.Option("--sitemap/--no-sitemap", help="Of an address: also take the pages of its sitemap.")
]
Pages = Annotated[int | None, typer.Option(min=1, help="Of an address: fetch no more pages than this (1,000).")]
_REFUSALS, _COULD_NOT_RUN = 1, 2
_SAID = ("added", "updated", "unchanged", "removed", "refused", "quarantined")


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders and web addresses.")],
    as_json: Json = False,
    quiet: Quiet = False,
    collection: Collection = "default",
    depth: Depth = None,
    any_host: AnyHost = None,
    sitemap: Sitemap = None,
    max_pages: Pages = None,
) -> None:
    """Add files, folders and pages; what is unchanged costs nothing, what has changed is replaced.

    How far an address is followed is kept for sync; say it again to change it.
    """
    same_host = None if any_host is None else not any_host
    asked = {"depth": depth, "same_host": same_host, "sitemap": sitemap, "most_pages": max_pages}
    with _ingester(quiet, collection, {name: value for name, value in asked.items() if value is not None}) as ingester:
        report = ingester.add(paths)
        _tell(report, as_json=as_json, quiet=quiet)
        _hint(ingester, quiet=quiet or as_json)
    if len([document for document in report.documents if document.code == "missing"]) == len(paths):
        raise typer.Exit(_COULD_NOT_RUN)
    if report.refused:
        raise typer.Exit(_REFUSALS)


@app.command()
def sync(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FOLDER|URL]...", help="What to mirror; nothing: every source of the collection."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    collection: Collection = "default",
    empty_too: Annotated[
        bool, typer.Option("--empty-too", help="Remove everything when a folder is empty (it may not be mounted).")
    ] = False,
) -> None:
    """Make the collection mirror its sources: add, update, and remove what is gone from them."""
    with _ingester(quiet, collection) as ingester:
        report = ingester.sync(paths or (), empty_too=empty_too)
        _tell(report, as_json=as_json, quiet=quiet)
        _hint(ingester, quiet=quiet or as_json)
    if report.refused:
        raise typer.Exit(_REFUSALS)


@app.command()
def diff(
    folder: Annotated[str, typer.Argument(help="The folder to compare with.")],
    as_json: Json = False,
    collection: Collection = "default",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when there are differences.")] = False,
) -> None:
    """Say what sync would do, and do nothing: + to add, ~ to update, - to remove, = as it is."""
    from ingest.difference import difference

    with _ingester(True, collection) as ingester:
        found = difference(ingester.library, folder, collection=collection, recipe=ingester.recipe)
    if as_json:
        refused = [{"source": one.source, "code": one.code, "reason": one.reason} for one in found.refused]
        lists = {"added": found.added, "updated": found.updated, "removed": found.removed}
        terminal.say_json(lists | {"unchanged": found.unchanged, "refused": refused, "summary": found.summary})
    else:
        for mark, sources in (("+", found.added), ("~", found.updated), ("-", found.removed)):
            for source in sources:
                terminal.say(f"{mark} {terminal.one_line(source, 2000)}")
        for one in found.refused:
            terminal.note(f"would be refused: {terminal.one_line(one.source, 200)}: {terminal.clean(one.reason)}")
        terminal.say(found.summary)
    if exit_code and not found.is_empty:
        raise typer.Exit(_REFUSALS)


@app.command()
def watch(
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER...", help="Folders to follow.")],
    as_json: Json = False,
    quiet: Quiet = False,
    collection: Collection = "default",
) -> None:
    """Follow folders: each change is in the library within two seconds. Ctrl-C ends it."""
    from ingest.watching import watch as follow

    with _ingester(True, collection) as ingester:
        said = False
        for report in follow(ingester, folders, stop=Event(), failed=lambda error: terminal.note(str(error))):
            changed = report.refused or report.count_changed()
            if changed or not said:
                _tell(report, as_json=as_json, quiet=quiet, only_news=said)
            if not said and not quiet and not as_json:
                terminal.note(f"Watching {', '.join(folders)}; Ctrl-C ends it.")
            said = True


library.join(app)
app.command()(erase.erase)
app.add_typer(quarantine.app, name="quarantine")


@contextmanager
def _ingester(quiet: bool, collection: str, crawl: Mapping[str, Any] | None = None) -> Iterator[Ingester]:
    from chains.ingestion import open_ingester
    from ui.command.session import open_library

    with (
        open_library() as opened,
        bar(shown=not quiet) as progress,
        open_ingester(
            opened, collection=collection, crawl=crawl or {}, progress=progress, notice=terminal.note
        ) as ingester,
    ):
        yield ingester


def _hint(ingester: Ingester, *, quiet: bool) -> None:
    for notice in [] if quiet else ingester.library.notices():
        terminal.note(notice)


def _tell(report: IngestReport, *, as_json: bool, quiet: bool, only_news: bool = False) -> None:
    if as_json:
        terminal.say_json(report.as_json() if not only_news else _news(report))
        return
    for document in report.refused:
        what = "quarantined" if document.state.value == "quarantined" else "refused"
        terminal.note(f"{what}: {terminal.one_line(document.source, 200)}: {terminal.clean(document.reason or '')}")
    if quiet:
        return
    for document in report.documents:
        if document.empty_pages and document.state.value in {"added", "updated"}:
            shown = ", ".join(map(str, document.empty_pages[:10])) + (" …" if len(document.empty_pages) > 10 else "")
            on = "page" if len(document.empty_pages) == 1 else "pages"
            terminal.note(f"note: {terminal.one_line(document.source, 200)}: no text on {on} {shown}")
    _sum_up(report)


def _sum_up(report: IngestReport) -> None:
    counts = report.counts()
    told = [f"{counts[state]:,} {state}" for state in _SAID if counts[state]]
    line = f"{', '.join(told) or 'nothing to do'}; {counted(report.chunks, 'chunk')} in {report.seconds:.1f} s"
    private, secret = report.found("personal_data"), report.found("secrets")
    if private or secret:
        stretches = counted(private, "stretch", "stretches")
        line += f"; found {stretches} of personal data and {counted(secret, 'secret')} in what went in"
    terminal.say(line)


def _news(report: IngestReport) -> dict[str, Any]:
    """A report without what was unchanged: one line for each change that watch takes in."""
    whole = report.as_json()
    return whole | {"documents": [one for one in whole["documents"] if one["state"] != "unchanged"]}
