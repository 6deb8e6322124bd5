"""Vectors of sentences beside the chunks: close to what was packed, and gone and renewed with the chunks' rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from core import sentences
from core.database import Database
from core.domain import Chunk
from core.settings import Settings
from core.tables import chunk_vectors, editions
from ingest.erasing import erase
from ingest.index import CUT, Library
from ingest.pipeline import add
from ingest.reindexing import reindex, roll_back
from ingest.rows import editions as rows
from ingest.rows import fine, indexed
from ingest.rows.editions import LIVE, RETIRED
from ingest.verifying import verify
from tests.ingest.folders import write
from tests.ingest.killable import open_library, sync

ASKED = "What does the otter eat?"
FILES = {
    f"{animal}.md": f"# The {animal}\n\nThe {animal} eats fish. It sleeps by day.\n\n## Home\n\nIt lives in a burrow.\n"
    for animal in ("otter", "badger", "heron")
}


class Killed(BaseException):
    """Ends a run as a signal would."""


def unit(seed: int, count: int, dimensions: int) -> np.ndarray:
    """Rows of length 1."""
    made = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def follows(library: Library) -> set[str]:
    """The keys of every edition that have vectors of sentences, which are those that its chunks have."""
    with library.database.read() as connection:
        found = set()
        for edition in rows.every_edition(connection):
            held = fine.known_keys(connection, edition.id)
            assert held == set(indexed.all_keys(connection, edition.id))
            found |= held
        every = connection.execute(select(func.count(func.distinct(chunk_vectors.c.key)))).scalar_one()
    assert every == len(found)  # none of an edition that is gone
    return found


def forget_fine(library: Library) -> None:
    """Make the library one that was indexed before sentences had vectors."""
    with library.database.write() as connection:
        connection.execute(delete(chunk_vectors))
        connection.execute(update(editions).values(cut=CUT.removesuffix("+sentences")))


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Library]:
    """A library with the light embedder."""
    library = open_library(tmp_path / "light")
    yield library
    library.database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents of two chunks each."""
    return write(tmp_path / "docs", FILES)


# --- packing ----------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.integers(0, 12), st.sampled_from([16, 48, 384]))
def test_packing_keeps_cosines(seed: int, count: int, dimensions: int) -> None:
    """To a hundredth, whatever the vectors' direction and length."""
    made, asked = unit(seed, count + 1, dimensions), unit(seed + 1, 1, dimensions)[0]
    stretched = made[1:] * np.linspace(0.01, 30, count, dtype=np.float32)[:, None]
    of_chunk, of_sentences = fine.cosines({"key": fine.pack(made[0], stretched)}, asked)["key"]
    assert [of_chunk, *of_sentences] == pytest.approx((made @ asked).tolist(), abs=0.01)


def test_a_sentence_that_the_model_does_not_reach_is_near_to_nothing() -> None:
    """Zeros have the cosine 0, and harm no other row."""
    made, asked = unit(1, 3, 64), unit(2, 1, 64)[0]
    made[1] = 0
    of_chunk, of_sentences = fine.cosines({"key": fine.pack(made[0], made[1:])}, asked)["key"]
    assert of_sentences[0] == 0
    assert (of_chunk, of_sentences[1]) == pytest.approx((made[0] @ asked, made[2] @ asked), abs=0.01)


def test_chunks_of_any_number_of_sentences_are_told_apart() -> None:
    """None, one, and more than are kept: each key gets its own."""
    made, asked = unit(3, fine.MOST_SENTENCES + 5, 48), unit(4, 1, 48)[0]
    packed = {str(count): fine.pack(made[count % 7], made[:count]) for count in (0, 1, 5, len(made))}
    found = fine.cosines(packed, asked)
    assert list(found) == list(packed)
    assert {key: len(of_sentences) for key, (_, of_sentences) in found.items()} == {
        "0": 0,
        "1": 1,
        "5": 5,
        str(len(made)): fine.MOST_SENTENCES,
    }
    assert found["5"][1] == pytest.approx((made[:5] @ asked).tolist(), abs=0.01)
    assert fine.cosines({}, asked) == {}


def test_a_passage_carries_the_similarity_of_each_sentence(library: Library, folder: Path) -> None:
    """They are those of the embedder, in the order of the sentences; the nearest one's stands by itself too."""
    add(library, [folder])
    asked = library.embedder.embed([ASKED])[0]
    for passage in library.search(ASKED):
        chunk = passage.chunk
        before = len(chunk.embedded) - len(chunk.text)
        spans = [(before + a, before + b) for a, b in sentences.spans(chunk.text)]
        (parts,) = library.embedder.embed_with_parts([chunk.embedded], [spans])[1]
        expected = (parts @ asked / np.linalg.norm(parts, axis=1)).tolist()
        assert list(passage.cosines) == pytest.approx(expected, abs=0.01)
        assert passage.sentence == max(passage.cosines)


def test_a_list_of_very_many_lines_is_found_all_the_same(light: Library, tmp_path: Path) -> None:
    """Where not every sentence has a vector, the passage tells of none; its nearest is still known."""
    lines = "\n".join(f"- item {number} otter" for number in range(fine.MOST_SENTENCES + 20))
    sync(light, write(tmp_path / "long", {"list.md": lines, "other.md": "The badger digs."}))
    chunks = [chunk for row in light.documents() for chunk in light.chunks(row)]
    assert max(len(sentences.spans(chunk.text)) for chunk in chunks) > fine.MOST_SENTENCES
    passage = light.search("item 3 otter")[0]
    assert "item 3 otter" in passage.chunk.text
    assert passage.cosines == ()
    assert passage.sentence is not None


# --- rows -------------------------------------------------------------------------------------------------------


