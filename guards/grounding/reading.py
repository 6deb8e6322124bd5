"""Vectors of sentences and of their words, the latest ones kept: what a head compares sentences by.

A word's vector is that of its tokens within its sentence (core.ports.Embedder.embed_with_parts).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from core.ports import Embedder, Vectors
from guards.guard import storable

MOST_KEPT = 512  # sentences; with 60 words of 384 half-precision numbers each, 24 MB at the very most
MOST_WORDS = 60  # words of one sentence that have vectors of their own
AT_ONCE = 16
_WORD = re.compile(r"[^\W_]{1,40}(?:['’-][^\W_]{1,40}){0,4}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as the embedding model reads it."""

    vector: Vectors  # shape (dimensions,), of length 1
    places: tuple[tuple[int, int], ...]  # start and end of each word, at most MOST_WORDS
    words: npt.NDArray[np.float16]  # shape (words, dimensions), rows of length 1, zeros where the model did not reach


class Reader:
    """Reads sentences and remembers the latest; safe to share between threads."""

    def __init__(self, embedder: Embedder, most: int = MOST_KEPT) -> None:
        """Remember at most this many sentences; nothing is loaded before the first."""
        self._embedder = embedder
        self._most = most
        self._known: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Each sentence's reading, in order; only those not read lately cost anything."""
        with self._lock:
            known = {text: self._known[text] for text in sentences if text in self._known}
        fresh = [text for text in dict.fromkeys(sentences) if text not in known]
        self._keep(known)
        for first in range(0, len(fresh), AT_ONCE):
            read = self._read(fresh[first : first + AT_ONCE])
            self._keep(read)  # at once: another thread may wait for a sentence of these
            known |= read
        return [known[text] for text in sentences]

    def _keep(self, readings: Mapping[str, Reading]) -> None:
        """Remember these as the latest; the oldest beyond the bound are forgotten."""
        with self._lock:
            for text, reading in readings.items():
                self._known[text] = reading
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def _read(self, texts: Sequence[str]) -> dict[str, Reading]:
        places = [word_places(text) for text in texts]
        rows, words = self._embedder.embed_with_parts([storable(text) for text in texts], places)
        return {
            text: Reading(row, tuple(spans), parts.astype(np.float16))
            for text, spans, row, parts in zip(texts, places, rows, words, strict=True)
        }


def word_places(text: str) -> list[tuple[int, int]]:
    """Start and end of each of the first words of a text."""
    found = []
    for match in _WORD.finditer(text):
        found.append(match.span())
        if len(found) == MOST_WORDS:
            break
    return found
