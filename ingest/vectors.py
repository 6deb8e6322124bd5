"""Vectors to keys: the nearest by cosine. The only door to Chroma.

It holds ids and vectors and nothing else, so it can be rebuilt from the database. An embedded Chroma that stays open
never sees what another process wrote; `reopen` cures that, and queries that are under way keep the client they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from core.errors import LibraryError
from core.ports import Vectors
from core.quiet import quiet

_ROWS_A_CALL = 2000  # Chroma takes 5,461 at most
_KEYS_A_PAGE = 50_000  # Chroma counts through all pages before: many small ones take it minutes
_EF_SEARCH = 200  # finds .98 of the 60 nearest of 100,000 where the default of 100 finds .95, for 0.1 ms
# How a search among n of the keys is done, as it was measured with 100,000 and 300,000: to fetch and compare their
# vectors takes 33 to 55 n microseconds; HNSW walks over _EF_SEARCH * all / n keys, which takes 1.5 microseconds each.
_KEYS_COMPARED = 200  # at least
_COMPARED_SQUARE = 6  # and so long as their number squared is no more than this times the number of all keys
_SHARE_SIEVED = 0.05  # where at least this share of all keys may be found, the nearest of all are sieved first
_client_change = Lock()  # Chroma keeps its clients in a table of the process, which is not made for threads


class VectorIndex:
    """The vector of every chunk, under the chunk's key; safe for many readers and one writer."""

    def __init__(self, folder: Path, url: str | None, name: str) -> None:
        """Keep where Chroma lies; on a server, which many homes may share, the name keeps them apart."""
        self._folder = folder
        self._url = url
        self._collection_name = f"chunks-{name}"
        self._lock = Lock()
        self._opened: Any = None
        self._counted: int | None = None  # keys when they were last counted, which Chroma takes its time for

    @property
    def is_remote(self) -> bool:
        """Whether a server holds the vectors."""
        return self._url is not None

    def search(self, vector: Vectors, k: int, among: AbstractSet[str] | None = None) -> dict[str, float]:
        """The cosine similarity of the k nearest keys, nearest first; with `among`, of the nearest of these.

        Among few it is exact, and keys that are not there are passed over; LibraryError when one of many is not there.
        """
        if among is None:
            return self._nearest(vector, k)
        held = max(self._counted or self.count(), len(among))
        if len(among) <= max(_KEYS_COMPARED, (_COMPARED_SQUARE * held) ** 0.5):
            found = sorted(self.cosines(vector, list(among)).items(), key=lambda item: (-item[1], item[0]))
            return dict(found[:k])
        if len(among) >= _SHARE_SIEVED * held:
            near = self._nearest(vector, min(2 * k * held // len(among), held))
            sieved = [(key, score) for key, score in near.items() if key in among][:k]
            if len(sieved) == k:
                return dict(sieved)
        return self._nearest(vector, k, list(among))

    def cosines(self, vector: Vectors, keys: Sequence[str]) -> dict[str, float]:
        """The cosine similarity of those of these keys that are there."""
        found = self.get(keys)
        if not found:
            return {}
        rows = np.stack(list(found.values()))
        similar = (rows @ vector) / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
        return {key: float(value) for key, value in zip(found, similar, strict=True)}

    def get(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of these keys that are there."""
        if not keys:
            return {}
        collection = self._collection()
        made: dict[str, Vectors] = {}
        for begin in range(0, len(keys), _ROWS_A_CALL):
            with self._translated():
                found = collection.get(ids=list(keys[begin : begin + _ROWS_A_CALL]), include=["embeddings"])
            made |= dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))
        return made

    def holds(self, keys: Sequence[str]) -> bool:
        """Whether the vectors of these keys can be read: where files are missing, Chroma still counts them."""
        try:
            collection = self._collection()
            with self._translated():
                found = collection.get(ids=list(keys), include=["embeddings"]) if keys else {"ids": []}
        except LibraryError:
            return False
        return len(found["ids"]) == len(set(keys))

    def put(self, vectors: Mapping[str, Vectors]) -> None:
        """Put vectors in, in place of what was there."""
        collection = self._collection()
        self._counted = None
        keys = list(vectors)
        for begin in range(0, len(keys), _ROWS_A_CALL):
            part = keys[begin : begin + _ROWS_A_CALL]
            with self._translated():
                collection.upsert(ids=part, embeddings=[vectors[key] for key in part])

    def remove(self, keys: Sequence[str]) -> None:
        """Take keys out; those that are not there are no error."""
        collection = self._collection()
        self._counted = None
        for begin in range(0, len(keys), _ROWS_A_CALL):
            with self._translated():
                collection.delete(ids=list(keys[begin : begin + _ROWS_A_CALL]))

    def count(self) -> int:
        """How many keys there are."""
        collection = self._collection()
        with self._translated():
            held = int(collection.count())
        self._counted = held
        return held

    def keys(self) -> Iterator[str]:
        """Every key, page by page."""
        collection = self._collection()
        offset = 0
        while True:
            with self._translated():
                page = collection.get(include=[], limit=_KEYS_A_PAGE, offset=offset)["ids"]
            yield from page
            if len(page) < _KEYS_A_PAGE:
                return
            offset += _KEYS_A_PAGE

    def reopen(self) -> None:
        """See what other processes have written since."""
        with self._lock:
            if self._opened is None or self._url is None:
                self._opened = self._open(fresh=True)
            self._counted = None

    def clear(self) -> None:
        """Drop everything, for a rebuild."""
        with self._lock, self._translated():
            self._delete()

    def drop(self) -> None:
        """Give up the index; on a server its vectors go, embedded they go with the folder."""
        with self._lock, self._translated():
            if self._url is not None:
                self._delete()
            self._opened = None

    def _nearest(self, vector: Vectors, k: int, ids: list[str] | None = None) -> dict[str, float]:
        collection = self._collection()
        with self._translated():
            found = collection.query(query_embeddings=[vector], ids=ids, n_results=k, include=["distances"])
        return {key: 1.0 - float(far) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)}

    def _delete(self) -> None:
        client = self._client(fresh=True)
        if self._collection_name in {found.name for found in client.list_collections()}:
            client.delete_collection(self._collection_name)
        self._opened = self._counted = None

    def _collection(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = self._open(fresh=False)
            return self._opened

    def _open(self, *, fresh: bool) -> Any:
        with self._translated():
            return self._client(fresh=fresh).get_or_create_collection(
                self._collection_name,
                embedding_function=None,  # never Chroma's own: a stored configuration could name code to run
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
            )

    def _client(self, *, fresh: bool) -> Any:
        quiet()
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        options = Settings(anonymized_telemetry=False, allow_reset=False)
        with _client_change:
            if self._url is not None:
                address = urlsplit(self._url)
                secure = address.scheme == "https"
                port = address.port or (443 if secure else 80)
                return chromadb.HttpClient(host=address.hostname or "", port=port, ssl=secure, settings=options)
            if fresh:
                _let_go(SharedSystemClient)
            self._folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(str(self._folder), settings=options)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Chroma's errors end here."""
        quiet()
        from chromadb.errors import ChromaError
        from httpx import HTTPError

        try:
            yield
        except (ChromaError, HTTPError, OSError, ValueError) as error:
            place = self._url or self._folder
            todo = (
                "See that the Chroma server runs, or change PARAPET_CHROMA_URL."
                if self._url
                else "If this stays so, run `parapet ingest verify`: it makes the index anew."
            )
            raise LibraryError(
                f"The vector index at {place} can't be used: {str(error).rstrip('.')}. {todo}"
            ) from error


def _let_go(shared: Any) -> None:
    """Forget every client of the process. Those still in use go on; the others free their files at once.

    Each client and its parts hold each other, which only a collection of garbage would end: a process that reads while
    another writes for hours would run out of file handles before.
    """
    for system in shared._identifier_to_system.values():
        system._instances.clear()
    shared.clear_system_cache()
