"""`parapet search`: the passages that retrieval finds, without guards or a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import batch, filters, terminal, trace

if TYPE_CHECKING:
    from core.domain import Filters, Passage, Trace
    from ingest.index import Library


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 6,
    collection: filters.Collections = None,
    source: filters.Sources = None,
    language: filters.Languages = None,
    after: filters.After = None,
    with_trace: Annotated[
        bool, typer.Option("--trace", help="Tell how the passages were found, and what was left out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the hits as one JSON document.")] = False,
    jsonl: Annotated[
        str | None, typer.Option(help='Queries from a file, one {"id","query"} a line, "filters" too.')
    ] = None,
    out: Annotated[str | None, typer.Option(help="Where the hits go, one line a query; - is stdout.")] = None,
) -> None:
    """Find the passages that are nearest to a query, best first."""
    from ui.command.session import open_library
    from ui.trace import rows

    if (query is None) == (jsonl is None):
        raise typer.BadParameter("give either a QUERY or --jsonl FILE", param_hint="QUERY")
    with open_library() as library:
        narrowed = filters.filters(library, collection, source, language, after)
        if jsonl is not None:

            def one(item: batch.Item) -> dict[str, Any]:
                wanted = filters.of_line(library, item, narrowed)
                return _hits(*_searched(library, batch.text_of(item, "query"), k, wanted), with_trace)

            if batch.run(jsonl, out, one):
                raise typer.Exit(1)
            return
        passages, found, ms = _searched(library, query or "", k, narrowed)
        if as_json:
            terminal.say_json({"query": query} | _hits(passages, found, ms, with_trace), indent=2)
            return
        if not passages:
            _explain_nothing(library, narrowed)
        for passage in passages:
            _say_hit(passage)
        if with_trace:
            trace.say_trace(found, rows(found))


def _searched(library: Library, query: str, k: int, wanted: Filters) -> tuple[list[Passage], Trace, float]:
    """The passages, how they were found, and the milliseconds that it took."""
    from core.clock import Stopwatch
    from core.errors import UsageError

    if not query.strip():
        raise UsageError("The query is empty: say what to look for.")
    watch = Stopwatch()
    with watch.step("search"):
        found = library.retrieve(query, k, filters=wanted)
    return list(found.passages), found.trace, watch.ms["search"]


def _hits(passages: list[Passage], found: Trace, ms: float, with_trace: bool) -> dict[str, Any]:
    from core.wire import passage_json, trace_json

    hits: dict[str, Any] = {"hits": [passage_json(passage) for passage in passages], "ms": ms}
    return hits | ({"trace": trace_json(found)} if with_trace else {})


def _say_hit(passage: Passage) -> None:
    chunk = passage.chunk
    page = "" if chunk.page is None else f", page {chunk.page}"
    terminal.say(f"{passage.rank}. {terminal.one_line(chunk.source)}{page}  (score {passage.score:.3f})")
    terminal.say(f"   {terminal.one_line(chunk.text, 300)}")


def _explain_nothing(library: Library, wanted: Filters) -> None:
    from chains.wording import narrowing

    if library.size()[0] == 0:
        terminal.note("The library holds no documents yet: add some with `parapet ingest add FOLDER`.")
    elif narrowed := narrowing(wanted):
        terminal.note(f"Nothing was found in {terminal.one_line(narrowed, 300)}.")
    else:
        terminal.note("Nothing was found.")
