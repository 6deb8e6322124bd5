"""What the tests of the guards borrow."""

import pytest

from core.ports import Embedder
from guards.guard import Kit


@pytest.fixture(scope="session")
def kit(embedder: Embedder) -> Kit:
    """A kit with the bundled embedder."""
    return Kit(embedder)
