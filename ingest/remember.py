"""An embedder that remembers: within a turn the question and the sentences of its passages are embedded once.

Retrieval, guards, evidence gate and extractive answerer all ask for the same vectors. For reading only; writing the
library embeds each text once anyway.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from core.ports import Embedder, Vectors

MOST_TEXTS = 8192  # 384 float32 each: 12 MB


class RememberingEmbedder:
    """The same vectors as the embedder it wraps, the latest ones kept; safe to share between threads."""

    def __init__(self, embedder: Embedder, most: int = MOST_TEXTS) -> None:
        """Remember at most this many texts."""
        self._embedder = embedder
        self._most = most
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The wrapped embedder's."""
        return self._embedder.name

    @property
    def max_tokens(self) -> int:
        """The wrapped embedder's."""
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The wrapped embedder's count."""
        return self._embedder.count_tokens(texts)

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """The wrapped embedder's: it is for writing the library, which asks once for each text."""
        return self._embedder.embed_with_parts(texts, parts)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; only texts not seen lately are embedded."""
        if not texts:
            return self._embedder.embed(texts)
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known |= dict(zip(fresh, self._embedder.embed(fresh), strict=True))
        with self._lock:
            for text in known:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return np.stack([known[text] for text in texts])
