"""Collections by command: each with its documents, its sources and its readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.conftest import Run
from tests.ingest.folders import write


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    """Two folders with a document of the same name."""
    write(tmp_path / "law", {"guide.md": "The contract ends after two years."})
    write(tmp_path / "zoo", {"guide.md": "The otter eats two fish a day."})


def test_two_collections_with_one_name_each(run: Run) -> None:
    """The same source lives in both; search, ls and show look into one or all; sync follows each one's sources."""
    assert run("ingest", "add", "law", "-c", "law").code == 0
    assert run("ingest", "add", "zoo", "-c", "zoo").code == 0
    assert run("ingest", "ls", "-c", "zoo", "--json").json["collection"] == "zoo"
    assert [line.rpartition(", ")[2] for line in run("ingest", "ls").out.splitlines()] == ["law)", "zoo)"]
    assert "otter" in run("search", "two", "-c", "zoo", "--json").json["hits"][0]["text"]
    assert len(run("search", "two", "--json").json["hits"]) == 2
    ambiguous = run("ingest", "show", "guide.md")
    assert (ambiguous.code, ambiguous.err) == (
        2,
        "'guide.md' is in several collections (law, zoo): name one with --collection.\n",
    )
    assert run("ingest", "show", "guide.md", "-c", "law", "--text").out == "The contract ends after two years."
    Path("zoo/new.md").write_text("The heron stands still.")
    assert run("ingest", "sync", "-c", "law", "--json").json["added"] == 0
    assert run("ingest", "sync", "-c", "zoo", "--json").json["added"] == 1


def test_listing_readers_forgetting_and_removing(run: Run) -> None:
    """What `collections` prints and does; a forgotten source is followed no more, its documents stay."""
    run("ingest", "add", "law", "-c", "law", "-q")
    run("ingest", "add", "zoo", "-c", "zoo", "-q")
    assert run("collections", "readers", "law", "local", "key:ann").out == "law may be read by local, key:ann.\n"
    listed = run("collections", "ls").out.splitlines()
    assert listed[0] == "law  1 document, 1 chunk, for local, key:ann"
    assert listed[1] == f"  from {Path('law').resolve()}"
    assert run("collections", "forget", "zoo", "zoo").code == 0
    nothing = run("ingest", "sync", "-c", "zoo")
    assert (nothing.code, "no sources yet" in nothing.err) == (2, True)
    unknown = run("collections", "forget", "zoo", "zoo")
    assert (unknown.code, "is no source of the collection zoo (its sources: none)" in unknown.err) == (2, True)
    assert run("collections", "rm", "zoo").out == "zoo is removed, with 1 document.\n"
    assert [one["name"] for one in run("collections", "ls", "--json").lines] == ["law"]


@pytest.mark.parametrize(
    "words",
    ["ingest ls -c typo", "ingest rm guide.md -c typo", "ingest sync -c typo", "collections rm typo"],
)
def test_a_collection_that_is_not_there_is_not_made(words: str, run: Run) -> None:
    """Only `add` and `readers` make one; others say which there are, with exit code 2."""
    run("ingest", "add", "law", "-q")
    ran = run(*words.split())
    assert ran.code == 2
    assert "typo" in ran.err
    assert len(run("collections", "ls").out.splitlines()) == 2
