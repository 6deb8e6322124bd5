"""The verbs of `parapet ingest` that look at the library or change it as a whole: ls, show, rm, status and the like."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal
from ui.command.wording import counted

if TYPE_CHECKING:
    from ingest.rows.shelf import DocumentRow

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Collection = Annotated[str, typer.Option("--collection", "-c", help="The collection.")]
AnyCollection = Annotated[str | None, typer.Option("--collection", "-c", help="The collection; none: all.")]
Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Names as `parapet ingest ls` has them.")]
_FINDINGS = 1


def join(app: typer.Typer) -> None:
    """Make these verbs sub-commands."""
    app.command("ls")(list_documents)
    for verb in (show, rm, status, history, verify, reindex):
        app.command()(verb)


def list_documents(as_json: Json = False, collection: AnyCollection = None) -> None:
    """List the documents, one a line."""
    from ui.command.session import open_library

    with open_library() as library:
        rows = library.documents(collection)
        several = len(library.collections()) > 1
    for row in rows:
        if as_json:
            terminal.say_json(_row_json(row))
        else:
            pages = "" if row.pages is None else f"{counted(row.pages, 'page')}, "
            where = f", {row.collection}" if several else ""
            terminal.say(
                f"{terminal.clean(row.source)}  ({pages}{counted(row.chunks, 'chunk')}, {row.language}{where})"
            )
    if not rows and not as_json:
        terminal.note("The library holds no documents yet: add some with `parapet ingest add FOLDER`.")


def show(
    source: Annotated[str, typer.Argument(help="A name as `parapet ingest ls` has it.")],
    text: Annotated[bool, typer.Option("--text", help="Print the extracted text, which offsets count in.")] = False,
    chunks: Annotated[bool, typer.Option("--chunks", help="Print the chunks as questions find them.")] = False,
    as_json: Json = False,
    collection: AnyCollection = None,
) -> None:
    """Show one document: what it is, its text, or its chunks."""
    from core.errors import UsageError
    from ui.command.session import open_library

    with open_library() as library:
        row = library.document_row(source, collection)
        document = library.document(source, collection)
        if document is None or row is None:
            raise UsageError(f"No document is called {source!r}; `parapet ingest ls` lists them.")
        cut = library.chunks(row)
    if as_json:
        pieces = [{"start": c.start, "end": c.end, "heading": c.heading, "page": c.page} for c in cut]
        terminal.say_json(_row_json(row) | {"sections": pieces} | ({"text": document.text} if text else {}))
    elif text:
        _write_whole(document.text)
    elif chunks:
        for number, chunk in enumerate(cut, 1):
            page = "" if chunk.page is None else f", page {chunk.page}"
            heading = terminal.one_line(" > ".join(chunk.heading))
            terminal.say(f"--- {number}: {chunk.start}-{chunk.end}{page}  {heading}".rstrip())
            terminal.say(terminal.clean(chunk.text))
    else:
        for name, value in _row_json(row).items():
            terminal.say(f"{name}: {'-' if value in (None, []) else terminal.clean(str(value))}")


def rm(sources: Sources, as_json: Json = False, collection: Collection = "default") -> None:
    """Remove documents from the library; `erase` also removes every trace of them."""
    from ingest import pipeline
    from ui.command.session import open_library

    with open_library() as library:
        report = pipeline.remove(library, sources, collection=collection, notice=terminal.note)
    if as_json:
        terminal.say_json(report.as_json())
    else:
        for document in report.refused:
            terminal.note(f"refused: {terminal.one_line(document.source, 200)}: {document.reason}")
        removed = report.as_json()["removed"]
        terminal.say(f"{removed} removed")
    if report.refused:
        raise typer.Exit(_FINDINGS)


def status(as_json: Json = False) -> None:
    """Say how many documents there are, as of when, what waits, and whether the index is whole."""
    from core.clock import iso
    from ui.command.session import open_library

    with open_library() as library:
        documents, chunks = library.size()
        as_of = library.as_of()
        faults = library.faults()
        found: dict[str, Any] = {
            "documents": documents,
            "chunks": chunks,
            "as_of": None if as_of is None else iso(as_of),
            "embedder": library.embedder.name,
            "home": str(library.settings.home),
            "set_aside": library.set_aside(),
            "collections": [
                {
                    "name": one.name,
                    "documents": library.size_of(one)[0],
                    "chunks": library.size_of(one)[1],
                    "readers": list(one.readers) or ["everyone"],
                    "sources": [root.location for root in library.sources(one.name)],
                }
                for one in library.collections()
            ],
            "notices": library.notices(),
            "faults": faults,
        }
    if as_json:
        terminal.say_json(found)
    else:
        _say_status(found)
    if faults:
        raise typer.Exit(_FINDINGS)


def _say_status(found: dict[str, Any]) -> None:
    for name in ("documents", "chunks", "as_of", "embedder", "home"):
        terminal.say(f"{name}: {'-' if found[name] is None else found[name]}")
    waiting = ", ".join(f"{number} {state}" for state, number in found["set_aside"].items() if number)
    terminal.say(f"set aside: {waiting or '-'}")
    for one in found["collections"]:
        readers = ", ".join(one["readers"])
        terminal.say(
            f"collection {one['name']}: {counted(one['documents'], 'document')}, "
            f"{counted(one['chunks'], 'chunk')}, for {readers}"
        )
        for source in one["sources"]:
            terminal.say(f"  from {terminal.clean(source)}")
    for notice in found["notices"]:
        terminal.say(f"notice: {notice}")
    for fault in found["faults"]:
        terminal.say(f"fault: {fault}")


def history(
    source: Annotated[str | None, typer.Argument(help="A document; none: the latest runs.")] = None,
    as_json: Json = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many lines.")] = 30,
) -> None:
    """Say what was done to the library, run by run, or to one document over time."""
    from core.clock import iso
    from ui.command.session import open_library

    with open_library() as library:
        if source is None:
            for run in library.history(limit):
                if as_json:
                    terminal.say_json(moments(asdict(run)))
                    continue
                told = ", ".join(f"{number} {state}" for state, number in run.counts.items() if number)
                ended = told or "nothing" if run.ended_at else "not ended: it runs, or was stopped"
                words = terminal.one_line(" ".join(map(str, run.arguments)), 200)
                terminal.say(f"{iso(run.began_at)}  {run.command} {words}  [{run.collection}]  {ended}")
            return
        events = library.history_of(source, limit)
        for event in events:
            if as_json:
                terminal.say_json(moments(asdict(event)))
                continue
            hashed = f"  sha256 {event.content_hash[:12]}" if event.content_hash else ""
            chunks = f"  {counted(event.chunks, 'chunk')}" if event.chunks else ""
            why = f" ({event.code})" if event.code else ""
            terminal.say(
                f"{iso(event.at)}  {event.state}{why} by {event.command}  [{event.collection}]{chunks}{hashed}"
            )
    if not events and not as_json:
        terminal.note(f"Nothing is known of a document called {source!r}.")


def verify(
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is wrong, mend nothing.")] = False,
) -> None:
    """Prove that database, index and disk agree, and mend what does not. Exits with 1 when something did not."""
    from ingest.verifying import verify as look
    from ui.command.session import open_library

    with open_library() as library:
        found = look(library, mend=not dry_run, notice=terminal.note)
    if as_json:
        terminal.say_json({"ok": not found.findings} | asdict(found))
    else:
        for finding in found.findings:
            mended = "mended" if finding.mended else "not mended"
            terminal.say(f"{mended}: {terminal.clean(finding.where)}: {terminal.clean(finding.what)}")
        told = "all agree" if not found.findings else counted(len(found.findings), "finding")
        terminal.say(
            f"{counted(found.documents, 'document')}, {counted(found.chunks, 'chunk')}, "
            f"{counted(found.editions, 'index', 'indexes')}: {told}"
        )
    if found.findings:
        raise typer.Exit(_FINDINGS)


def reindex(
    collection: Collection = "default",
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the index of before the last one.")] = False,
    as_json: Json = False,
) -> None:
    """Index a collection anew, beside the live index, and swap at once: for a new embedding model or way of cutting."""
    from ingest import reindexing
    from ui.command.session import open_library

    line = terminal.Progress()

    def advanced(done: int, of: int) -> None:
        line.show(f"{done:,} of {of:,} documents")

    with open_library() as library:
        work = reindexing.roll_back if rollback else reindexing.reindex
        swap = work(library, collection, advanced=advanced, notice=terminal.note)
    line.clear()
    if as_json:
        before, now = ({"embedder": one.embedder, "cut": one.cut} for one in (swap.before, swap.now))
        told = {"collection": swap.collection, "documents": swap.documents, "before": before, "now": now}
        terminal.say_json(told)
    else:
        terminal.say(f"The collection {swap.collection} ({counted(swap.documents, 'document')}) is now answered by")
        terminal.say(f"  {swap.now.embedder}, {swap.now.cut}")
        terminal.say(
            f"before: {swap.before.embedder}, {swap.before.cut}; `parapet ingest reindex --rollback` goes back."
        )


def _row_json(row: DocumentRow) -> dict[str, Any]:
    from core.clock import iso

    return {
        "collection": row.collection,
        "source": row.source,
        "title": row.title,
        "origin": row.origin,
        "inside_of": row.container,
        "pages": row.pages,
        "empty_pages": list(row.empty_pages),
        "characters": row.characters,
        "tables": row.tables,
        "chunks": row.chunks,
        "language": row.language,
        "personal_data": row.personal_data,
        "secrets": row.secrets,
        "bytes": row.bytes,
        "content_hash": row.content_hash,
        "ingested_at": iso(row.ingested_at),
    }


def moments(values: dict[str, Any]) -> dict[str, Any]:
    """With moments as JSON has them."""
    from datetime import datetime

    from core.clock import iso

    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _write_whole(text: str) -> None:
    """To a pipe exactly as it is, line ends too; to a terminal without what could steer it."""
    if sys.stdout.isatty():
        terminal.write(terminal.clean(text))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