def test_rows_follow_the_chunks(light: Library, folder: Path) -> None:
    """Added, changed, removed, dropped: vectors are there for what is there, and for nothing else."""
    sync(light, folder)
    first = follows(light)
    assert len(first) == 6
    write(folder, {"otter.md": FILES["otter.md"].replace("fish", "crabs"), "lynx.md": "The lynx eats hares."})
    sync(light, folder)
    second = follows(light)
    assert (len(first - second), len(second - first)) == (1, 2)
    (folder / "badger.md").unlink()
    sync(light, folder)
    assert len(second - follows(light)) == 2
    write(folder, {"otter.md": FILES["otter.md"]})
    sync(light, folder)
    assert follows(light) - second <= first
    light.drop("default")
    assert follows(light) == set()


def test_text_that_stands_twice_keeps_its_row(light: Library, folder: Path) -> None:
    """While any document holds a chunk, its vectors stay; another collection has its own."""
    write(folder, {"copy.md": FILES["otter.md"]})
    sync(light, folder)
    add(light, [folder / "otter.md"], collection="other")
    every = follows(light)
    light.remove(["otter.md"])
    assert follows(light) == every
    light.drop("other")
    assert follows(light) == every
    light.remove(["copy.md"])
    assert len(every - follows(light)) == 2


def test_what_a_killed_writer_left_is_swept(light: Library, folder: Path) -> None:
    """Vectors that no chunk names go with the next write."""
    sync(light, folder)
    every = follows(light)
    with pytest.raises(Killed), light.writing() as writer:
        writer.index([Chunk("a", "a", "Left over. For nobody.", 0, 22)])
        raise Killed
    with light.database.read() as connection:
        assert len(fine.known_keys(connection, 1) - every) == 1
    write(folder, {"lynx.md": "The lynx eats hares."})
    sync(light, folder)
    assert len(follows(light) - every) == 1


def test_rows_that_were_lost_are_made_when_the_index_is_repaired(light: Library, folder: Path) -> None:
    """A writer that was killed leaves a mark; who comes next makes what is missing, be it of some sentences only."""
    sync(light, folder)
    every = follows(light)
    with light.database.write() as connection:
        connection.execute(delete(chunk_vectors).where(chunk_vectors.c.key.in_(sorted(every)[:3])))
        connection.execute(update(editions).values(unfinished=True))
    assert light.search(ASKED) != []
    verify(light)
    assert follows(light) == every


def test_rows_follow_through_reindexing_and_back(tmp_path: Path, folder: Path) -> None:
    """The new index has vectors of its own embedder, the old one keeps its own, and either answers."""
    old = open_library(tmp_path / "home")
    new = Library(old.settings, old.database, old._embedder_named("hashed-96") or old.embedder, old._embedder_named)
    sync(old, folder)
    reindex(new, "default")
    assert len(follows(new)) == 6
    with new.database.read() as connection:
        by_state = {one.state: one.id for one in rows.every_edition(connection)}
        sizes = {
            state: {len(packed) // dimensions for packed in held.values()}
            for state, dimensions in ((LIVE, 96), (RETIRED, 48))
            for held in [fine.of_keys(connection, by_state[state], sorted(follows(new)))]
        }
    assert sizes[LIVE] == sizes[RETIRED] == {2, 3}  # the chunk and one or two sentences
    assert all(passage.cosines for passage in new.search(ASKED))
    write(folder, {"otter.md": FILES["otter.md"].replace("fish", "crabs")})
    sync(new, folder)
    roll_back(new, "default")
    assert all(passage.cosines for passage in old.search(ASKED))
    assert verify(old).findings == ()
    old.database.close()


def test_erasing_takes_the_rows_out(light: Library, folder: Path) -> None:
    """Of every edition, what only the erased document held."""
    sync(light, folder)
    every = follows(light)
    erase(light, ["otter.md"], collection="default")
    assert len(every - follows(light)) == 2
    assert follows(light) < every


# --- older indexes ----------------------------------------------------------------------------------------------


def test_an_older_index_answers_and_is_brought_up_to_date(
    library: Library, folder: Path, settings: Settings, database: Database
) -> None:
    """Without vectors of sentences the same is found; a notice names the command that makes them."""
    add(library, [folder])
    fresh = library.search(ASKED)
    forget_fine(library)
    older = Library(settings, database, library.embedder)
    found = older.retrieve(ASKED)
    assert found.passages[0].chunk == fresh[0].chunk
    assert {passage.chunk.source for passage in found.passages} == {passage.chunk.source for passage in fresh}
    assert all((passage.cosines, passage.sentence) == ((), None) for passage in found.passages)
    (notice,) = older.notices()
    assert "`parapet ingest reindex`" in notice
    reindex(older, "default")
    assert older.notices() == []
    assert len(follows_live(older)) == 6
    assert older.search(ASKED) == fresh


def test_what_is_added_to_an_older_index_gets_its_rows(light: Library, folder: Path) -> None:
    """New documents have them, old ones do without, and both are found."""
    sync(light, folder)
    forget_fine(light)
    write(folder, {"lynx.md": "The lynx eats hares. It climbs."})
    sync(light, folder)
    found = {passage.chunk.source: passage for passage in light.search("What does the lynx eat? The otter eats fish.")}
    assert len(found["lynx.md"].cosines) == 2
    assert found["otter.md"].cosines == ()
    assert len(light.notices()) == 1


def follows_live(library: Library) -> set[str]:
    """The keys of the live edition that have vectors of sentences, which are those of its chunks."""
    with library.database.read() as connection:
        (live,) = rows.readable(connection)
        held = fine.known_keys(connection, live.id)
        assert held == set(indexed.all_keys(connection, live.id))
    return held
