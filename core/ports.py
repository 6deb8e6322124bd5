"""The protocols by which a room takes what comes from another: whoever needs it gets it as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from core.domain import Document, Inspection

if TYPE_CHECKING:
    from sqlalchemy import Connection

Vectors = npt.NDArray[np.float32]  # shape (texts, dimensions), each row of length 1


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    @property
    def name(self) -> str:
        """Name and content hash of the model: vectors of different names can't be compared."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads; what is beyond them is not seen."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order."""
        ...

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """One row a text, and for each text one row a part of it, given by its first character and one past its last.

        A part's row says what it means within its text; a part that the model does not reach is all zeros.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the model's own marks."""
        ...


class Reranker(Protocol):
    """Scores texts by how well each answers a question, reading both together; safe for many threads."""

    @property
    def name(self) -> str:
        """Name of the model in the list of trusted models."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score from 0 to 1 a text, in order; higher is better."""
        ...


class Judge(Protocol):
    """A language model that is asked to judge a text."""

    def __call__(self, instructions: str, text: str) -> str:
        """What it says, in full; ModelFailure when it fails or is late."""
        ...


class Nearness(Protocol):
    """Says how near a text is to what documents are about."""

    def __call__(self, text: str, reader: str, collections: Sequence[str] = ()) -> Sequence[float]:
        """Cosine similarities of the nearest chunks that the reader may read, the nearest first; none without any."""
        ...


class Activity(Protocol):
    """Says how busy somebody is."""

    def __call__(self, asker: str, seconds: float) -> int:
        """How many questions this asker asked within these last seconds, the one that is judged counted."""
        ...


class Classifier(Protocol):
    """A stronger model of the trusted list that gives each text a risk; safe for many threads."""

    @property
    def name(self) -> str:
        """Name of the model in the list of trusted models."""
        ...

    def risks(self, texts: Sequence[str]) -> list[float]:
        """The risk of each text, from 0 to 1, in order."""
        ...


class Inspector(Protocol):
    """Looks a document over before it goes in. Must be picklable: it works in the processes that parse files."""

    @property
    def version(self) -> str:
        """Changes when it would judge or mask differently: documents are then read anew."""
        ...

    def __call__(self, document: Document) -> Inspection:
        """What was found in the document."""
        ...


class Keeper(Protocol):
    """Keeps words of documents elsewhere than in the library: answers, flags, caches."""

    @property
    def kept(self) -> str:
        """What it keeps, in the plural, as a receipt names it."""
        ...

    def forget(self, connection: Connection, collection: str, source: str) -> int:
        """Take out what is kept of a document, in this transaction; how many things were changed."""
        ...
