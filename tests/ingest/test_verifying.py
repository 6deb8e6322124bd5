"""Damage of every kind: verify finds it, says it plainly, mends it, and finds nothing the second time."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select, update

from core import tables
from core.domain import Filters
from ingest.index import Library
from ingest.opened import OpenEdition
from ingest.pipeline import Ingester
from ingest.reindexing import reindex, roll_back
from ingest.rows import editions, history
from ingest.verifying import Verified, verify
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.killable import open_library, sync

Damage = Callable[[Library], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small documents."""
    made = tmp_path / "docs"
    made.mkdir()
    for animal in ("otter", "heron", "badger"):
        (made / f"{animal}.md").write_text(
            f"# The {animal}\n\nThe {animal} eats fish.\n\n## Home\n\nThe {animal} lives by the river.\n"
        )
    return made


@pytest.fixture
def whole(tmp_path: Path, folder: Path) -> Library:
    """A library of them."""
    library = open_library(tmp_path / "home")
    sync(library, folder)
    return library


def opened(library: Library) -> OpenEdition:
    """The edition that answers."""
    with library.database.read() as connection:
        (edition,) = editions.readable(connection)
    return library.open(edition)


def told(verified: Verified) -> str:
    """What was found, in one text."""
    return "; ".join(f"{finding.where}: {finding.what}" for finding in verified.findings)


def lose_vectors(library: Library) -> None:
    """Two vectors are taken out behind the database's back."""
    index = opened(library).vectors
    index.remove(sorted(index.keys())[:2])


def lose_words(library: Library) -> None:
    """Two entries of the word index are taken out."""
    index = opened(library).lexical
    with index.writing() as writer:
        writer.remove(sorted(index.keys())[:2])
        writer.commit()


def lose_folder(library: Library) -> None:
    """The folder of the index is gone."""
    shutil.rmtree(opened(library).folder)


def lose_word_folder(library: Library) -> None:
    """The folder of the words is gone."""
    shutil.rmtree(opened(library).folder / "lexical")


def change_vectors(library: Library) -> None:
    """A vector is that of another text."""
    index = opened(library).vectors
    one, other = sorted(index.keys())[:2]
    index.put({one: index.get([other])[other]})


def shorten_vectors(library: Library) -> None:
    """A vector is all zeros but for a little."""
    index = opened(library).vectors
    (one, *_) = sorted(index.keys())
    index.put({one: np.full(48, 0.01, dtype=np.float32)})


def garble_words(library: Library) -> None:
    """The word index can't be read."""
    (opened(library).folder / "lexical" / "meta.json").write_text("{")


