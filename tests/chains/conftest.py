"""A small handbook to answer from, and an assistant over it that plays a script."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chains.assemble import Parapet, assemble
from core.settings import Settings
from ingest.pipeline import add

HANDBOOK = """# Staff handbook

## Holiday

Staff get 25 days of holiday a year. Unused days lapse at the end of March. To ask for holiday, write to the office.

## Travel

The company pays second class train tickets for journeys of staff. Hotel nights cost at most 120 euros.

## Dogs

Dogs are welcome in the office on Fridays. A dog needs a place of its own and must be quiet.
"""
KITCHEN = (
    "The kitchen on the second floor has two ovens.\n\nThe fridge is emptied every Friday at noon by the caretaker.\n"
)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the handbook in it; read only."""
    folder = tmp_path_factory.mktemp("handbook")
    (folder / "docs").mkdir()
    (folder / "docs" / "handbook.md").write_text(HANDBOOK)
    (folder / "docs" / "kitchen.txt").write_text(KITCHEN)
    parapet = assemble(Settings(home=folder / "home"))
    add(parapet.library, [str(folder / "docs")])
    parapet.close()
    return folder / "home"


@pytest.fixture
def scripted(home: Path, tmp_path: Path) -> Iterator[Callable[..., Parapet]]:
    """Makes a Parapet over the handbook whose model says these lines; settings may be added."""
    opened: list[Parapet] = []

    def make(*lines: str | dict[str, Any], **settings: Any) -> Parapet:
        script = tmp_path / f"script{len(opened)}.jsonl"
        script.write_text("".join(json.dumps({"say": x} if isinstance(x, str) else x) + "\n" for x in lines))
        values = {"home": home, "model": "scripted", "script": script} | settings
        opened.append(assemble(Settings(**values)))
        return opened[-1]

    yield make
    for parapet in opened:
        parapet.close()
