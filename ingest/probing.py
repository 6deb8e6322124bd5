"""Asks an index for everything that it should hold, in a process of its own: a damaged one can take its reader down."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import LibraryError
from ingest.lexical import LexicalIndex
from ingest.opened import vectors_in
from ingest.vectors import VectorIndex

_KEYS_AT_ONCE = 2000
_LENGTH_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Probe:
    """An edition's indexes, and the keys that its rows name."""

    folder: Path
    chroma_url: str | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What an edition's indexes hold, beside what they should."""

    lost_vectors: int  # keys without a readable vector of length 1
    lost_words: int
    stray_vectors: int  # keys that no row names
    stray_words: int
    error: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether they hold exactly what they should."""
        return not (self.lost_vectors or self.lost_words or self.stray_vectors or self.stray_words or self.error)


def probe(job: Probe, alive: Callable[[], None]) -> bytes:
    """Look; the JSON that `held` reads."""
    try:
        vectors = vectors_in(job.folder, job.chroma_url)
        named, near = set(job.keys), set(vectors.keys())
        worded = set(LexicalIndex(job.folder / "lexical").keys())
        lost = len(named - near) + _unreadable(vectors, sorted(named & near), alive)
        found = Held(lost, len(named - worded), len(near - named), len(worded - named))
    except LibraryError as error:
        found = Held(len(job.keys), len(job.keys), 0, 0, str(error))
    return json.dumps({name: getattr(found, name) for name in Held.__dataclass_fields__}).encode()


def held(data: bytes) -> Held:
    """What `probe` wrote."""
    return Held(**json.loads(data))


def _unreadable(vectors: VectorIndex, keys: Sequence[str], alive: Callable[[], None]) -> int:
    """How many of these keys give no vector of length 1."""
    bad = 0
    for begin in range(0, len(keys), _KEYS_AT_ONCE):
        part = keys[begin : begin + _KEYS_AT_ONCE]
        found = vectors.get(part)
        alive()
        bad += len(part) - len(found)
        if found:
            lengths = np.linalg.norm(np.stack(list(found.values())), axis=1)
            bad += int(np.sum(~(np.abs(lengths - 1) < _LENGTH_TOLERANCE)))
    return bad
