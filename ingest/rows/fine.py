"""Fine vectors: what a chunk and each of its sentences mean, in 8 bits, as rows beside the chunks.

They score the few chunks that a search finds; finding is the vector index's work. Functions over a connection, so that
the caller says what one transaction is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, select

from core.ports import Vectors
from core.tables import chunk_vectors, editions
from ingest.rows.shelf import parts

MOST_SENTENCES = 40  # of one chunk; a list of more short lines is known by its first ones
_LARGEST = 127


@dataclass(frozen=True, slots=True)
class Fine:
    """The vectors of one chunk; their lengths mean nothing."""

    chunk: Vectors  # shape (dimensions,)
    sentences: Vectors  # shape (sentences, dimensions); a sentence that the model did not reach is all zeros


def pack(chunk: Vectors, sentences: Vectors) -> bytes:
    """Each row in 8 bits, stretched so that its largest number is 127: a cosine comes out nearly the same."""
    rows = np.vstack([chunk[None, :], sentences[:MOST_SENTENCES]])
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9)
    packed: bytes = np.rint(rows / largest * _LARGEST).astype(np.int8).tobytes()
    return packed


def unpack(packed: bytes, dimensions: int) -> Fine:
    """What `pack` packed."""
    rows = np.frombuffer(packed, dtype=np.int8).reshape(-1, dimensions).astype(np.float32)
    return Fine(rows[0], rows[1:])


def cosines(fine: Fine, vector: Vectors) -> tuple[float, tuple[float, ...]]:
    """The cosine of the chunk, and of each of its sentences, to a vector of length 1."""
    rows = np.vstack([fine.chunk[None, :], fine.sentences])
    similar = (rows @ vector) / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
    return float(similar[0]), tuple(float(value) for value in similar[1:])


def put(connection: Connection, edition_id: int, packed: Mapping[str, bytes]) -> None:
    """Write the vectors of keys in place of what was there."""
    remove(connection, edition_id, packed)
    rows = [{"edition_id": edition_id, "key": key, "vectors": vectors} for key, vectors in packed.items()]
    if rows:
        connection.execute(insert(chunk_vectors), rows)


def of_keys(connection: Connection, edition_id: int, keys: Sequence[str]) -> dict[str, bytes]:
    """The packed vectors of those of these keys that have some in the edition."""
    found: dict[str, bytes] = {}
    for part in parts(keys):
        query = select(chunk_vectors.c.key, chunk_vectors.c.vectors).where(
            chunk_vectors.c.edition_id == edition_id, chunk_vectors.c.key.in_(part)
        )
        found |= {row.key: row.vectors for row in connection.execute(query)}
    return found


def of_embedder(connection: Connection, embedder: str, keys: Sequence[str]) -> dict[str, bytes]:
    """The packed vectors that any edition of an embedder has of these keys: equal text means the same."""
    found: dict[str, bytes] = {}
    for part in parts(keys):
        query = select(chunk_vectors.c.key, chunk_vectors.c.vectors).join(editions)
        query = query.where(editions.c.embedder == embedder, chunk_vectors.c.key.in_(part))
        found |= {row.key: row.vectors for row in connection.execute(query)}
    return found


def known_keys(connection: Connection, edition_id: int) -> set[str]:
    """Every key that has vectors in the edition."""
    query = select(chunk_vectors.c.key).where(chunk_vectors.c.edition_id == edition_id)
    return set(connection.execute(query).scalars())


def remove(connection: Connection, edition_id: int, keys: Iterable[str]) -> None:
    """Take the vectors of keys out."""
    rows = [{"one": key} for key in keys]
    if rows:
        of_edition = delete(chunk_vectors).where(chunk_vectors.c.edition_id == edition_id)
        connection.execute(of_edition.where(chunk_vectors.c.key == bindparam("one")), rows)
