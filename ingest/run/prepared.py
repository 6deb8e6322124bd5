"""What came of preparing a file, and its JSON: all that passes from the process that parses to the one that asks.

The asking process takes nothing on trust: it decodes JSON, checks it, and runs none of it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain import Chunk, Document, Inspection, Section
from core.errors import RefusedDocument


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be written, or why it can't be."""

    source: str
    content_hash: str
    seconds: float
    bytes: int
    container: str | None = None  # source of the document that it came inside of
    refusal: tuple[str, str] | None = None  # code and reason
    document: Document | None = None
    chunks: tuple[Chunk, ...] = ()
    language: str = "und"
    inspection: Inspection = field(default_factory=Inspection)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: itself first, then what was inside of it. Nothing when it is as it was known."""

    content_hash: str
    prepared: tuple[Prepared, ...]


def outcome(data: bytes) -> Outcome:
    """What `prepare` wrote; ValueError when it is anything else."""
    try:
        found = json.loads(data)
        return Outcome(str(found["hash"]), tuple(_prepared(item) for item in found["items"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the outcome of a file: {error}") from error


def stored(prepared: Prepared) -> dict[str, Any]:
    """A prepared document as it is kept while a person looks at it."""
    assert prepared.document is not None
    item = document_json(prepared.document, prepared.chunks, prepared.language, prepared.inspection)
    return item | identity_json(
        prepared.source, prepared.container, prepared.content_hash, prepared.seconds, prepared.bytes
    )


def restored(item: Mapping[str, Any]) -> Prepared:
    """What `stored` wrote."""
    return _prepared(item)


def as_json(value: Mapping[str, Any]) -> bytes:
    """The bytes that go from one process to the other."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def identity_json(source: str, container: str | None, digest: str, seconds: float, size: int) -> dict[str, Any]:
    """What every item has, refused or not."""
    return {"source": source, "container": container, "hash": digest, "seconds": round(seconds, 3), "bytes": size}


def refused_json(
    source: str, container: str | None, refusal: RefusedDocument, began: float, size: int, content: bytes = b""
) -> dict[str, Any]:
    """A document that can't go in."""
    digest = hashlib.sha256(content).hexdigest() if content else ""
    identity = identity_json(source, container, digest, time.perf_counter() - began, size)
    return identity | {"refused": [refusal.code, refusal.reason]}


def document_json(document: Document, made: Sequence[Chunk], language: str, found: Inspection) -> dict[str, Any]:
    """What was read of a document, with its chunks and what was found in it."""
    return {
        "title": document.title,
        "text": document.text,
        "sections": [[s.start, s.end, list(s.heading), s.page] for s in document.sections],
        "pages": document.pages,
        "meta": dict(document.meta),
        "tables": document.tables,
        "empty_pages": list(document.empty_pages),
        "chunks": [[c.start, c.end, list(c.heading), c.page] for c in made],
        "language": language,
        "inspection": {
            "personal_data": found.personal_data,
            "secrets": found.secrets,
            "quarantine": found.quarantine,
            "suspects": list(found.suspects),
        },
    }


def _prepared(item: Mapping[str, Any]) -> Prepared:
    refused = item.get("refused")
    container = item["container"]
    identity: dict[str, Any] = {
        "source": str(item["source"]),
        "content_hash": str(item["hash"]),
        "seconds": float(item["seconds"]),
        "bytes": int(item["bytes"]),
        "container": None if container is None else str(container),
    }
    if refused is not None:
        code, reason = refused
        return Prepared(**identity, refusal=(str(code), str(reason)))
    document = _document(item)
    made = tuple(_chunk(document, *piece) for piece in item["chunks"])
    inspection = item["inspection"]
    return Prepared(
        **identity,
        document=document,
        chunks=made,
        language=str(item["language"])[:8],
        inspection=Inspection(
            personal_data=int(inspection["personal_data"]),
            secrets=int(inspection["secrets"]),
            quarantine=str(inspection["quarantine"]),
            suspects=tuple(map(str, inspection["suspects"])),
        ),
    )


def _document(item: Mapping[str, Any]) -> Document:
    text = str(item["text"])
    return Document(
        source=str(item["source"]),
        title=str(item["title"]),
        text=text,
        sections=tuple(Section(*_place(text, a, b), _heading(h), _page(p)) for a, b, h, p in item["sections"]),
        pages=_page(item["pages"]),
        meta={str(name): str(value) for name, value in item["meta"].items()},
        tables=int(item["tables"]),
        empty_pages=tuple(map(int, item["empty_pages"])),
    )


def _chunk(document: Document, start: Any, end: Any, heading: Any, page: Any) -> Chunk:
    begin, stop = _place(document.text, start, end)
    return Chunk(
        document.source, document.title, document.text[begin:stop], begin, stop, _heading(heading), _page(page)
    )


def _place(text: str, start: Any, end: Any) -> tuple[int, int]:
    if not (0 <= int(start) <= int(end) <= len(text)):
        raise ValueError(f"a stretch from {start} to {end} of {len(text)} characters")
    return int(start), int(end)


def _heading(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value))


def _page(value: Any) -> int | None:
    return None if value is None else int(value)
