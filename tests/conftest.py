"""What many tests borrow: one loaded embedder, settings with a home of their own, an empty library."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from core.ports import Embedder
from core.settings import Settings
from ingest.embed import BundledEmbedder
from ingest.index import Library


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Files that tests build are named by their argument: archives tell the time, and each worker builds its own."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The bundled embedding model, loaded once."""
    return BundledEmbedder(tmp_path_factory.mktemp("models"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a home that only this test has."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database of that home, up to date and empty."""
    opened = Database(settings.database)
    yield opened
    opened.close()


@pytest.fixture
def library(settings: Settings, database: Database, embedder: Embedder) -> Library:
    """The library of that home, empty."""
    return Library(settings, database, embedder)
