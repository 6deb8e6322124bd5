"""A light embedder for tests about rows and files: vectors of hashed words, the same in every process."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from core.ports import Vectors

_WORD = re.compile(r"\w+")


class HashedEmbedder:
    """Each word adds 1 in a place of its own, so that like texts lie near each other."""

    max_tokens = 254

    def __init__(self, name: str = "hashed", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.embedded = 0  # how many texts it was given

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text, in order."""
        self.embedded += len(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.lower()) or [""]:
                digest = hashlib.md5(f"{self.name} {word}".encode(), usedforsecurity=False).digest()
                row[int.from_bytes(digest[:4]) % self.dimensions] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """One row a text; a part's row is that of its words alone."""
        rows = self.embed(texts)
        found = [self.embed([text[a:b] for a, b in spans]) for text, spans in zip(texts, parts, strict=True)]
        self.embedded -= sum(map(len, parts))
        return rows, found

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Its words."""
        return [len(_WORD.findall(text)) for text in texts]
