"""The documents that a set is asked of: the library in force, or a folder that is ingested into a temporary home."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chains.ingestion import open_ingester
from core.errors import UsageError
from core.settings import Settings
from eval.cases import Case
from eval.sources import Located, Place, Places, locate
from ingest.index import Library
from ingest.report import State

Tell = Callable[[str], None]  # takes one line of progress


@contextmanager
def home_for(settings: Settings, folder: Path | None) -> Iterator[Settings]:
    """The settings to open a library by: those in force, or for a folder ones with a home that goes when this ends."""
    if folder is None:
        yield settings
        return
    if not folder.is_dir():
        raise UsageError(f"--documents {folder}: there is no such folder")
    with tempfile.TemporaryDirectory(prefix="parapet-eval-") as home:
        # a database or a Chroma server named by the settings holds someone's documents: these stay out of both
        yield settings.model_copy(update={"home": Path(home), "database_url": None, "chroma_url": None})


def ingest(library: Library, folder: Path, tell: Tell) -> tuple[str, ...]:
    """Put a folder's documents in; what did not go in, in sentences. UsageError when nothing did."""
    tell(f"ingesting {folder}")
    with open_ingester(library) as ingester:
        report = ingester.add([folder])
    states = Counter(document.state for document in report.documents)
    if not states[State.ADDED]:
        raise UsageError(f"--documents {folder}: no document went in; `parapet ingest add {folder}` says why")
    return tuple(
        f"Documents of {folder.name} that were {state.value}, so that no question finds them: {states[state]:,}."
        for state in (State.REFUSED, State.QUARANTINED)
        if states[state]
    )


class StoredTexts:
    """The texts of a library's documents and their tokens, each looked up once."""

    def __init__(self, library: Library) -> None:
        """Nothing is read before it is asked for."""
        self._library = library
        self._texts: dict[Place, str] = {}
        self._tokens: dict[str, int] = {}

    def text(self, collection: str, source: str) -> str:
        """The text of a document as the library stores it; empty when it has none of this name."""
        place = (collection, source)
        if place not in self._texts:
            found = self._library.document(source, collection) if collection else None
            self._texts[place] = "" if found is None else found.text
        return self._texts[place]

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text is, as the embedding model cuts it."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._tokens]
        self._tokens |= zip(fresh, self._library.embedder.count_tokens(fresh), strict=True)
        return [self._tokens[text] for text in texts]


def located(library: Library, cases: Sequence[Case], collections: Sequence[str], texts: StoredTexts) -> Located:
    """The cases as this library knows their sources; UsageError when it holds none of their documents."""
    known = {one.name for one in library.collections()}
    for name in collections:
        if name not in known:
            told = ", ".join(sorted(known)) or "none yet"
            raise UsageError(f"--collection {name}: there is no such collection (known: {told})")
    rows = library.documents()
    if not rows:
        raise UsageError("The library holds no documents: ingest some, or give their folder with --documents FOLDER.")
    searched = [(row.collection, row.source) for row in rows if not collections or row.collection in collections]
    return locate(cases, Places(searched), texts.text)
