"""What the tests of ingestion borrow besides an empty library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chains.ingestion import open_inspector
from ingest.index import Library
from tests.ingest.folders import CountingIngester


@pytest.fixture
def ingester(library: Library) -> Iterator[CountingIngester]:
    """What puts documents into that library, as the command does it."""
    with CountingIngester(library, inspector=open_inspector(library.settings)) as made:
        yield made
