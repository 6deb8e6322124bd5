"""Fine vectors: what a chunk and each of its sentences mean, in 8 bits, as rows beside the chunks.

They score the few chunks that a search finds; finding is the vector index's work. Functions over a connection, so that
the caller says what one transaction is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, select

from core.ports import Vectors
from core.tables import chunk_vectors, editions
from ingest.rows.shelf import parts

MOST_SENTENCES = 40  # of one chunk; a list of more short lines is known by its first ones
_LARGEST = 127


def pack(chunk: Vectors, sentences: Vectors) -> bytes:
    """Each row in 8 bits, stretched so that its largest number is 127: a cosine comes out nearly the same."""
    rows = np.vstack([chunk[None, :], sentences[:MOST_SENTENCES]])
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9)
    packed: bytes = np.rint(rows / largest * _LARGEST).astype(np.int8).tobytes()
    return packed


def cosines(packed: Mapping[str, bytes], vector: Vectors) -> dict[str, tuple[float, list[float]]]:
    """By key, the cosine of the chunk and of each of its sentences to a vector of length 1; a sentence of zeros: 0."""
    if not packed:
        return {}
    rows = np.frombuffer(b"".join(packed.values()), dtype=np.int8).reshape(-1, len(vector)).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    similar: list[float] = ((rows @ vector) / np.maximum(lengths, 1e-9)).tolist()
    found, at = {}, 0
    for key, row in packed.items():
        end = at + len(row) // len(vector)
        found[key] = (similar[at], similar[at + 1 : end])
        at = end
    return found


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
        found |= dict(connection.execute(query).all())
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
