"""Another way of indexing: built beside the one that answers, swapped at once, undone by one command."""

import threading
from pathlib import Path

import pytest

from core.errors import LibraryError, UsageError
from core.settings import Settings
from ingest import index, reindexing
from ingest.cutting import chunks
from ingest.index import CUT, Library
from ingest.pipeline import remove
from ingest.reindexing import reindex, roll_back
from ingest.rows import editions
from ingest.rows.editions import BUILDING, LIVE, RETIRED, Edition
from ingest.verifying import verify
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.killable import sync

ANIMALS = ("otter", "heron", "badger", "falcon", "viper", "weasel")


class Killed(BaseException):
    """Ends a run as a signal would."""


class Stage:
    """One home, with two embedders of different dimensions."""

    def __init__(self, tmp_path: Path, settings: Settings, library: Library) -> None:
        self.folder = tmp_path / "docs"
        self.folder.mkdir()
        for animal in ANIMALS:
            self.write(animal, f"The {animal} eats fish.")
        self.old, self.new = HashedEmbedder("old", 48), HashedEmbedder("new", 96)
        named = {"old": self.old, "new": self.new}
        self.before = Library(settings, library.database, self.old, named.get)
        self.after = Library(settings, library.database, self.new, named.get)
        sync(self.before, self.folder)

    def write(self, animal: str, text: str) -> None:
        """A document of two chunks."""
        (self.folder / f"{animal}.md").write_text(f"# The {animal}\n\n{text}\n\n## Home\n\nIt lives by the river.\n")

    def editions(self) -> dict[str, Edition]:
        """What there is, by state."""
        with self.after.database.read() as connection:
            return {edition.state: edition for edition in editions.every_edition(connection)}

    def first(self, question: str) -> str:
        """The text found first."""
        return self.after.search(question)[0].chunk.text


