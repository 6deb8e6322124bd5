"""One edition with its indexes opened: vectors, words, and the embedder that made it."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from core.database import Database
from core.errors import LibraryError
from core.ports import Embedder, Vectors
from ingest.lexical import LexicalIndex
from ingest.rows import editions, indexed
from ingest.rows.editions import Edition
from ingest.vectors import VectorIndex

REPAIR = "Run `parapet ingest verify`: it repairs the index."
Scores = dict[str, float]


class OpenEdition:
    """The two indexes of an edition; safe for many threads. Sees other processes' writes after `freshen`."""

    def __init__(self, edition: Edition, index: Path, chroma_url: str | None, embedder: Embedder) -> None:
        """Keep where they lie; each is opened at its first use."""
        self.edition = edition
        self.embedder = embedder
        self.folder = index / edition.folder
        self.vectors = vectors_in(self.folder, chroma_url)
        self.lexical = LexicalIndex(self.folder / "lexical")
        self._lock = Lock()
        self._shown: int | None = None  # the generation that the indexes show

    def freshen(self, edition: Edition, database: Database) -> None:
        """Open the indexes anew when the edition has moved on; LibraryError when they lack what its rows name."""
        with self._lock:
            latest: Edition | None = edition
            while latest is not None and latest.generation != self._shown:
                self.reopen()
                if self.is_whole(database, at_least=True):
                    self._shown = latest.generation
                    return
                seen = latest.generation
                with database.read() as connection:
                    latest = editions.edition(connection, edition.id)
                if latest is None or latest.generation == seen or latest.folder != self.edition.folder:
                    raise LibraryError(
                        f"The index in {self.folder} lacks chunks that the database names (collection "
                        f"{edition.collection}). {REPAIR}"
                    )  # else a writer was at work just now: its rows are newer than our view

    def shows(self, generation: int) -> bool:
        """Whether the indexes show this generation."""
        return self._shown == generation

    def note(self, generation: int) -> None:
        """What was just written here is this generation."""
        with self._lock:
            self._shown = generation

    def reopen(self) -> None:
        """See what other processes have written since."""
        self.vectors.reopen()
        self.lexical.reload()

    def candidates(self, vector: Vectors, asked: str, depth: int) -> tuple[Scores, Scores]:
        """(cosine, BM25) by key of what either side finds, each side's score filled in for the other's finds."""
        near = self.vectors.search(vector, depth)
        worded = self.lexical.search(asked, depth)
        near |= self.vectors.cosines(vector, [key for key in worded if key not in near])
        worded |= self.lexical.scores(asked, [key for key in near if key not in worded])
        return near, worded

    def is_there(self) -> bool:
        """Whether the files of both indexes lie where they should; says nothing of what is in them."""
        vectors = self.vectors.is_remote or (self.folder / "chroma" / "chroma.sqlite3").is_file()
        return vectors and (self.folder / "lexical" / "meta.json").is_file()

    def is_whole(self, database: Database, *, at_least: bool = False) -> bool:
        """Whether both indexes give as many keys as the rows name; while another process writes they hold more."""
        with database.read() as connection:
            named = indexed.count_keys(connection, self.edition.id)
            sample = indexed.sample_keys(connection, self.edition.id)
        held = (self.vectors.count(), self.lexical.count())
        counts_fit = min(held) >= named if at_least else held == (named, named)
        return counts_fit and self.vectors.holds(sample)


def vectors_in(folder: Path, chroma_url: str | None) -> VectorIndex:
    """The vectors of the edition whose indexes lie in this folder, which may be of another embedder than is at hand."""
    return VectorIndex(folder / "chroma", chroma_url, folder.name)
