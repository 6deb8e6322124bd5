"""Libraries of made-up documents on disk, and the tutorial pipeline's collection with the same texts and vectors.

Both are built so that a call goes on where an earlier one was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.database import Database
from core.quiet import quiet
from core.settings import Settings
from eval.recombined import CHUNKS_A_DOCUMENT, Pool, RecombinedEmbedder, made_document
from ingest.embed import open_embedder
from ingest.index import Library

_DOCUMENTS_AT_ONCE = 50


def build_parapet(home: Path, chunks: int, pool: Pool) -> None:
    """A library of this many chunks through the real writer; goes on where an earlier call was interrupted."""
    with opened_library(home) as (library, embedder), library.writing() as writer:
        done = library.size()[0]
        for numbers in _runs(done, chunks // CHUNKS_A_DOCUMENT):
            made = [made_document(pool, number) for number in numbers]
            embedder.known = {text: row for _, vectors in made for text, row in vectors.items()}
            writer.put([entry for entry, _ in made])
            _tell("parapet", numbers.stop, chunks)


def build_tutorial(home: Path, chunks: int, pool: Pool) -> None:
    """The same texts and vectors in one Chroma collection, as LangChain's vector store keeps them."""
    collection = tutorial_collection(home)
    done = collection.count() // CHUNKS_A_DOCUMENT
    for numbers in _runs(done, chunks // CHUNKS_A_DOCUMENT):
        for number in numbers:
            entry, vectors = made_document(pool, number)
            collection.upsert(
                ids=[f"{number}-{ordinal}" for ordinal in range(len(vectors))],
                embeddings=list(vectors.values()),
                documents=list(vectors),
                metadatas=[{"source": one.source, "start_index": one.start} for one in entry.chunks],
            )
        _tell("tutorial", numbers.stop, chunks)


@contextmanager
def opened_library(home: Path) -> Iterator[tuple[Library, RecombinedEmbedder]]:
    """The library of a home as the app opens it, and its embedder, which knows made-up texts when told."""
    settings = Settings(home=home)
    database = Database(settings.database)
    embedder = RecombinedEmbedder(open_embedder(settings))
    try:
        yield Library(settings, database, embedder), embedder
    finally:
        database.close()


def tutorial_collection(home: Path) -> Any:
    """The Chroma collection in a folder, made when there is none, as LangChain's vector store makes it."""
    quiet()
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    options = ChromaSettings(anonymized_telemetry=False)
    home.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(home), settings=options).get_or_create_collection(
        "langchain", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def _runs(done: int, documents: int) -> Iterator[range]:
    for begin in range(done, documents, _DOCUMENTS_AT_ONCE):
        yield range(begin, min(begin + _DOCUMENTS_AT_ONCE, documents))


def _tell(side: str, documents: int, chunks: int) -> None:
    print(f"\r{side}: {documents * CHUNKS_A_DOCUMENT:,} of {chunks:,} chunks", end="", file=sys.stderr, flush=True)
    if documents * CHUNKS_A_DOCUMENT >= chunks:
        print(file=sys.stderr)
