"""What the tests of ingestion borrow besides an empty library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chains.ingestion import open_inspector
from ingest.index import Library
from tests.ingest.folders import CountingIngester
from tests.ui.conftest import Ran
from ui.command.main import main

Run = Callable[..., Ran]


@pytest.fixture
def ingester(library: Library) -> Iterator[CountingIngester]:
    """What puts documents into that library, as the command does it."""
    with CountingIngester(library, inspector=open_inspector(library.settings)) as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the whole command in a folder and a home of this test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAPET_HOME", str(tmp_path / "home"))

    def running(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        captured = capsys.readouterr()
        return Ran(int(exit_.value.code or 0), captured.out, captured.err)

    return running
