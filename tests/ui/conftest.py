"""A small library of documents for the faces' tests, and the command run as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ui.command.main import main

HANDBOOK = {
    "leave.md": """# Leave

Staff get 25 days of paid holiday a year. Unused holiday lapses at the end of March. Parents get sixteen weeks of paid
parental leave after the birth or the adoption of a child.

## Sick leave

A doctor's note is needed from the fourth day of sickness. Send it to the personnel office.
""",
    "expenses.md": """# Expenses

Travel by train is paid in second class. Receipts must be handed in within thirty days of the journey.
The finance team pays expenses on the tenth day of each month.
""",
    "security.txt": """The front door is locked at seven in the evening. Visitors sign the book at the reception desk
and wear a badge. Lost keys are reported to the caretaker on the same day.
""",
}
SCRIPT = [
    {"when": "holiday", "say": "Staff get 25 days of paid holiday a year [1]."},
    {
        "when": "sickness",
        "say": "A doctor's note is needed from the fourth day of sickness [1]. Napoleon signed it in 1804.",
    },
    {"when": "train", "fail": "the server does not answer"},
]


@dataclass(frozen=True)
class Ran:
    """What came of a run of the command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its output as one JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def write_handbook(folder: Path) -> Path:
    """The handbook as files of this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in HANDBOOK.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the handbook was ingested."""
    place = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("PARAPET_HOME", str(place / "home"))
        with pytest.raises(SystemExit) as exit_:
            main(["ingest", "add", str(write_handbook(place / "handbook")), "--quiet"])
    assert exit_.value.code == 0
    return place / "home"


@pytest.fixture
def run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run the command in an empty working folder with the handbook's home."""
    script = tmp_path / "script.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in SCRIPT), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAPET_HOME", str(home))
    monkeypatch.setenv("PARAPET_SCRIPT", str(script))

    def running(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        captured = capsys.readouterr()
        return Ran(int(exit_.value.code or 0), captured.out, captured.err)

    return running
