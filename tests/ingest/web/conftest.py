"""A web server for each test."""

from collections.abc import Iterator

import pytest

from tests.ingest.web.stage import Stage, served


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A web server on 127.0.0.1."""
    with served() as stage:
        yield stage
