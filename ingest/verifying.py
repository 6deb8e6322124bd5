"""Proves that database, indexes and disk agree, says where they don't, and mends what can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain import Chunk, Document
from core.errors import EmbedderMismatch
from core.ports import Vectors
from ingest import erasing
from ingest.index import CUT, Library
from ingest.probing import Held, Probe, held, probe
from ingest.reindexing import cut
from ingest.rows import editions, fine, history, indexed, receipts, shelf
from ingest.rows.editions import LIVE, Edition
from ingest.rows.shelf import DocumentRow, key_of
from ingest.sandbox.pool import Failure, Limits, Sandbox

_SAMPLE = 24  # chunks embedded anew and compared
_LEAST_COSINE = 0.999
_LIMITS = Limits(memory_bytes=8_000_000_000, seconds=600, cpu_seconds=600, total_seconds=7200)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree."""

    where: str
    what: str
    mended: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and what was found."""

    documents: int
    chunks: int
    editions: int
    findings: tuple[Finding, ...]


def verify(library: Library, *, mend: bool = True, notice: Callable[[str], None] | None = None) -> Verified:
    """Look at everything; mend what is wrong with the indexes unless told not to."""
    with library.alone(notice):
        findings = [*_folders(library, mend)]
        with library.database.read() as connection:
            every = editions.every_edition(connection)
        findings += [finding for row in library.documents() for finding in _document(library, row, every, mend)]
        for edition in every:
            findings += _edition(library, edition, mend)
        findings += _erasures(library, mend)  # after the indexes were looked at, which it reads
        findings += _runs(library)
    documents, chunks = library.size()
    return Verified(documents, chunks, len(every), tuple(findings))


def _erasures(library: Library, mend: bool) -> Iterator[Finding]:
    with library.database.read() as connection:
        begun = receipts.pending(connection)
    if begun and mend:
        erasing.finish_pending(library)
    for receipt in begun:
        yield Finding(receipt.source, "its erasure had begun and not ended", mend)


def _folders(library: Library, mend: bool) -> Iterator[Finding]:
    with library.database.read() as connection:
        kept = {edition.folder for edition in editions.every_edition(connection)}
    stray = [path.name for path in library.folder.iterdir() if path.is_dir() and path.name not in kept]
    if stray and mend:
        library.sweep_folders()
    for name in sorted(stray):
        yield Finding(f"index/{name}", "a folder of an index that no collection uses", mend)


def _edition(library: Library, edition: Edition, mend: bool) -> Iterator[Finding]:
    where = f"index of {edition.collection}" + ("" if edition.state == LIVE else f" ({edition.state})")
    try:
        opened = library.open(edition)
    except EmbedderMismatch as mismatch:
        yield Finding(where, str(mismatch), mended=False)
        return
    with library.database.read() as connection:
        keys = tuple(sorted(indexed.all_keys(connection, edition.id)))
        known = fine.known_keys(connection, edition.id) if edition.cut == CUT else set(keys)  # older ones have none
    coarse = len(set(keys) - known)
    with Sandbox(probe, limits=_LIMITS) as sandbox:
        ((_, result),) = sandbox.map([Probe(opened.folder, library.settings.chroma_url, keys)])
    found = _told(result)
    # A retired or half-built edition keeps what was removed since: it is made whole before it answers again.
    sound = not (found.error or found.lost_vectors or found.lost_words) and (edition.state != LIVE or found.is_sound)
    wrong = 0 if not sound else _wrong_vectors(library, edition)
    if sound and not wrong and not coarse and not edition.unfinished:
        return
    if mend:
        _mend(library, edition, afresh=bool(found.error or found.lost_vectors or wrong), coarse=bool(coarse))
    yield Finding(where, _what(found, wrong, coarse), mend)


def _told(result: bytes | Failure) -> Held:
    if isinstance(result, Failure):
        return Held(0, 0, 0, 0, f"it can't be read: {result.reason}")
    return held(result)


def _what(found: Held, wrong: int, coarse: int) -> str:
    told = [
        found.error,
        f"{found.lost_vectors:,} chunks without a readable vector" if found.lost_vectors else "",
        f"{found.lost_words:,} chunks without words" if found.lost_words else "",
        f"{coarse:,} chunks without vectors of their sentences" if coarse else "",
        f"{found.stray_vectors + found.stray_words:,} entries of no document"
        if found.stray_vectors + found.stray_words
        else "",
        f"{wrong:,} of {_SAMPLE} vectors looked at are not what the embedder gives" if wrong else "",
    ]
    return "; ".join(filter(None, told)) or "a write had begun and not ended"


def _wrong_vectors(library: Library, edition: Edition) -> int:
    """How many of some vectors are not those of their chunks' texts."""
    with library.database.read() as connection:
        keys = indexed.sample_keys(connection, edition.id, _SAMPLE // 2)
        texts = {key: chunk.embedded for key, chunk in shelf.chunks_of_keys(connection, edition.id, keys).items()}
    if not texts:
        return 0
    opened = library.open(edition)
    opened.reopen()
    stored = opened.vectors.get(list(texts))
    made = dict(zip(texts, opened.embedder.embed(list(texts.values())), strict=True))
    return sum(not _alike(stored[key], made[key]) for key in made if key in stored)


def _alike(stored: Vectors, made: Vectors) -> bool:
    return stored.shape == made.shape and float(np.dot(stored, made)) >= _LEAST_COSINE


def _mend(library: Library, edition: Edition, *, afresh: bool, coarse: bool) -> None:
    """Make the indexes hold what the rows name; afresh where what they hold can't be trusted."""
    opened = library.open(edition)
    if afresh:
        with library.database.write() as connection:
            editions.renew(connection, edition.id)
            renewed = editions.edition(connection, edition.id)
        assert renewed is not None
        opened = library.open(renewed)
    with library.writer(opened) as writer:
        writer.begin()  # mends what is not whole; whether sentences have their vectors is not looked at there
        if coarse:
            writer.sweep()
    library.sweep_folders()


def _document(library: Library, row: DocumentRow, every: Sequence[Edition], mend: bool) -> Iterator[Finding]:
    """A document beside its chunks in each edition of its collection: they must be slices of its text."""
    with library.database.read() as connection:
        document = shelf.document(connection, row.id)
        assert document is not None
        held = {
            edition: shelf.keyed_chunks(connection, row.id, edition.id)
            for edition in every
            if edition.collection == row.collection
        }
    for edition, chunks in held.items():
        lost = edition.state == LIVE and len(chunks) != row.chunks
        if lost or any(document.text[c.start : c.end] != c.text or key_of(c) != key for key, c in chunks):
            mended = mend and _recut(library, edition, row.id, document)
            yield Finding(row.source, f"its chunks{_in(edition)} are not slices of its text", mended)


def _recut(library: Library, edition: Edition, number: int, document: Document) -> bool:
    """Cut a document anew, in an edition that answers; of another it is brought in again before that one answers.

    Rows only: the indexes are looked at next, and follow.
    """
    made: Sequence[Chunk] = ()
    if edition.state == LIVE:
        try:
            made = cut(document, library.open(edition).embedder.count_tokens)
        except EmbedderMismatch:
            return False
    with library.database.write() as connection:
        shelf.drop_chunks(connection, edition.id, [number])
        shelf.put_chunks(connection, edition.id, number, made)
        if made:
            shelf.recount(connection, edition.collection_id, edition.id)
    return True


def _in(edition: Edition) -> str:
    return "" if edition.state == LIVE else f" in the {edition.state} index"


def _runs(library: Library) -> Iterator[Finding]:
    """Runs that were stopped; nobody else writes now, so none of them still runs."""
    with library.database.write() as connection:
        for run in history.stopped(connection):
            yield Finding(
                f"{run.command} of {run.began_at:%Y-%m-%d %H:%M} UTC",
                "was stopped before its end; run it again to go on where it stood",
                mended=False,
            )
