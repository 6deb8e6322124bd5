"""`diff`: says what sync would do, and does nothing."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import UsageError
from core.tables import metadata
from ingest.difference import Difference, difference
from ingest.index import Library
from ingest.report import State
from tests.ingest.folders import PLANTED, CountingIngester, write


def compared(ingester: CountingIngester, folder: Path) -> Difference:
    """The difference, by the recipe of the ingester."""
    return difference(ingester.library, folder, collection=ingester.collection, recipe=ingester.recipe)


def counted(library: Library) -> dict[str, int]:
    """How many rows each table has."""
    with library.database.read() as connection:
        counts = {name: select(func.count()).select_from(table) for name, table in metadata.tables.items()}
        return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def test_its_summary_and_lists(ingester: CountingIngester, tmp_path: Path) -> None:
    """Added, updated and removed by name, the rest as a number; nothing is written, read or made."""
    folder = write(tmp_path / "docs", {f"{n}.txt": f"Paper number {n}." for n in range(6)})
    assert compared(ingester, folder).summary == "+6 ~0 -0 =0"
    assert counted(ingester.library)["collection"] == 0
    ingester.sync([folder])
    before, _ = counted(ingester.library), ingester.taken_jobs()
    write(folder, {"0.txt": "Changed.", "new.txt": "New.", "sub/newer.txt": "Newer.", "blob": b"\0\1"})
    (folder / "1.txt").unlink()
    (folder / "gone").symlink_to(tmp_path / "nowhere")
    found = compared(ingester, folder)
    assert (found.added, found.updated, found.removed) == (["blob", "new.txt", "sub/newer.txt"], ["0.txt"], ["1.txt"])
    assert found.summary == "+3 ~1 -1 =4"
    assert [(one.source, one.code) for one in found.refused] == [("gone", "broken_link")]
    assert (counted(ingester.library), ingester.taken_jobs()) == (before, [])


def test_what_was_refused_or_waits_is_told_as_such(ingester: CountingIngester, tmp_path: Path) -> None:
    """Files set aside before are neither new nor unchanged, also when their time tells nothing."""
    folder = write(tmp_path / "docs", {"blob": b"\0\1", "planted.txt": PLANTED})
    (folder / "fresh.bin").write_bytes(b"\0\2")
    ingester.sync([folder])
    found = compared(ingester, folder)
    assert found.summary == "+0 ~0 -0 =0"
    assert {one.source: one.code for one in found.refused} == {
        "blob": "unknown_type",
        "fresh.bin": "unknown_type",
        "planted.txt": "quarantined",
    }
    write(folder, {"planted.txt": "Harmless now."})
    assert compared(ingester, folder).added == ["planted.txt"]


def test_a_name_that_another_file_has_is_told(ingester: CountingIngester, tmp_path: Path) -> None:
    """What sync would refuse for its name is not called an update."""
    ingester.add([write(tmp_path / "a", {"x.txt": "First."})])
    other = write(tmp_path / "b", {"x.txt": "Other."})
    assert [one.code for one in compared(ingester, other).refused] == ["source_taken"]


def test_it_fails_where_sync_would(ingester: CountingIngester, tmp_path: Path) -> None:
    """A folder that is away or was emptied, and an address, are errors."""
    folder = write(tmp_path / "docs", {"x.txt": "First."})
    ingester.sync([folder])
    (folder / "x.txt").unlink()
    with pytest.raises(UsageError, match="is empty, but 1 document came from it"):
        compared(ingester, folder)
    folder.rmdir()
    with pytest.raises(UsageError, match="no such folder"):
        compared(ingester, folder)
    with pytest.raises(UsageError, match="sync"):
        difference(ingester.library, "https://example.org/", collection="default", recipe="")


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_sync(seed: int, ingester: CountingIngester, tmp_path: Path) -> None:
    """After random changes, sync does just what diff said."""
    draw = random.Random(seed)
    folder = write(tmp_path / "docs", {f"{n % 3}/{n}.txt": f"Paper number {n}." for n in range(12)})
    ingester.sync([folder])
    for turn in range(4):
        _disturb(folder, draw, turn)
        said, report = compared(ingester, folder), ingester.sync([folder])
        done = {state: sorted(d.source for d in report.documents if d.state is state) for state in State}
        assert sorted(said.added) == done[State.ADDED]
        assert sorted(said.updated) == done[State.UPDATED]
        assert sorted(said.removed) == done[State.REMOVED]
        assert said.unchanged == len(done[State.UNCHANGED])
        assert Counter(one.code for one in said.refused) == Counter(d.code for d in report.refused)


def _disturb(folder: Path, draw: random.Random, turn: int) -> None:
    for number, path in enumerate(sorted(path for path in folder.rglob("*.txt"))):
        chance = draw.random()
        if chance < 0.15:
            path.unlink()
        elif chance < 0.3:
            path.write_text(f"Changed in turn {turn}: {number}.")
        elif chance < 0.4:
            path.rename(path.with_name(f"moved-{turn}-{number}.txt"))
        elif chance < 0.5:
            path.touch()
    write(folder, {f"new-{turn}-{n}.txt": f"New in turn {turn}: {n}." for n in range(draw.randrange(3))})
    (folder / ".parapetignore").write_text(f"{draw.randrange(3)}/\n" if draw.random() < 0.5 else "")
