"""What the tests of searching borrow: documents put into a library in this process, and texts of one chunk each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from ingest.index import Library
from ingest.pipeline import Ingester
from ingest.run.preparing import Job
from ingest.sandbox.pool import Sandbox
from tests.ingest.folders import write
from tests.ingest.killable import Here

Hold = Callable[..., None]


def hold_in(library: Library, folder: Path, files: Mapping[str, str], collection: str = "default") -> None:
    """Put documents into a collection, by their names in a folder."""
    ingester = Ingester(library, collection)
    ingester._sandbox = cast("Sandbox[Job]", Here())
    report = ingester.add([write(folder, files)])
    assert report.refused == []


@pytest.fixture
def hold(library: Library, tmp_path: Path) -> Hold:
    """Puts documents into a collection of the library."""

    def holding(files: Mapping[str, str], collection: str = "default") -> None:
        hold_in(library, tmp_path / f"files of {collection}", files, collection)

    return holding


def paragraph(subject: str, *words: str) -> str:
    """About 150 tokens on a subject, so that two of them make two chunks; each word makes a sentence of its own."""
    filler = "along the quiet river bank where the reeds grow tall and the water runs slow and clear in summer"
    return " ".join(f"The {subject} likes {word} {filler}." for word in words)
