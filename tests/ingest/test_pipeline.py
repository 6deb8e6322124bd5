"""Adding, changing and removing documents, and what each run reports."""

import json
import os
import shutil
from pathlib import Path

import pytest

from core.settings import Settings
from ingest import reading
from ingest.index import Library
from ingest.pipeline import Progress, add, remove
from ingest.report import IngestReport
from ingest.run import intake
from tests.ingest.papers import pdf


def states(report: IngestReport) -> dict[str, str]:
    """What became of each document, a refusal by its code."""
    return {document.source: document.code or document.state.value for document in report.documents}


def age(folder: Path) -> None:
    """Make files look as if they were written a while ago, as most are."""
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small documents."""
    made = tmp_path / "docs"
    (made / "sub").mkdir(parents=True)
    (made / "guide.md").write_text("# Guide\n\nThe lighthouse keeper lights the lamp at dusk every evening.\n")
    (made / "sub" / "notes.txt").write_text("Ships anchor in the harbour when the storm rises over the sea.\n")
    age(made)
    return made


def test_a_folder_goes_in_and_is_found(library: Library, folder: Path) -> None:
    """The report tells each document, and a question finds the passage with exact offsets."""
    report = add(library, [folder])
    assert states(report) == {"guide.md": "added", "sub/notes.txt": "added"}
    first = report.as_json()["documents"][0]
    assert (first["characters"], first["chunks"], first["language"]) == (70, 1, "en")
    passage = library.search("Who lights the lamp?")[0]
    assert (passage.chunk.source, passage.chunk.heading, passage.rank) == ("guide.md", ("Guide",), 1)
    document = library.document("guide.md")
    assert document is not None
    assert document.text[passage.chunk.start : passage.chunk.end] == passage.chunk.text
    assert 0 <= passage.score <= 1
    assert library.size() == (2, 2)


def test_unchanged_changed_and_removed(library: Library, folder: Path) -> None:
    """Only what changed is done again; the old words are no longer found; nothing is left of what was removed."""
    add(library, [folder])
    before = library.as_of()
    assert states(add(library, [folder])) == {"guide.md": "unchanged", "sub/notes.txt": "unchanged"}
    assert library.as_of() == before
    (folder / "guide.md").write_text("# Guide\n\nThe watchman rings the bell at noon.\n")
    assert states(add(library, [folder])) == {"guide.md": "updated", "sub/notes.txt": "unchanged"}
    assert "watchman" in library.search("What does the guide say of the lamp?")[0].chunk.text
    assert states(remove(library, ["guide.md", "nothing.md"])) == {"guide.md": "removed", "nothing.md": "missing"}
    assert [row.source for row in library.documents()] == ["sub/notes.txt"]
    assert library.count_chunks() == 1
    assert library.faults() == []


def test_a_touched_file_costs_a_hash_and_is_known_by_its_new_time(library: Library, folder: Path) -> None:
    """The same bytes with another time are unchanged, also on the next run."""
    add(library, [folder])
    os.utime(folder / "guide.md", (1_600_000_000, 1_600_000_000))
    assert states(add(library, [folder]))["guide.md"] == "unchanged"
    assert library.documents()[0].modified_ns == 1_600_000_000 * 10**9


def test_a_file_changed_within_the_tick_of_its_reading_is_seen(library: Library, folder: Path) -> None:
    """Same size and time do not hide a change when the file was read right after it was written."""
    path = folder / "guide.md"
    path.write_text("The lamp is red.\n")
    add(library, [folder])
    times = path.stat()
    path.write_text("The lamp is new.\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert states(add(library, [folder]))["guide.md"] == "updated"


def test_another_recipe_makes_documents_anew(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When files are read differently, unchanged ones are done again."""
    add(library, [folder])
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)  # what a new release would bring
    assert set(states(add(library, [folder])).values()) == {"updated"}


