"""`watch`: a change in a folder is in the library soon after, whatever else happens."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import ParapetError, UsageError
from ingest.report import IngestReport, State
from ingest.watching import watch
from tests.ingest.folders import CountingIngester, write

_PATIENCE_SECONDS = 30.0  # generous: what is shown is that it comes


class Watched:
    """A watch in a thread, with what it tells."""

    def __init__(self, ingester: CountingIngester, folder: Path) -> None:
        """Begin; wait for the first sync."""
        self._told: queue.Queue[IngestReport | ParapetError] = queue.Queue()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ingester, folder))
        self._thread.start()
        assert isinstance(self.next(), IngestReport)

    def _run(self, ingester: CountingIngester, folder: Path) -> None:
        for report in watch(ingester, [folder], stop=self.stop, failed=self._told.put):
            self._told.put(report)

    def next(self) -> IngestReport | ParapetError:
        """What is told next."""
        return self._told.get(timeout=_PATIENCE_SECONDS)

    def until(self, source: str, state: State) -> None:
        """Wait for this to be told of a document."""
        while True:
            told = self.next()
            if isinstance(told, IngestReport) and (source, state) in {(d.source, d.state) for d in told.documents}:
                return

    def end(self) -> None:
        """Stop, and wait for the end."""
        self.stop.set()
        self._thread.join(_PATIENCE_SECONDS)
        assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document."""
    return write(tmp_path / "docs", {"otter.md": "The otter eats fish."})


@pytest.fixture
def watched(ingester: CountingIngester, folder: Path) -> Iterator[Watched]:
    """A watch of that folder."""
    made = Watched(ingester, folder)
    yield made
    made.end()


def test_each_kind_of_change_is_followed(watched: Watched, folder: Path, ingester: CountingIngester) -> None:
    """A file that comes, changes, moves, goes, or lies in a folder that is new."""
    (folder / "new.md").write_text("A beaver builds a dam.")
    watched.until("new.md", State.ADDED)
    (folder / "otter.md").write_text("The otter sleeps in the kelp.")
    watched.until("otter.md", State.UPDATED)
    (folder / "new.md").rename(folder / "beaver.md")
    watched.until("beaver.md", State.ADDED)
    (folder / "otter.md").unlink()
    watched.until("otter.md", State.REMOVED)
    (folder / "sub" / "deeper").mkdir(parents=True)
    (folder / "sub" / "deeper" / "fox.txt").write_text("The fox runs.")
    watched.until("sub/deeper/fox.txt", State.ADDED)
    assert [row.source for row in ingester.library.documents()] == ["beaver.md", "sub/deeper/fox.txt"]


def test_a_folder_that_is_away_for_a_while(watched: Watched, folder: Path, ingester: CountingIngester) -> None:
    """The failing sync is told once, nothing is removed, and the watch goes on when the folder is back."""
    folder.rename(folder.with_name("away"))
    while not isinstance(told := watched.next(), ParapetError):
        pass
    assert "there is no such folder" in str(told)
    assert [row.source for row in ingester.library.documents()] == ["otter.md"]
    folder.with_name("away").rename(folder)
    (folder / "new.md").write_text("A beaver builds a dam.")
    watched.until("new.md", State.ADDED)


def test_what_cannot_be_watched_is_an_error(ingester: CountingIngester, folder: Path) -> None:
    """A folder that is not there when the watch begins, and an address."""
    for name, words in ((str(folder / "nowhere"), "no such file or folder"), ("https://example.org/", "ingest sync")):
        with pytest.raises(UsageError, match=words):
            next(watch(ingester, [name], stop=threading.Event(), failed=lambda _: None))


def test_ctrl_c_ends_the_command_cleanly(folder: Path, tmp_path: Path) -> None:
    """It says that it watches and how to end it; an interrupt ends it without a traceback."""
    environment = os.environ | {"PARAPET_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "ui.command.main", "ingest", "watch", str(folder)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        said = run.stderr.readline()
        run.send_signal(signal.SIGINT)
        _, rest = run.communicate(timeout=60)
    assert said == f"Watching {folder}; Ctrl-C ends it.\n"
    assert run.returncode == 130
    assert rest == ""
