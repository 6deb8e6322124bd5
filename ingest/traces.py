"""What an erased document may have left: some of its words and vectors, and the search for them in a home's files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select

from core.ports import Vectors
from core.tables import documents
from ingest.index import Library
from ingest.opened import vectors_in
from ingest.rows import editions, fine, indexed

_MOST_WORDS = 40
_PROBE = re.compile(r"[^\s\"\\][^\"\\\r\n]{30,60}[^\s\"\\]")
_BLOCK = 4_000_000
_MOST_VECTORS = 8
_NUMBERS = 16  # enough to know a vector by
_NEAR = 1e-4  # Chroma stretches vectors to length 1 anew, in their last digits


@dataclass(frozen=True, slots=True)
class Traces:
    """Bytes that only the erased documents have."""

    words: tuple[bytes, ...]  # and the beginnings of vectors of 8 bits a number
    vectors: tuple[Vectors, ...]

    @classmethod
    def of(cls, library: Library, sources: list[str], collection: str) -> Traces:
        """Some words of these documents that no other document holds, and vectors of their chunks."""
        words: list[bytes] = []
        vectors: list[Vectors] = []
        for source in sources:
            row = library.document_row(source, collection)
            if row is None:
                continue
            document = library.document(source, collection)
            assert document is not None
            words += _words(library, document.text, row.id, _MOST_WORDS // len(sources) + 1)
            found, packed = _vectors(library, row.collection, source, _MOST_VECTORS // len(sources) + 1)
            vectors += found
            words += packed
        return cls(tuple(dict.fromkeys(words)), tuple(vectors))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search went through and where it found something."""

    files: int
    bytes: int
    found_in: tuple[str, ...]


def search_files(home: Path, traces: Traces) -> Looked:
    """Look through every file of the home for the traces; vectors are known by their first numbers, nearly the same."""
    overlap = max([4 * _NUMBERS, *map(len, traces.words)])
    files = size = 0
    found: list[str] = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # another process has removed it meanwhile
        files += 1
        with file:
            before = b""
            while block := file.read(_BLOCK):
                size += len(block)
                window = before + block
                if any(words in window for words in traces.words) or any(_holds(window, v) for v in traces.vectors):
                    found.append(path.relative_to(home).as_posix())
                    break
                before = window[-overlap:]
    return Looked(files, size, tuple(found))


def _holds(window: bytes, vector: Vectors) -> bool:
    """Whether these numbers stand in the bytes one after another, at any alignment."""
    for shift in range(min(4, len(window))):
        numbers = np.frombuffer(window, dtype="<f4", offset=shift, count=max(0, (len(window) - shift) // 4))
        with np.errstate(invalid="ignore", over="ignore"):
            places = np.flatnonzero(np.abs(numbers[: max(0, len(numbers) - _NUMBERS + 1)] - vector[0]) < _NEAR)
            for i in range(1, _NUMBERS):
                if not len(places):
                    break
                places = places[np.abs(numbers[places + i] - vector[i]) < _NEAR]
        if len(places):
            return True
    return False


def _words(library: Library, text: str, number: int, most: int) -> list[bytes]:
    """Stretches from all over the text, in the two forms that files hold them in: UTF-8, and escaped in JSON."""
    every = [match.group() for match in _PROBE.finditer(text)]
    step = max(1, len(every) // most)
    found: list[bytes] = []
    for words in every[::step][:most]:
        query = select(documents.c.id).where(documents.c.text.contains(words, autoescape=True))
        with library.database.read() as connection:
            others = set(connection.execute(query.limit(5)).scalars()) - {number}
        if not others:
            found += {words.encode(), json.dumps(words)[1:-1].encode()}
    return found


def _vectors(library: Library, collection: str, source: str, most: int) -> tuple[list[Vectors], list[bytes]]:
    """The beginnings of the vectors of chunks that no other document holds, in 32 bits a number and in 8."""
    found: list[Vectors] = []
    packed: list[bytes] = []
    with library.database.read() as connection:
        of_name = editions.collection(connection, collection)
        assert of_name is not None
        every = editions.every_edition(connection)
        mine = [edition for edition in every if edition.collection_id == of_name.id]
        keys = {one.id: indexed.keys_of_sources(connection, of_name.id, one.id, [source]) for one in mine}
        shared = {key for one in every for key in indexed.keys_of_others(connection, one.id, of_name.id, source, keys)}
    for edition in mine:
        own = sorted(keys[edition.id] - shared)[:most]
        index = vectors_in(library.folder / edition.folder, library.settings.chroma_url)
        index.reopen()
        found += [vector[:_NUMBERS] for vector in index.get(own).values()]
        with library.database.read() as connection:
            packed += [row[: 2 * _NUMBERS] for row in fine.of_keys(connection, edition.id, own).values()]
    return found, packed
