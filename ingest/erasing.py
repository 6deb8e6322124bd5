"""Erasure: a document's text, vectors and copies physically gone from disk, with a receipt that says what was checked.

The rows go in one transaction with the receipt's beginning; then the indexes are made anew without the document and
the database rewrites its file. A run that was killed in between is ended by the next erasure or by `verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection

from core import clock
from core.errors import EmbedderMismatch, LibraryError, UsageError
from core.ports import Keeper, Vectors
from ingest.index import Library
from ingest.lexical import LexicalIndex
from ingest.opened import vectors_in
from ingest.rows import asides, editions, fine, history, indexed, receipts, shelf
from ingest.rows.editions import Edition
from ingest.rows.receipts import Receipt
from ingest.traces import Traces, search_files
from ingest.vectors import VectorIndex

_KEYS_AT_ONCE = 1000


def erase(
    library: Library,
    sources: Sequence[str],
    *,
    collection: str,
    keepers: Sequence[Keeper] = (),
    notice: Callable[[str], None] | None = None,
) -> list[Receipt]:
    """Erase documents and what came inside of them; a receipt each.

    `keepers` hold copies of documents' words elsewhere: stored answers, flags, caches. UsageError, with nothing erased,
    when a document is not there. What a killed erasure left is ended first: its documents count as erased by this one.
    """
    with library.alone(notice):
        ended = {receipt.source: receipt for receipt in finish_pending(library) if receipt.collection == collection}
        done = ended.keys() - _held(library, sources, collection)
        every = _with_contents(library, [source for source in sources if source not in done], collection)
        if not every:
            return list(ended.values())
        traces = Traces.of(library, every, collection)
        with library.database.write() as connection:
            begun = [_take_out(connection, one, collection, keepers) for one in every]
            for edition in _editions(connection, collection):
                editions.advance(connection, edition.id)
        return [*ended.values(), *_finish(library, begun, traces)]


def finish_pending(library: Library) -> list[Receipt]:
    """End the erasures that a killed run left; for whoever is alone. Their words are no longer known to look for."""
    with library.database.read() as connection:
        begun = [receipt.id for receipt in receipts.pending(connection)]
    return _finish(library, begun, Traces((), ())) if begun else []


# --- rows -------------------------------------------------------------------------------------------------------


def _held(library: Library, sources: Sequence[str], collection: str) -> set[str]:
    """Those of these that are in the collection, or set aside from it."""
    with library.database.read() as connection:
        of_name = editions.collection(connection, collection)
        number = -1 if of_name is None else of_name.id
        held = {row.source for row in shelf.document_rows(connection, sources, collection_id=number)}
        return held | asides.of_sources(connection, number, sources).keys()


def _with_contents(library: Library, sources: Sequence[str], collection: str) -> list[str]:
    held = _held(library, sources, collection)
    missing = [source for source in sources if source not in held]
    if missing:
        raise UsageError(
            f"No document called {missing[0]!r} is in the collection {collection}; nothing was erased. "
            "`parapet ingest ls` lists them."
        )
    with library.database.read() as connection:
        of_name = editions.collection(connection, collection)
        assert of_name is not None
        found = shelf.sources_with_contents(connection, of_name.id, list(dict.fromkeys(sources)))
        return list(dict.fromkeys([*found, *asides.inside_of(connection, of_name.id, sources)]))


def _take_out(connection: Connection, source: str, collection: str, keepers: Sequence[Keeper]) -> str:
    of_name = editions.collection(connection, collection)
    assert of_name is not None
    rows = shelf.document_rows(connection, [source], collection_id=of_name.id)
    aside = asides.of_sources(connection, of_name.id, [source]).get(source)
    erased: dict[str, int] = {
        "documents": len(rows),
        "characters": sum(row.characters for row in rows),
        "chunks": sum(row.chunks for row in rows),
        "set_aside": 0 if aside is None else 1,
    }
    shelf.remove(connection, of_name.id, [source])
    asides.clear(connection, of_name.id, [source])
    history.forget_hashes(connection, [source])
    for keeper in keepers:
        erased[keeper.kept] = keeper.forget(connection, collection, source)
    digest = rows[0].content_hash if rows else (aside.content_hash if aside else "")
    return receipts.begin(connection, collection, source, digest, erased)


def _editions(connection: Connection, collection: str | None = None) -> list[Edition]:
    found = editions.every_edition(connection)
    return [edition for edition in found if collection in {None, edition.collection}]


# --- bytes ------------------------------------------------------------------------------------------------------


def _finish(library: Library, begun: Sequence[str], traces: Traces) -> list[Receipt]:
    with library.database.read() as connection:
        names = {receipts.get(connection, identity).collection for identity in begun}
        touched = [edition for name in sorted(names) for edition in _editions(connection, name)]
    for edition in touched:
        rebuild(library, edition)
    library.sweep_folders()
    if not library.database.purge():
        raise LibraryError(
            "The rows are erased, but another process keeps the database's log from being emptied. "
            "Stop it, or wait, and run `parapet ingest verify`: it ends the erasure."
        )
    proof = _proof(library, traces, len(touched))
    with library.database.write() as connection:
        for identity in begun:
            receipts.end(connection, identity, proof)
    with library.database.read() as connection:
        return [receipts.get(connection, identity) for identity in begun]


def _proof(library: Library, traces: Traces, rebuilt: int) -> dict[str, Any]:
    looked = search_files(library.settings.home, traces)
    return {
        "indexes_rebuilt": rebuilt,
        "files_searched": looked.files,
        "bytes_searched": looked.bytes,
        "words_looked_for": len(traces.words),
        "vectors_looked_for": len(traces.vectors),
        "found_in": list(looked.found_in),
        "kept_elsewhere": "backups, replicas and logs of a database server are not in the home and were not searched",
    }


def rebuild(library: Library, edition: Edition) -> None:
    """Make an edition's indexes anew in another folder, of what its rows name, and let readers turn to it at once."""
    folder = clock.new_id()
    url = library.settings.chroma_url
    old = vectors_in(library.folder / edition.folder, url)
    old.reopen()
    new = vectors_in(library.folder / folder, url)
    with library.database.read() as connection:
        named = sorted(indexed.all_keys(connection, edition.id))
    with LexicalIndex(library.folder / folder / "lexical").writing() as lexical:
        for begin in range(0, len(named), _KEYS_AT_ONCE):
            with library.database.read() as connection:
                chunks = shelf.chunks_of_keys(connection, edition.id, named[begin : begin + _KEYS_AT_ONCE])
            texts = {key: chunk.embedded for key, chunk in chunks.items()}
            new.put(_vectors(library, edition, old, texts))
            for key, text in texts.items():
                lexical.put(key, text)
        lexical.commit()
    with library.database.write() as connection:
        fine.remove(connection, edition.id, sorted(fine.known_keys(connection, edition.id) - set(named)))
        editions.move(connection, edition.id, folder)
    old.drop()


def _vectors(library: Library, edition: Edition, old: VectorIndex, texts: Mapping[str, str]) -> dict[str, Vectors]:
    """The vectors as they were, so that no embedder is needed; one that was lost is made anew where that can be."""
    found = old.get(list(texts))
    lost = [key for key in texts if key not in found]
    if lost:
        with suppress(EmbedderMismatch):  # then `verify` tells of it
            rows = library.open(edition).embedder.embed([texts[key] for key in lost])
            found |= dict(zip(lost, rows, strict=True))
    return found
