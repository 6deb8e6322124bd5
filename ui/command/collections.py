"""`parapet collections`: libraries of their own, each with its sources and its readers."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.command import terminal
from ui.command.wording import counted

app = typer.Typer(
    help="Collections of documents: their sources, and who may read them.", no_args_is_help=True, rich_markup_mode=None
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="The collection.")]


@app.command("ls")
def list_collections(as_json: Json = False) -> None:
    """List the collections with their size, readers and sources."""
    from ui.command.session import open_library

    with open_library() as library:
        for one in library.collections():
            documents, chunks = library.size_of(one)
            sources = [root.location for root in library.sources(one.name)]
            if as_json:
                terminal.say_json(
                    {
                        "name": one.name,
                        "documents": documents,
                        "chunks": chunks,
                        "readers": list(one.readers),
                        "sources": sources,
                    }
                )
                continue
            readers = ", ".join(one.readers) or "everyone"
            terminal.say(f"{one.name}  {counted(documents, 'document')}, {counted(chunks, 'chunk')}, for {readers}")
            for source in sources:
                terminal.say(f"  from {terminal.clean(source)}")


@app.command()
def readers(
    name: Name,
    askers: Annotated[
        list[str] | None, typer.Argument(metavar="[ASKER]...", help="Who may read it; none: everyone.")
    ] = None,
) -> None:
    """Say who may read a collection; it is made when there is none of this name.

    An asker is `local` for whoever uses this machine's pages and commands, `key:NAME` for a key of the HTTP API.
    """
    from ui.command.session import open_library

    with open_library() as library:
        library.set_readers(name, askers or ())
    terminal.say(f"{name} may be read by {', '.join(askers or ()) or 'everyone'}.")


@app.command()
def rm(name: Name) -> None:
    """Remove a collection with its documents, sources and history."""
    from ui.command.session import open_library

    with open_library() as library:
        documents = library.drop(name, notice=terminal.note)
    terminal.say(f"{name} is removed, with {counted(documents, 'document')}.")


@app.command()
def forget(name: Name, source: Annotated[str, typer.Argument(help="A source as `ls` has it, or its path.")]) -> None:
    """Take a source off a collection's list, so that sync no longer follows it; its documents stay."""
    from ingest.finding.gathering import named
    from ui.command.session import open_library

    with open_library() as library:
        library.forget_source(name, named(source).root.location)
    terminal.say(f"{name} no longer follows {terminal.clean(source)}.")
