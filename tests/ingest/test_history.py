"""`history`: what was done, run by run, and to one document over time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pipeline import remove
from ingest.rows import history
from tests.ingest.conftest import Run
from tests.ingest.folders import CountingIngester, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents."""
    return write(tmp_path / "docs", {"otter.md": "The otter eats fish.", "fox.txt": "The fox runs."})


def test_a_document_over_time(ingester: CountingIngester, folder: Path) -> None:
    """Added, updated, removed, each with the hash of what it was; runs that left it as it was are not told."""
    library = ingester.library
    ingester.add([folder])
    ingester.sync([folder])
    write(folder, {"otter.md": "The otter sleeps."})
    ingester.sync([folder])
    remove(library, ["otter.md"])
    events = library.history_of("otter.md")
    told = [(event.state, event.command) for event in events]
    assert told == [("removed", "rm"), ("updated", "sync"), ("added", "add")]
    hashes = [event.content_hash for event in events]
    assert hashes[0] is None
    assert len({*hashes}) == 3
    assert [run.command for run in library.history()] == ["rm", "sync", "sync", "add"]
    assert library.history()[1].counts["updated"] == 1


def test_a_run_that_was_stopped_shows_as_such(ingester: CountingIngester, folder: Path) -> None:
    """It has no end until the same command is run again to its end."""

    class Stopped(KeyboardInterrupt):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    ingester.progress = stop
    with pytest.raises(Stopped):
        ingester.sync([folder])
    ingester.progress = None
    with ingester.library.database.read() as connection:
        assert [run.command for run in history.stopped(connection)] == ["sync"]
    ingester.sync([folder])
    with ingester.library.database.read() as connection:
        assert history.stopped(connection) == []


def test_as_the_command_prints_it(run: Run, folder: Path) -> None:
    """Runs with what they were given and came to; a document's events; a name that nothing is known of."""
    run("ingest", "add", str(folder), "-q")
    (line,) = run("ingest", "history").out.splitlines()
    assert line.endswith(f"add {folder}  [default]  2 added")
    (event,) = run("ingest", "history", "otter.md").out.splitlines()
    assert "added by add  [default]  1 chunk  sha256 " in event
    assert run("ingest", "history", "--json").json["counts"]["added"] == 2
    assert run("ingest", "history", "nothing.md").err == "Nothing is known of a document called 'nothing.md'.\n"