def garble_database_of_vectors(library: Library) -> None:
    """Chroma's own database is no database."""
    (opened(library).folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbled" * 1000)


def leave_strays(library: Library) -> None:
    """Entries that no document names."""
    with library.database.read() as connection:
        (edition,) = editions.readable(connection)
    index = library.open(edition)
    index.vectors.put({"0" * 32: np.eye(48, dtype=np.float32)[0]})
    with index.lexical.writing() as writer:
        writer.put("0" * 32, "stray words")
        writer.commit()


def leave_unfinished(library: Library) -> None:
    """A writer began and was killed."""
    with library.database.write() as connection:
        editions.mark(connection, 1, unfinished=True)


def foreign_folder(library: Library) -> None:
    """A folder that no collection uses."""
    (library.folder / "foreign").mkdir()
    (library.folder / "foreign" / "file").write_text("?")


def change_a_chunk(library: Library) -> None:
    """A chunk that is no slice of its document."""
    with library.database.write() as connection:
        one = select(tables.chunks.c.id).limit(1).scalar_subquery()
        connection.execute(update(tables.chunks).where(tables.chunks.c.id == one).values(text="The otter eats tea."))


def lose_a_chunk(library: Library) -> None:
    """A row of a chunk is gone."""
    with library.database.write() as connection:
        one = select(tables.chunks.c.id).limit(1).scalar_subquery()
        connection.execute(delete(tables.chunks).where(tables.chunks.c.id == one))


DAMAGES: list[tuple[Damage, str]] = [
    (lose_vectors, "2 chunks without a readable vector"),
    (lose_words, "2 chunks without words"),
    (lose_folder, "6 chunks without a readable vector; 6 chunks without words"),
    (lose_word_folder, "6 chunks without words"),
    (change_vectors, "not what the embedder gives"),
    (shorten_vectors, "1 chunks without a readable vector"),
    (garble_words, "can't be used"),
    (garble_database_of_vectors, "can't be"),
    (leave_strays, "2 entries of no document"),
    (leave_unfinished, "a write had begun and not ended"),
    (foreign_folder, "index/foreign: a folder of an index that no collection uses"),
    (change_a_chunk, "its chunks are not slices of its text"),
    (lose_a_chunk, "its chunks are not slices of its text"),
]


@pytest.mark.parametrize(("damage", "says"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_damage_is_found_and_mended(whole: Library, folder: Path, damage: Damage, says: str) -> None:
    """Whoever opens the library afterwards finds what was found before the damage."""
    expected = {passage.chunk for passage in whole.search("What does the otter eat?", 99)}
    damage(whole)
    found = verify(whole)
    assert says in told(found)
    assert all(finding.mended for finding in found.findings)
    assert verify(whole).findings == ()
    for library in (whole, open_library(whole.settings.home)):
        assert {passage.chunk for passage in library.search("What does the otter eat?", 99)} == expected
        assert library.faults() == []
    (folder / "lynx.md").write_text("The lynx eats hares.\n")
    sync(whole, folder)
    assert "hares" in whole.search("What does the lynx eat?")[0].chunk.text


def test_a_dry_run_mends_nothing(whole: Library) -> None:
    """It tells of everything at once, and again the second time."""
    for damage in (lose_vectors, lose_words, leave_unfinished, foreign_folder, change_a_chunk):
        damage(whole)
    first = verify(whole, mend=False)
    assert len(first.findings) == 3
    assert not any(finding.mended for finding in first.findings)
    assert verify(whole, mend=False) == first
    assert all(finding.mended for finding in verify(whole).findings)
    assert verify(whole).findings == ()


@pytest.mark.parametrize("cut", [0, 40])
def test_cut_vector_files(tmp_path: Path, cut: int) -> None:
    """A file that takes down whoever reads it is found by a process of its own, and made anew."""
    papers = tmp_path / "docs"
    papers.mkdir()
    sections = "\n\n".join(f"# Part {n}\n\nWord {n * 7} follows word {n * 11} here." for n in range(1100))
    (papers / "long.md").write_text(sections + "\n")
    library = open_library(tmp_path / "home")
    sync(library, papers)
    headers = list((library.settings.home / "index").glob("*/chroma/*/header.bin"))
    assert headers
    for path in headers:
        os.truncate(path, cut)
    found = verify(open_library(tmp_path / "home"))
    assert [finding.mended for finding in found.findings] == [True]
    again = open_library(tmp_path / "home")
    assert verify(again).findings == ()
    assert ("Part 77",) in [passage.chunk.heading for passage in again.search("Word 539 follows word 847", 20)]


def test_the_index_kept_to_go_back_to_is_looked_at_too(tmp_path: Path, folder: Path) -> None:
    """A retired index that has lost vectors is mended before anyone goes back to it."""
    library = open_library(tmp_path / "home")
    sync(library, folder)
    other = open_library(tmp_path / "home", HashedEmbedder("hashed-96", 96))
    reindex(other, "default")
    with other.database.read() as connection:
        (retired,) = [one for one in editions.every_edition(connection) if one.state == editions.RETIRED]
    index = other.open(retired).vectors
    index.remove(sorted(index.keys())[:2])
    assert "index of default (retired): 2 chunks without a readable vector" in told(verify(other))
    assert verify(other).findings == ()
    roll_back(other, "default")
    assert len(other.search("otter", 99)) == 6


def test_an_embedder_that_is_not_at_hand(tmp_path: Path, folder: Path) -> None:
    """It is said, and the rest is looked at all the same."""
    foreign = open_library(tmp_path / "home", HashedEmbedder("foreign", 32))
    sync(foreign, folder)
    library = open_library(tmp_path / "home")
    foreign_folder(library)
    found = verify(library)
    assert [finding.mended for finding in found.findings] == [True, False]
    assert "foreign" in found.findings[1].what
    assert "reindex" in found.findings[1].what


def test_a_stopped_run_is_told_until_it_is_run_again(whole: Library, folder: Path) -> None:
    """It is no damage: running the same again is all that is needed."""
    with whole.database.write() as connection:
        history.begin(connection, 1, "sync", [str(folder)])
    assert "run it again" in told(verify(whole))
    sync(whole, folder)
    assert verify(whole).findings == ()


def test_lost_vectors_of_sentences_are_found_and_made_anew(whole: Library) -> None:
    """Each chunk has the vectors of its sentences beside it; what lacks them is told and mended."""
    with whole.database.read() as connection:
        before = connection.execute(select(tables.chunk_vectors).order_by(tables.chunk_vectors.c.key)).all()
    assert before
    with whole.database.write() as connection:
        connection.execute(delete(tables.chunk_vectors).where(tables.chunk_vectors.c.key == before[0].key))
    assert "1 chunks without vectors of their sentences" in told(verify(whole))
    with whole.database.read() as connection:
        after = connection.execute(select(tables.chunk_vectors).order_by(tables.chunk_vectors.c.key)).all()
    assert after == before
    assert verify(whole).findings == ()


def test_another_broken_collection_does_not_keep_this_one_from_growing(whole: Library, tmp_path: Path) -> None:
    """Vectors of equal texts are borrowed from other collections where those are well, else made anew."""
    lose_folder(whole)
    path = tmp_path / "copy.md"
    path.write_text((tmp_path / "docs" / "otter.md").read_text())
    library = open_library(whole.settings.home)
    with Ingester(library, "second") as ingester:
        assert ingester.add([path]).chunks == 2
    assert len(library.search("otter", filters=Filters(collections=("second",)))) == 2
