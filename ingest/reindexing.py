"""Another way of indexing a collection, built beside the live one and swapped in at once; undone by one command.

The new edition is filled in slices, each under the writing lock, so that questions are answered and other ingests get
their turn meanwhile. A run that was killed goes on where it stood: what has chunks in the new edition is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain import Chunk, Document
from core.errors import UsageError
from ingest import chunks, editions, shelf
from ingest.editions import BUILDING, LIVE, RETIRED, Collection, Edition
from ingest.index import CUT, Library
from ingest.writing import LibraryWriter

_DOCUMENTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Swap:
    """Which edition answered before, and which does now."""

    collection: str
    before: Edition
    now: Edition
    documents: int


Advanced = Callable[[int, int], None]  # documents done, documents in all


def reindex(
    library: Library, collection: str, *, advanced: Advanced | None = None, notice: Callable[[str], None] | None = None
) -> Swap:
    """Index a collection anew by the embedder of the settings and today's way of cutting, then let that answer."""
    of_name, live = _live(library, collection)
    with library.alone(notice):
        building = _building(library, of_name)
    return _complete_and_swap(library, live, building, advanced, notice)


def roll_back(
    library: Library, collection: str, *, advanced: Advanced | None = None, notice: Callable[[str], None] | None = None
) -> Swap:
    """Let the edition of before the last reindex answer again; what changed since is brought into it first."""
    of_name, live = _live(library, collection)
    with library.database.read() as connection:
        before = editions.in_state(connection, of_name.id, RETIRED)
    if before is None:
        raise UsageError(f"There is nothing to go back to: the collection {collection} was not indexed anew before.")
    return _complete_and_swap(library, live, before, advanced, notice)


def _live(library: Library, name: str) -> tuple[Collection, Edition]:
    with library.database.read() as connection:
        of_name = editions.collection(connection, name)
        live = None if of_name is None else editions.in_state(connection, of_name.id, LIVE)
    if of_name is None or live is None:
        raise UsageError(f"There is no collection called {name!r} with documents to index.")
    return of_name, live


def _building(library: Library, collection: Collection) -> Edition:
    """The edition to fill: one that was begun for the same purpose, else a new one."""
    wanted = (library.embedder.name, CUT)
    with library.database.write() as connection:
        begun = editions.in_state(connection, collection.id, BUILDING)
        if begun is not None and (begun.embedder, begun.cut) == wanted:
            return begun
        if begun is not None:
            editions.drop_editions(connection, [begun.id])
        return editions.make_edition(connection, collection.id, *wanted, BUILDING)


def _complete_and_swap(
    library: Library,
    live: Edition,
    new: Edition,
    advanced: Advanced | None,
    notice: Callable[[str], None] | None,
) -> Swap:
    with library.database.read() as connection:
        total = shelf.size(connection, [live.collection_id])[0]
    first = True
    while True:
        with library.alone(notice), library.writer(library.open(new), notice if first else None) as writer:
            with library.database.read() as connection:
                part = shelf.documents_without_chunks(connection, live.collection_id, new.id, _DOCUMENTS_AT_ONCE)
                held = {number: shelf.document(connection, number) for number in part}
            cut = {number: chunks.chunk(document, writer.count_tokens) for number, document in held.items() if document}
            if any(cut.values()):
                writer.put_chunks(cut)
                _tell(library, new, total, advanced)
                first = False
                continue
            writer.sweep()
            with library.database.write() as connection:
                before = editions.in_state(connection, live.collection_id, LIVE)
                assert before is not None
                editions.swap(connection, before, new)
                shelf.recount(connection, live.collection_id, new.id)
                now = editions.edition(connection, new.id)
                assert now is not None
            library.sweep_folders()
            return Swap(live.collection, before, now, total)


def _cut(document: Document, writer: LibraryWriter) -> list[Chunk]:
    made = chunks.chunk(document, writer.count_tokens)
    if not made:  # it went in with chunks once: better one that is cut off than none
        made = [Chunk(document.source, document.title, document.text[:1000], 0, min(1000, len(document.text)))]
    return made


def _tell(library: Library, new: Edition, total: int, advanced: Advanced | None) -> None:
    if advanced is not None:
        with library.database.read() as connection:
            advanced(shelf.count_documents(connection, new.id), total)
