"""`parapet ingest`: puts documents in, takes them out, says what is there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from ingest.report import IngestReport
    from ingest.shelf import DocumentRow

app = typer.Typer(help="Put documents in, take them out, see what is there.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_REFUSALS, _COULD_NOT_RUN = 1, 2


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders.")],
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what was refused.")] = False,
) -> None:
    """Add files and folders; what is unchanged costs nothing, what has changed is replaced."""
    from ingest import pipeline
    from ui.command.session import open_library

    with open_library() as library, _bar(shown=not quiet) as progress:
        report = pipeline.add(library, paths, progress=progress, notice=terminal.note)
    if as_json:
        terminal.say_json(report.as_json())
    else:
        _tell(report, quiet=quiet)
    if len([document for document in report.documents if document.code == "missing"]) == len(paths):
        raise typer.Exit(_COULD_NOT_RUN)
    if report.refused:
        raise typer.Exit(_REFUSALS)


@app.command()
def rm(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Names as `parapet ingest ls` has them.")],
    as_json: Json = False,
) -> None:
    """Remove documents."""
    from ingest import pipeline
    from ui.command.session import open_library

    with open_library() as library:
        report = pipeline.remove(library, sources, notice=terminal.note)
    if as_json:
        terminal.say_json(report.as_json())
    else:
        _tell(report)
    if report.refused:
        raise typer.Exit(_REFUSALS)


@app.command("ls")
def list_documents(as_json: Json = False) -> None:
    """List the documents, one a line."""
    from ui.command.session import open_library

    with open_library() as library:
        rows = library.documents()
    for row in rows:
        if as_json:
            terminal.say_json(_row_json(row))
        else:
            pages = "" if row.pages is None else f"{row.pages} pages, "
            terminal.say(f"{terminal.clean(row.source)}  ({pages}{row.chunks} chunks, {row.language})")
    if not rows and not as_json:
        terminal.note("The library holds no documents yet: add some with `parapet ingest add FOLDER`.")


@app.command()
def show(
    source: Annotated[str, typer.Argument(help="A name as `parapet ingest ls` has it.")],
    text: Annotated[bool, typer.Option("--text", help="Print the extracted text, which offsets count in.")] = False,
    as_json: Json = False,
) -> None:
    """Show one document: what it is, or its text."""
    from core.errors import UsageError
    from ui.command.session import open_library

    with open_library() as library:
        document = library.document(source)
        row = next((row for row in library.documents() if row.source == source), None)
    if document is None or row is None:
        raise UsageError(f"No document is called {source!r}; `parapet ingest ls` lists them.")
    if as_json:
        chunks = [{"start": s.start, "end": s.end, "heading": s.heading, "page": s.page} for s in document.sections]
        terminal.say_json(_row_json(row) | {"sections": chunks} | ({"text": document.text} if text else {}))
    elif text:
        _write_whole(document.text)
    else:
        for name, value in _row_json(row).items():
            terminal.say(f"{name}: {'-' if value is None else terminal.clean(str(value))}")


@app.command()
def status(as_json: Json = False) -> None:
    """Say how many documents there are, as of when, and whether the index is whole."""
    from core.clock import iso
    from ui.command.session import open_library

    with open_library() as library:
        documents, chunks = library.size()
        as_of = library.as_of()
        faults = library.faults()
        found = {
            "documents": documents,
            "chunks": chunks,
            "as_of": None if as_of is None else iso(as_of),
            "embedder": library.embedder.name,
            "home": str(library.settings.home),
            "faults": faults,
        }
    if as_json:
        terminal.say_json(found)
    else:
        for name, value in found.items():
            if name != "faults":
                terminal.say(f"{name}: {'-' if value is None else value}")
        for fault in faults:
            terminal.say(f"fault: {fault}")
    if faults:
        raise typer.Exit(_REFUSALS)


def _tell(report: IngestReport, *, quiet: bool = False) -> None:
    for document in report.refused:
        terminal.note(f"refused: {terminal.one_line(document.source, 200)}: {terminal.clean(document.reason or '')}")
    if quiet:
        return
    counts = report.as_json()
    told = [
        f"{counts[state]} {state}" for state in ("added", "updated", "unchanged", "removed", "refused") if counts[state]
    ]
    terminal.say(f"{', '.join(told) or 'nothing to do'}; {report.chunks} chunks in {report.seconds:.1f} s")


def _row_json(row: DocumentRow) -> dict[str, Any]:
    from core.clock import iso

    return {
        "source": row.source,
        "title": row.title,
        "origin": row.origin,
        "pages": row.pages,
        "characters": row.characters,
        "chunks": row.chunks,
        "language": row.language,
        "bytes": row.bytes,
        "content_hash": row.content_hash,
        "ingested_at": iso(row.ingested_at),
    }


def _write_whole(text: str) -> None:
    """To a pipe exactly as it is, line ends too; to a terminal without what could steer it."""
    if sys.stdout.isatty():
        terminal.write(terminal.clean(text))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


@contextmanager
def _bar(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on stderr, when that is a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(progress: Progress) -> None:
            name = terminal.one_line(progress.source, 40).replace("[", "\\[")  # not a mark-up of rich's
            files = f"{progress.done_files}/{progress.total_files} {name}"
            bar.update(task, total=progress.total_bytes, completed=progress.done_bytes, description=files)

        yield advance
