"""`parapet search`: the passages that retrieval finds, without guards or a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import batch, terminal

if TYPE_CHECKING:
    from ingest.index import Library


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print the hits as one JSON document.")] = False,
    jsonl: Annotated[str | None, typer.Option(help='Queries from a file, one {"id","query"} a line.')] = None,
    collection: Annotated[
        list[str] | None, typer.Option("--collection", "-c", help="Look only into this collection; may be repeated.")
    ] = None,
    out: Annotated[str | None, typer.Option(help="Where the hits go, one line a query; - is stdout.")] = None,
) -> None:
    """Find the passages that are nearest to a query, best first."""
    from ui.command.session import open_library

    if (query is None) == (jsonl is None):
        raise typer.BadParameter("give either a QUERY or --jsonl FILE", param_hint="QUERY")
    with open_library() as library:
        if jsonl is not None:
            if batch.run(jsonl, out, lambda item: _hits(library, batch.text_of(item, "query"), k, collection)):
                raise typer.Exit(1)
            return
        found = _hits(library, query or "", k, collection)
        if as_json:
            terminal.say_json({"query": query} | found, indent=2)
            return
        if not found["hits"]:
            _explain_nothing(library)
        for rank, hit in enumerate(found["hits"], 1):
            page = "" if hit["page"] is None else f", page {hit['page']}"
            terminal.say(f"{rank}. {terminal.one_line(hit['source'])}{page}  (score {hit['score']:.3f})")
            terminal.say(f"   {terminal.one_line(hit['text'], 300)}")


def _hits(library: Library, query: str, k: int, collections: list[str] | None) -> dict[str, Any]:
    from core.clock import Stopwatch
    from core.domain import Filters
    from core.errors import UsageError
    from core.wire import passage_json

    if not query.strip():
        raise UsageError("The query is empty: say what to look for.")
    watch = Stopwatch()
    with watch.step("search"):
        passages = library.search(query, k, filters=Filters(collections=tuple(collections or ())))
    return {"hits": [passage_json(passage) for passage in passages], "ms": watch.ms["search"]}


def _explain_nothing(library: Library) -> None:
    if library.size()[0] == 0:
        terminal.note("The library holds no documents yet: add some with `parapet ingest add FOLDER`.")
    else:
        terminal.note("Nothing was found.")
