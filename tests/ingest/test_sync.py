"""`sync`: the collection mirrors its sources, and nothing goes that may only be away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.ingestion import open_inspector
from core.errors import UsageError
from core.settings import Settings
from ingest.finding import walking
from ingest.index import Library
from tests.ingest.folders import CountingIngester, states, write

PAPERS = {"otter.md": "The otter eats fish.", "bird/heron.txt": "The heron stands still.", "fox.txt": "The fox runs."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents."""
    return write(tmp_path / "docs", PAPERS)


def held(library: Library) -> list[str]:
    """The sources of all documents."""
    return [row.source for row in library.documents()]


def test_it_adds_updates_and_removes(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """New files go in, changed ones are replaced, those that are gone go; the rest is not opened."""
    ingester.sync([folder])
    write(folder, {"new.md": "A beaver builds a dam.", "fox.txt": "The fox sleeps."})
    (folder / "otter.md").unlink()
    ingester.taken_jobs()
    report = ingester.sync([folder])
    expected = {"new.md": "added", "fox.txt": "updated", "otter.md": "removed", "bird/heron.txt": "unchanged"}
    assert states(report) == expected
    assert ingester.taken_jobs() == ["fox.txt", "new.md"]
    assert library.search("What does the fox do?")[0].chunk.text == "The fox sleeps."
    assert "otter" not in {passage.chunk.text for passage in library.search("otter")}
    assert library.faults() == []


def test_a_moved_file_goes_by_its_new_name_and_is_not_embedded_again(
    ingester: CountingIngester, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old name goes, the new one comes, and its vectors are those that were there."""
    ingester.sync([folder])
    (folder / "otter.md").rename(folder / "bird" / "lutra.md")

    def refuse(texts: object) -> object:
        raise AssertionError("embedded again")

    monkeypatch.setattr(library.embedder, "embed", refuse)  # the point is that it is not called
    report = ingester.sync([folder])
    assert {s for s in states(report).items() if s[1] != "unchanged"} == {
        ("bird/lutra.md", "added"),
        ("otter.md", "removed"),
    }


def test_what_is_newly_ignored_goes(ingester: CountingIngester, library: Library, folder: Path) -> None:
    """An ignore file that comes later takes out what it names."""
    ingester.sync([folder])
    (folder / ".parapetignore").write_text("bird/\n")
    assert states(ingester.sync([folder]))["bird/heron.txt"] == "removed"
    assert held(library) == ["fox.txt", "otter.md"]


def test_a_folder_that_cannot_be_looked_into_keeps_its_documents(
    ingester: CountingIngester, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be seen is not gone."""
    ingester.sync([folder])
    scan = os.scandir

    def denied(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "bird":
            raise PermissionError(13, "Permission denied")
        return scan(path)  # type: ignore[return-value]

    monkeypatch.setattr(walking.os, "scandir", denied)  # the tests may run as root, whom no permission stops
    report = ingester.sync([folder])
    assert states(report)[str(folder / "bird")] == "unreadable"
    assert held(library) == sorted(PAPERS)


def test_a_folder_that_is_away_or_empty_removes_nothing(
    ingester: CountingIngester, library: Library, folder: Path
) -> None:
    """A disk that is not mounted is an error, whether the folder is named or one of the collection's sources."""
    ingester.sync([folder])
    away = folder.rename(folder.with_name("away"))
    for chosen in ([folder], []):
        with pytest.raises(UsageError, match=r"there is no such folder. Nothing was removed"):
            ingester.sync(chosen)
    (folder / "lost+found").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"is empty, but 3 documents came from it.*--empty-too"):
        ingester.sync([folder])
    assert held(library) == sorted(PAPERS)
    assert set(states(ingester.sync([folder], empty_too=True)).values()) == {"removed"}
    assert away.is_dir()


@pytest.mark.parametrize("name", ["nowhere", "nowhere/file.md", "docs/../docs"])
def test_what_cannot_be_followed_is_an_error(
    name: str, ingester: CountingIngester, library: Library, folder: Path
) -> None:
    """A path that was never there, or that climbs, is told and changes nothing."""
    ingester.sync([folder])
    with pytest.raises(UsageError, match=name):
        ingester.sync([folder.parent / name if ".." not in name else f"{folder.parent}/{name}"])
    assert held(library) == sorted(PAPERS)


def test_without_arguments_every_source_is_followed(
    ingester: CountingIngester, library: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file keeps the name that it was added by, from wherever sync is called; it goes when it is gone."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "single", {"badger.txt": "The badger digs."})
    ingester.add(["docs", "single/badger.txt"])
    monkeypatch.chdir(tmp_path / "single")
    assert set(states(ingester.sync()).values()) == {"unchanged"}
    write(folder, {"new.md": "A beaver builds a dam."})
    write(tmp_path / "single", {"badger.txt": "The badger sleeps."})
    changed = {"new.md": "added", "single/badger.txt": "updated"}
    assert changed.items() <= states(ingester.sync()).items()
    (tmp_path / "single" / "badger.txt").unlink()
    assert states(ingester.sync())["single/badger.txt"] == "removed"
    again = ingester.sync()
    assert states(again)["single/badger.txt"] == "missing"
    assert "collections forget" in (again.refused[0].reason or "")
    shutil.rmtree(tmp_path / "single")
    with pytest.raises(UsageError, match="its folder is not there either"):
        ingester.sync()


def test_a_collection_without_sources_says_so(ingester: CountingIngester) -> None:
    """There is nothing to follow before something was added."""
    with pytest.raises(UsageError, match="no sources yet"):
        ingester.sync()


def test_refused_files_are_remembered(ingester: CountingIngester, folder: Path) -> None:
    """What was refused is not read again by sync until it changes, nor told anew by the history; `add` tries again."""
    write(folder, {"blob.txt": b"\0\1\2"})
    ingester.sync([folder])
    ingester.taken_jobs()
    assert states(ingester.sync([folder]))["blob.txt"] == "binary"
    assert ingester.taken_jobs() == []
    assert len(ingester.library.history_of("blob.txt")) == 1
    ingester.add([folder])
    assert ingester.taken_jobs() == ["blob.txt"]
    write(folder, {"blob.txt": "Text after all."})
    assert states(ingester.sync([folder]))["blob.txt"] == "added"


def test_a_fresh_refused_file_is_hashed_once_and_then_remembered(ingester: CountingIngester, folder: Path) -> None:
    """A file so new that its time tells nothing is looked at once more, and no more after that."""
    (folder / "blob.txt").write_bytes(b"\0\1\2")
    ingester.sync([folder])
    os.utime(folder / "blob.txt", (1_600_000_000, 1_600_000_000))
    ingester.sync([folder])
    ingester.taken_jobs()
    assert states(ingester.sync([folder]))["blob.txt"] == "binary"
    assert ingester.taken_jobs() == []


def test_a_scan_is_tried_again_each_time(library: Library, folder: Path) -> None:
    """What only lacks recognition goes in as soon as there is some."""
    from PIL import Image

    Image.new("RGB", (200, 80), "white").save(folder / "scan.png")
    without = library.settings.model_copy(update={"ocr": "off"})
    with CountingIngester(Library(without, library.database, library.embedder)) as ingester:
        assert states(ingester.sync([folder]))["scan.png"] == "needs_ocr"
        ingester.taken_jobs()
        assert states(ingester.sync([folder]))["scan.png"] == "needs_ocr"
        assert ingester.taken_jobs() == ["scan.png"]


@pytest.mark.parametrize(("key", "value"), [("json_fields", "body"), ("ingest_mask", "secrets")])
def test_settings_that_change_the_reading_read_anew(key: str, value: str, library: Library, tmp_path: Path) -> None:
    """After such a setting changed, every document is read again though no file did."""
    folder = write(tmp_path / "docs", {"a.json": '{"title": "Otter", "body": "The otter eats fish."}'})

    def synced(settings: Settings) -> dict[str, str]:
        chosen = Library(settings, library.database, library.embedder)
        with CountingIngester(chosen, inspector=open_inspector(settings)) as ingester:
            return states(ingester.sync([folder]))

    assert synced(library.settings) == {"a.json": "added"}
    changed = library.settings.model_copy(update={key: value})
    assert synced(changed) == {"a.json": "updated"}
    assert synced(changed) == {"a.json": "unchanged"}


def test_two_sources_that_hold_one_name_do_not_take_turns(
    ingester: CountingIngester, library: Library, folder: Path, tmp_path: Path
) -> None:
    """The first stays, the other is refused each time without being read, and follows when the first goes."""
    other = write(tmp_path / "other", {"otter.md": "Another otter, that sleeps in the kelp."})
    ingester.add([folder, other])
    ingester.taken_jobs()
    for _ in range(2):
        report = ingester.sync()
        assert [d.code for d in report.documents if d.source == "otter.md"] == [None, "source_taken"]
        assert ingester.taken_jobs() == []
    (folder / "otter.md").unlink()
    ingester.sync()
    assert library.search("Where does the otter sleep?")[0].chunk.text.startswith("Another otter")


def test_the_home_is_no_source(ingester: CountingIngester, library: Library, tmp_path: Path) -> None:
    """A folder that holds the library itself is taken without it."""
    write(tmp_path, {"docs/otter.md": "The otter eats fish."})
    assert library.settings.home.is_relative_to(tmp_path)
    assert states(ingester.sync([tmp_path])) == {"docs/otter.md": "added"}
    assert states(ingester.sync([tmp_path])) == {"docs/otter.md": "unchanged"}
