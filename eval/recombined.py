"""Made-up documents of any number, for measuring speed: real sentences in new company, real vectors mixed and jittered.

Words keep their real frequencies and vectors their real neighbourhoods, at a thousandth of what embedding costs. What
such a library answers means nothing; how long it takes does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.domain import Chunk, Document, Section
from core.ports import Embedder, Vectors
from core.sentences import split
from ingest.cutting.chunks import chunk
from ingest.rows.shelf import Entry, Facts

CHUNKS_A_DOCUMENT = 100
_JITTER = 0.3  # length of the noise that is added to a mixed vector of length 1
_JITTER_OF_PARTS = 0.5  # … to its chunk's for a sentence: a cosine of .89, the median of real ones
_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Pool:
    """Real chunks by the document that they are from: what made-up ones are mixed from."""

    sentences: tuple[tuple[tuple[str, ...], ...], ...]  # of each chunk of each document
    vectors: tuple[Vectors, ...]  # of each document, shape (chunks, dimensions)

    @property
    def chunks(self) -> int:
        """How many real chunks there are."""
        return sum(len(document) for document in self.sentences)


def pool_of(paths: Sequence[Path], embedder: Embedder, limit: int | None = None) -> Pool:
    """Cut and embed these text files; of each no more than `limit` chunks where one is given."""
    made: list[list[Chunk]] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        document = Document(path.name, path.stem, text, (Section(0, len(text)),))
        made.append(chunk(document, embedder.count_tokens)[:limit])
    held = [chunks for chunks in made if chunks]
    sentences = tuple(tuple(tuple(split(one.text)) for one in chunks) for chunks in held)
    return Pool(sentences, tuple(embedder.embed([one.embedded for one in chunks]) for chunks in held))


def made_document(pool: Pool, number: int, chunks: int = CHUNKS_A_DOCUMENT) -> tuple[Entry, dict[str, Vectors]]:
    """The made-up document of this number, always the same, and the vector of each of its texts.

    Each chunk has most sentences of a chunk of one real document, a few of a chunk of any, and a word of its own.
    Without those few, documents would be islands among the vectors, more than real ones are, and whole islands missed.
    """
    random = np.random.default_rng(number)
    sizes = np.array([len(vectors) for vectors in pool.vectors])
    origin = int(random.choice(len(sizes), p=sizes / sizes.sum()))
    first = [(origin, int(place)) for place in random.integers(sizes[origin], size=chunks)]
    second = [_place(int(place), sizes) for place in random.integers(sizes.sum(), size=chunks)]
    texts = [
        _mixed_text(pool.sentences[d][c], pool.sentences[e][f], f"z{number:x}z{ordinal:x}")
        for ordinal, ((d, c), (e, f)) in enumerate(zip(first, second, strict=True))
    ]
    near, far = (np.stack([pool.vectors[d][c] for d, c in places]) for places in (first, second))
    rows = _mixed_vectors(near, far, random)
    return _entry(number, texts), dict(zip(texts, rows, strict=True))


class RecombinedEmbedder:
    """The real embedder for questions; for made-up texts, the vectors that were made with them.

    It bears the real one's name, so that the library that it fills can be searched as any other.
    """

    def __init__(self, real: Embedder) -> None:
        """Knows no text yet."""
        self.real = real
        self.known: dict[str, Vectors] = {}  # by text: vectors of length 1

    @property
    def name(self) -> str:
        """As the real one."""
        return self.real.name

    @property
    def max_tokens(self) -> int:
        """As the real one."""
        return self.real.max_tokens

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; a text that is not known is embedded."""
        missing = [text for text in texts if text not in self.known]
        made = dict(zip(missing, self.real.embed(missing), strict=True)) if missing else {}
        return np.array([made[text] if text in made else self.known[text] for text in texts], dtype=np.float32)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """As the real one; the parts of a text that is known are made up from its vector, always the same."""
        strange = [number for number, text in enumerate(texts) if text not in self.known]
        real = self.real.embed_with_parts([texts[i] for i in strange], [parts[i] for i in strange])
        found = {i: (row, of_parts) for i, row, of_parts in zip(strange, *real, strict=True)}
        for number in sorted(set(range(len(texts))) - found.keys()):
            row = self.known[texts[number]]
            found[number] = row, _made_parts(row, len(parts[number]))
        rows = np.array([found[number][0] for number in range(len(texts))], dtype=np.float32)
        return rows, [found[number][1] for number in range(len(texts))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the real one."""
        return self.real.count_tokens(texts)


def _place(number: int, sizes: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Document and place in it of the real chunk of this number, counted through all documents."""
    document = int(np.searchsorted(np.cumsum(sizes), number, side="right"))
    return document, number - int(sizes[:document].sum())


def _mixed_text(first: Sequence[str], second: Sequence[str], own: str) -> str:
    kept = [*first[: (2 * len(first) + 2) // 3], *second[2 * len(second) // 3 :]]
    return " ".join([*kept, f"({own})"])


def _mixed_vectors(first: Vectors, second: Vectors, random: np.random.Generator) -> Vectors:
    shares = random.uniform(0.55, 0.85, size=(len(first), 1)).astype(np.float32)
    mixed = _unit(shares * first + (1 - shares) * second)
    return _unit(mixed + _JITTER * _unit(random.normal(size=mixed.shape).astype(np.float32)))


def _made_parts(row: Vectors, parts: int) -> Vectors:
    """As many rows of length 1 near this one: each has noise of its own, drawn from the row so that it stays so."""
    random = np.random.default_rng(np.frombuffer(row.tobytes(), dtype=np.uint32))
    noise = _unit(random.normal(size=(parts, len(row))).astype(np.float32))
    return _unit(row + _JITTER_OF_PARTS * noise)


def _unit(rows: Vectors) -> Vectors:
    made: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made


def _entry(number: int, texts: Sequence[str]) -> Entry:
    source, title = f"made/{number // 1000:03}/{number:06}.txt", f"Made-up document {number}"
    whole = _BREAK.join(texts)
    chunks, start = [], 0
    for text in texts:
        chunks.append(Chunk(source, title, text, start, start + len(text)))
        start += len(text) + len(_BREAK)
    content = whole.encode()
    facts = Facts(source, "made", hashlib.sha256(content).hexdigest(), "made", "en", len(content), 0)
    return Entry(Document(source, title, whole, (Section(0, len(whole)),)), chunks, facts)