@pytest.fixture
def stage(tmp_path: Path, settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Six documents, indexed by the old embedder; few documents a slice, so that there are several."""
    monkeypatch.setattr(reindexing, "_DOCUMENTS_AT_ONCE", 2)
    return Stage(tmp_path, settings, library)


def test_the_old_index_answers_until_the_new_one_is_whole(stage: Stage) -> None:
    """Meanwhile every question finds what it found before, by the embedder of the index that answers."""
    expected = stage.after.search("What does the heron eat?")
    seen: list[tuple[int, int]] = []

    def advanced(done: int, of: int) -> None:
        assert stage.editions()[LIVE].embedder == "old"
        assert stage.after.search("What does the heron eat?") == expected
        seen.append((done, of))

    before = stage.new.embedded
    swap = reindex(stage.after, "default", advanced=advanced)
    assert seen == [(2, 6), (4, 6), (6, 6)]
    assert stage.new.embedded - before == 12  # questions were of the old one
    assert (swap.before.embedder, swap.now.embedder, swap.documents) == ("old", "new", 6)
    assert {state: edition.embedder for state, edition in stage.editions().items()} == {LIVE: "new", RETIRED: "old"}
    assert "heron" in stage.first("What does the heron eat?")
    assert (stage.after.notices(), stage.after.faults(), verify(stage.after).findings) == ([], [], ())


def test_what_is_added_changed_and_removed_meanwhile_is_in_the_new_index(stage: Stage) -> None:
    """Other runs get their turn between two slices, and nothing of theirs is lost by the swap."""
    turns = iter((1, 2, 3))

    def advanced(_done: int, _of: int) -> None:
        if next(turns, None) == 2:
            stage.write("otter", "The otter now eats crabs.")
            stage.write("lynx", "The lynx eats hares.")
            (stage.folder / "viper.md").unlink()
            sync(stage.before, stage.folder)

    swap = reindex(stage.after, "default", advanced=advanced)
    assert swap.documents == 6
    assert "crabs" in stage.first("What does the otter eat?")
    assert "hares" in stage.first("What does the lynx eat?")
    assert all("viper" not in passage.chunk.text for passage in stage.after.search("viper", 99))
    assert stage.after.faults() == []


def test_a_waiting_run_gets_its_turn(stage: Stage) -> None:
    """Another writer waits for one slice, not for the whole."""
    live: list[str] = []

    def add() -> None:
        sync(stage.before, stage.folder)
        live.append(stage.editions()[LIVE].embedder)

    other = threading.Thread(target=add)

    def advanced(done: int, _of: int) -> None:
        if done == 2:
            other.start()

    stage.write("otter", "The otter now eats crabs.")
    for number in range(20):
        stage.write(f"mouse-{number}", f"Mouse {number} eats cheese.")
    sync(stage.before, stage.folder)
    reindex(stage.after, "default", advanced=advanced)
    other.join()
    assert live == ["old"]


def test_going_back_brings_what_has_changed_since(stage: Stage) -> None:
    """One command lets the old index answer again, with the documents of today; another goes forward again."""
    reindex(stage.after, "default")
    stage.write("otter", "The otter now eats crabs.")
    stage.write("lynx", "The lynx eats hares.")
    (stage.folder / "viper.md").unlink()
    sync(stage.after, stage.folder)
    embedded = stage.old.embedded
    swap = roll_back(stage.after, "default")
    assert (swap.before.embedder, swap.now.embedder) == ("new", "old")
    assert stage.old.embedded - embedded == 3  # chunks that changed; the rest was there
    for library in (stage.before, stage.after):
        assert "crabs" in library.search("What does the otter eat?")[0].chunk.text
        assert all("viper" not in passage.chunk.text for passage in library.search("viper", 99))
        assert library.size() == (6, 12)
    assert stage.after.faults() == []
    assert roll_back(stage.after, "default").now.embedder == "new"
    assert "hares" in stage.first("What does the lynx eat?")
    assert verify(stage.after).findings == ()


def test_another_cut(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same embedder and another way of cutting: documents know their new chunks; going back embeds nothing."""
    embedded = stage.old.embedded

    def whole(document: chunks.Document, _count: object) -> list[chunks.Chunk]:
        length = len(document.text)
        cuts = [(0, length)] if "otter" in document.text else [(0, length // 2), (length // 2, length)]
        return [chunks.Chunk(document.source, document.title, document.text[a:b], a, b) for a, b in cuts]

    monkeypatch.setattr(chunks, "chunk", whole)
    for module in (index, reindexing):
        monkeypatch.setattr(module, "CUT", "cut-next")
    swap = reindex(stage.before, "default")
    assert (swap.before.cut, swap.now.cut) == (CUT, "cut-next")
    assert [row.chunks for row in stage.before.documents()] == [2, 2, 2, 1, 2, 2]
    assert stage.old.embedded - embedded == stage.before.count_chunks()
    embedded = stage.old.embedded
    assert roll_back(stage.before, "default").now.cut == CUT
    assert stage.old.embedded == embedded
    assert [row.chunks for row in stage.before.documents()] == [2] * 6
    assert stage.before.faults() == []


def test_a_killed_run_goes_on_where_it_stood(stage: Stage) -> None:
    """What is in the new index is not embedded again, and the old one answers in between."""

    def killed(done: int, _of: int) -> None:
        if done == 4:
            raise Killed

    with pytest.raises(Killed):
        reindex(stage.after, "default", advanced=killed)
    assert set(stage.editions()) == {LIVE, BUILDING}
    assert "heron" in stage.first("What does the heron eat?")
    assert stage.after.faults() == []
    embedded = stage.new.embedded
    reindex(stage.after, "default")
    assert stage.new.embedded - embedded == 4
    assert stage.after.faults() == []


def test_documents_without_words_do_not_end_it_early(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document in which the new way of cutting finds nothing is kept whole, and those after it go in too."""
    monkeypatch.setattr(chunks, "chunk", lambda _document, _count: [])
    reindex(stage.after, "default")
    assert stage.after.size() == (6, 6)
    assert "weasel" in stage.first("What does the weasel eat?")


def test_two_at_once_swap_once(stage: Stage) -> None:
    """A second run for the same purpose joins in, and what answered before can still be gone back to."""
    inner: list[str] = []

    def advanced(done: int, _of: int) -> None:
        if done == 2:
            inner.append(reindex(stage.after, "default").now.embedder)

    swap = reindex(stage.after, "default", advanced=advanced)
    assert (inner, swap.before.embedder, swap.now.embedder) == (["new"], "old", "new")
    assert {state: edition.embedder for state, edition in stage.editions().items()} == {LIVE: "new", RETIRED: "old"}


def test_a_collection_that_is_dropped_meanwhile(stage: Stage) -> None:
    """The run ends with a plain message."""

    def drop(_done: int, _of: int) -> None:
        stage.before.drop("default")

    with pytest.raises(LibraryError, match=r"collection default is gone.*history"):
        reindex(stage.after, "default", advanced=drop)
    assert stage.after.faults() == []


def test_an_index_that_is_moved_meanwhile(stage: Stage) -> None:
    """An erasure between two slices makes the half-built index anew elsewhere: the run goes on there."""
    from ingest.erasing import erase

    def advanced(done: int, _of: int) -> None:
        if done == 4:
            erase(stage.before, ["otter.md"], collection="default")

    reindex(stage.after, "default", advanced=advanced)
    assert stage.after.size()[0] == 5
    assert "heron" in stage.first("What does the heron eat?")
    assert verify(stage.after).findings == ()


def test_nothing_to_index_and_nothing_to_go_back_to(stage: Stage) -> None:
    """Both say so; a collection without documents takes the new embedder by itself."""
    with pytest.raises(UsageError, match="'other'"):
        reindex(stage.after, "other")
    with pytest.raises(UsageError, match="nothing to go back to"):
        roll_back(stage.after, "default")
    remove(stage.after, [row.source for row in stage.after.documents()])
    sync(stage.after, stage.folder)
    assert stage.editions()[LIVE].embedder == "new"
    assert stage.after.faults() == []
