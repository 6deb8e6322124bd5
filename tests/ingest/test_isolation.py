"""Hostile files by command: each is refused by name, and the rest of the folder goes in."""

from __future__ import annotations

import os
from pathlib import Path

from tests.ingest import hostile
from tests.ingest.conftest import Run
from tests.ingest.folders import write


def test_bombs_links_pipes_and_giants(run: Run, tmp_path: Path) -> None:
    """What would exhaust, escape or hang is refused by name with a reason; the good document is in; exit code 1."""
    folder = write(
        tmp_path / "docs",
        {
            "a.md": "The otter eats fish.",
            "bomb.docx": hostile.office("docx", hostile.WORD % (b" " * 60_000_000)),
            "laughs.xlsx": hostile.office("xlsx", hostile.LAUGHS + b"<r>&l11;</r>"),
            "bomb.pdf": hostile.pdf_of_stream(b"q 1 0 0 1 0 0 cm Q\n" * 10_000, 3000),
            "z.md": "The heron stands still.",
        },
    )
    with (folder / "giant.txt").open("wb") as giant:
        giant.truncate(5 * 2**30)
    write(tmp_path, {"secret.txt": "The password is swordfish."})
    (folder / "escape.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(folder / "pipe.txt")
    ran = run("ingest", "add", "docs", "docs/../secret.txt", "--json")
    assert ran.code == 1
    found = {document["source"]: document for document in ran.json["documents"]}
    assert found["bomb.pdf"].pop("code") in {"memory", "timeout", "crashed"}  # it depends on where the limit is met
    assert {name: document.get("code") for name, document in found.items() if document["state"] == "refused"} == {
        "bomb.docx": "bomb",
        "bomb.pdf": None,
        "docs/../secret.txt": "bad_path",
        "escape.txt": "link_outside",
        "giant.txt": "too_large",
        "laughs.xlsx": "bomb",
        "pipe.txt": "special",
    }
    assert all(document["reason"] for document in found.values() if document["state"] == "refused")
    assert {name for name, document in found.items() if document["state"] == "added"} == {"a.md", "z.md"}
    assert run("ingest", "sync").code == 1
    assert "swordfish" not in run("search", "password", "--json").out
