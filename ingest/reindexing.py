"""Another way of indexing a collection, built beside the live one and swapped in at once; undone by one command.

The new edition is filled in slices, each under the writing lock, so that questions are answered and other ingests get
their turn meanwhile. A run that was killed goes on where it stood: what has chunks in the new edition is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from core.domain import Chunk, Document
from core.errors import LibraryError, UsageError
from ingest.cutting import chunks
from ingest.cutting.packing import CountTokens
from ingest.index import CUT, Library
from ingest.rows import editions, shelf
from ingest.rows.editions import BUILDING, LIVE, RETIRED, Collection, Edition

_DOCUMENTS_AT_ONCE = 64
_TURN_SECONDS = 0.15  # between two slices: who waits for the lock looks twenty times a second
_LAST_RESORT_CHARACTERS = 1000


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
    while True:
        with library.alone(notice):
            now = _latest(library, new)
            if now.state == LIVE:  # another process had the same in mind
                return Swap(live.collection, live, now, _count(library, now))
            if not _fill(library, now, notice):
                swapped = _swap(library, now)
                library.sweep_folders()
                return swapped
        if advanced is not None:
            advanced(*_progress(library, now))
        time.sleep(_TURN_SECONDS)


def _latest(library: Library, new: Edition) -> Edition:
    """The edition as it is now: while others had their turn it may have been moved, or dropped."""
    with library.database.read() as connection:
        found = editions.edition(connection, new.id)
    if found is None or (found.embedder, found.cut) != (new.embedder, new.cut):
        raise LibraryError(
            f"The index that was being made for the collection {new.collection} is gone: another command dropped it "
            "meanwhile. See `parapet ingest history`, and run `parapet ingest reindex` again if it is still wanted."
        )
    return found


def _fill(library: Library, new: Edition, notice: Callable[[str], None] | None) -> bool:
    """Bring some more documents into the edition; False when it holds them all, and nothing else."""
    with library.writer(library.open(new), notice) as writer:
        with library.database.read() as connection:
            part = shelf.documents_without_chunks(connection, new.collection_id, new.id, _DOCUMENTS_AT_ONCE)
            held = {number: shelf.document(connection, number) for number in part}
        made = {number: cut(document, writer.count_tokens) for number, document in held.items() if document}
        if made:
            writer.put_chunks(made)
        else:
            writer.sweep()
        return bool(made)


def _swap(library: Library, new: Edition) -> Swap:
    with library.database.write() as connection:
        before = editions.in_state(connection, new.collection_id, LIVE)
        assert before is not None
        editions.swap(connection, before, new)
        shelf.recount(connection, new.collection_id, new.id)
        now = editions.edition(connection, new.id)
        assert now is not None
    return Swap(new.collection, before, now, _count(library, now))


def cut(document: Document, count_tokens: CountTokens) -> list[Chunk]:
    """The chunks of a document that is in the library already: at least one."""
    made = chunks.chunk(document, count_tokens)
    if not made:  # it went in with chunks once: better one that is cut off than none
        text = document.text[:_LAST_RESORT_CHARACTERS]
        made = [Chunk(document.source, document.title, text, 0, len(text))]
    return made


def _progress(library: Library, new: Edition) -> tuple[int, int]:
    with library.database.read() as connection:
        return shelf.count_documents(connection, new.id), shelf.size(connection, [new.collection_id])[0]


def _count(library: Library, edition: Edition) -> int:
    return _progress(library, edition)[1]