def test_refusals_leave_the_rest_alone(library: Library, folder: Path, tmp_path: Path) -> None:
    """Each kind of bad input is refused by name and the good ones go in."""
    (folder / "empty.md").write_text("")
    (folder / "marks.md").write_text("--- *** ---")
    (folder / "cut.pdf").write_bytes(pdf("Some text.")[:500])
    (folder / "secret.pdf").write_bytes(pdf("Some text.", password="pw"))
    (folder / "scan.pdf").write_bytes(pdf(""))
    (folder / "movie.mp4").write_bytes(b"\0\1")
    (folder / "program.txt").write_bytes(b"\0\1\2")
    (folder / "odd.txt").write_bytes(b"\x81\x8d\x8f\x90\x9d" * 50)
    (folder / "report.pdf").write_bytes(pdf("The harvest was rich this year.", "And the barn is full."))
    (tmp_path / "none").mkdir()
    report = add(library, [folder, tmp_path / "none", tmp_path / "missing.md"])
    assert states(report) == {
        "cut.pdf": "cut_off",
        "empty.md": "empty",
        "guide.md": "added",
        "marks.md": "no_text",
        "movie.mp4": "unknown_type",
        "odd.txt": "encoding",
        "program.txt": "binary",
        "report.pdf": "added",
        "scan.pdf": "no_text",
        "secret.pdf": "encrypted",
        "sub/notes.txt": "added",
        str(tmp_path / "none"): "empty_folder",
        str(tmp_path / "missing.md"): "missing",
    }
    assert all(document.reason for document in report.refused)
    counts = json.loads(json.dumps(report.as_json()))
    assert (counts["added"], counts["refused"], counts["chunks"]) == (3, 10, 4)
    assert library.search("Is the barn full?")[0].chunk.page == 2


def test_larger_than_the_setting(settings: Settings, library: Library, folder: Path) -> None:
    """A file above the limit is refused without being read."""
    small = Library(settings.model_copy(update={"max_file_bytes": 66}), library.database, library.embedder)
    assert states(add(small, [folder])) == {"guide.md": "too_large", "sub/notes.txt": "added"}


def test_a_refused_change_keeps_the_old_version(library: Library, folder: Path) -> None:
    """A file that became unreadable does not take its last good version down with it."""
    add(library, [folder])
    (folder / "guide.md").write_bytes(b"\0\1\2")
    assert states(add(library, [folder]))["guide.md"] == "binary"
    assert "keeper" in library.search("Who lights the lamp?")[0].chunk.text


def test_two_files_that_would_be_called_the_same(library: Library, folder: Path, tmp_path: Path) -> None:
    """A different file of the same name is refused; an equal one is unchanged; a moved one takes its place."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    assert states(add(library, [folder, other])) == {"guide.md": "unchanged", "sub/notes.txt": "unchanged"}
    (other / "guide.md").write_text("Entirely different.")
    add(library, [folder])
    assert states(add(library, [other]))["guide.md"] == "source_taken"
    (folder / "guide.md").unlink()
    assert states(add(library, [other]))["guide.md"] == "updated"


def test_two_new_files_of_one_name_in_one_run(library: Library, tmp_path: Path) -> None:
    """The first goes in, the second is refused, although neither was there before."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"This is the readme of {name}.")
    report = add(library, [tmp_path / "a", tmp_path / "b"])
    assert [document.code or document.state.value for document in report.documents] == ["added", "source_taken"]


def test_equal_text_is_indexed_once(library: Library, folder: Path) -> None:
    """A passage that stands in two documents is embedded once, found once, and stays while either stands."""
    shutil.copy(folder / "guide.md", folder / "copy.md")
    add(library, [folder])
    assert (library.size(), library.count_chunks()) == ((3, 3), 2)
    assert [p.chunk.source for p in library.search("Who lights the lamp?")] == ["copy.md", "sub/notes.txt"]
    remove(library, ["copy.md"])
    assert library.search("Who lights the lamp?")[0].chunk.source == "guide.md"
    assert library.faults() == []


def test_progress_goes_from_nothing_to_everything(library: Library, folder: Path) -> None:
    """Progress never goes back and never past the end."""
    seen: list[Progress] = []
    (folder / "long.txt").write_text("\n\n".join(f"Paragraph {n}: {'some words ' * 60}" for n in range(6)))
    add(library, [folder], progress=seen.append)
    done = [step.done_bytes for step in seen]
    assert done == sorted(done)
    assert 0 == done[0] < done[-1] <= seen[-1].total_bytes


def test_an_interrupted_run_keeps_what_was_done(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two batches leaves a library that works, and the next run does the rest."""

    class Stopped(KeyboardInterrupt):
        pass

    def stop(step: Progress) -> None:
        if step.source == "z.txt":
            raise Stopped

    (folder / "long.txt").write_text("\n\n".join(f"Paragraph {n}: {'some words ' * 60}" for n in range(8)))
    (folder / "z.txt").write_text("The last document speaks of zebras.")
    monkeypatch.setattr(intake, "BATCH_CHUNKS", 4)  # so that small documents make several batches
    with pytest.raises(Stopped):
        add(library, [folder], progress=stop)
    assert library.search("Who lights the lamp?")[0].chunk.source == "guide.md"
    report = add(library, [folder])
    assert states(report)["guide.md"] == "unchanged"
    assert states(report)["z.txt"] == "added"
    assert library.faults() == []
