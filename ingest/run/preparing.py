"""From a file to chunks, in the process that parses: read, inspect, mask, cut. What comes back is JSON (`prepared`)."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.domain import Chunk, Document, Inspection, Span
from core.errors import RefusedDocument
from core.ports import Inspector
from ingest import reading
from ingest.cutting import chunks
from ingest.cutting.packing import CountTokens
from ingest.languages import language_of
from ingest.run.prepared import as_json, document_json, identity_json, refused_json
from ingest.source import ReadOptions, SourceFile

MASK = "█"
MOST_ATTACHMENTS = 500  # of one file, those inside of attachments counted
MOST_DEPTH = 4  # a message in a message in a message
_SHOWN = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be prepared."""

    source: str
    path: Path  # where it is read from; of what was fetched, a name whose suffix tells the format
    max_bytes: int
    content: bytes | None = None  # what was fetched; None: the file is read
    known_hash: str = ""  # nothing is done when the content has this hash
    options: ReadOptions = field(default_factory=ReadOptions)
    inspector: Inspector | None = None


def prepare(job: Job, alive: Callable[[], None]) -> bytes:
    """Do a job; the JSON that `prepared.outcome` reads. Refusals are part of it, never raised."""
    began = time.perf_counter()
    try:
        content = _content(job)
    except RefusedDocument as refusal:
        return as_json({"hash": "", "items": [refused_json(job.source, None, refusal, began, 0)]})
    found = hashlib.sha256(content).hexdigest()
    if found == job.known_hash:
        return as_json({"hash": found, "items": []})
    file = SourceFile(job.source, job.path, content, job.options, alive)
    return as_json({"hash": found, "items": list(_items(file, job.inspector, None, 0, _Room(MOST_ATTACHMENTS)))})


@dataclass(slots=True)
class _Room:
    """How many attachments may still come."""

    left: int


def _content(job: Job) -> bytes:
    if job.content is None:
        return reading.read(job.source, job.path, job.max_bytes).content
    reading.check_size(len(job.content), job.max_bytes)
    if not job.content.strip():
        raise RefusedDocument("empty", "it is empty")
    return job.content


def _items(
    file: SourceFile, inspector: Inspector | None, container: str | None, depth: int, room: _Room
) -> Iterator[dict[str, Any]]:
    """The document in a file, then the documents inside of it."""
    began = time.perf_counter()
    try:
        document = reading.load(file)
        document, found = _inspected(document, inspector)
        made = document_json(document, _cut(document), language_of(document.text), found)
    except RefusedDocument as refusal:
        yield refused_json(file.source, container, refusal, began, len(file.content), file.content)
        return
    digest = hashlib.sha256(file.content).hexdigest()
    yield made | identity_json(file.source, container, digest, time.perf_counter() - began, len(file.content))
    names: set[str] = set()
    for attachment in document.attachments:
        file.alive()
        room.left -= 1
        source = f"{file.source}#{_own_name(attachment.name, names)}"
        inner = SourceFile(source, Path(attachment.name or "attachment"), attachment.content, file.options, file.alive)
        if depth >= MOST_DEPTH or room.left < 0:
            why = RefusedDocument("too_deep", "there are too many files inside of files here")
            yield refused_json(
                source, file.source, why, time.perf_counter(), len(attachment.content), attachment.content
            )
        elif not attachment.content.strip():
            empty = RefusedDocument("empty", "the attachment is empty")
            yield refused_json(source, file.source, empty, time.perf_counter(), 0, attachment.content)
        else:
            yield from _items(inner, inspector, file.source, depth + 1, room)


def _own_name(name: str, taken: set[str]) -> str:
    stem, number = name or "attachment", 1
    own = stem
    while own in taken:
        number += 1
        own = f"{stem} ({number})"
    taken.add(own)
    return own


def _inspected(document: Document, inspector: Inspector | None) -> tuple[Document, Inspection]:
    """The document without what policy masks, and what was found in it, told without that either."""
    found = Inspection() if inspector is None else inspector(document)
    hidden = {document.text[span.start : span.end] for span in found.masks}
    masked = replace(
        document,
        title=_without(document.title, hidden),
        text=_masked(document.text, found.masks),
        sections=tuple(replace(s, heading=tuple(_without(h, hidden) for h in s.heading)) for s in document.sections),
    )
    told = replace(
        found,
        quarantine=_without(found.quarantine, hidden),
        suspects=tuple(_without(words, hidden) for words in found.suspects),
    )
    return masked, told


def _cut(document: Document) -> Sequence[Chunk]:
    made = chunks.chunk(document, _counter())
    if not made:
        raise RefusedDocument("no_text", "it holds no words")
    return made


def _without(words: str, hidden: Collection[str]) -> str:
    """Words with these stretches made unreadable, the longest first, as one may hold another."""
    for stretch in sorted(hidden, key=len, reverse=True):
        words = words.replace(stretch, _SHOWN.sub(MASK, stretch))
    return _storable(words)


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd") if "\0" in text else text  # no database takes a NUL


@cache
def _counter() -> CountTokens:
    from ingest.embed import token_counter

    return token_counter()


def _masked(text: str, masks: Sequence[Span]) -> str:
    """The text with spans made unreadable: as long as before, lines as before, so that offsets stay."""
    for span in masks:
        hidden = _SHOWN.sub(MASK, text[span.start : span.end])
        text = text[: span.start] + hidden + text[span.end :]
    return _storable(text)
