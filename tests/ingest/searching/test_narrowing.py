"""What a search is narrowed to: sources, folders, patterns, languages, dates; nothing else is found or counted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.database import Database
from core.domain import Filters, Retrieval
from core.ports import Embedder
from core.settings import Settings
from core.tables import documents
from ingest.index import Library
from tests.ingest.searching.conftest import Hold, hold_in, paragraph

NAMES = (
    "handbook/leave.md",
    "handbook/Travel.md",
    "handbook/parts/pay.md",
    "handbook2/leave.md",
    "notes/50%_off.txt",
    "notes/50x-off.txt",
    "notes/back\\slash.txt",
    "notes/backslash.txt",
    "Über/Größe.md",
)
ASKED = "What is the rule for holidays?"
SECOND = datetime(2020, 5, 17, 10, 30, tzinfo=UTC)


def found(library: Library, **filters: object) -> Retrieval:
    """What is found of everything that the filters allow."""
    return library.retrieve(ASKED, 20, filters=Filters(**filters))  # type: ignore[arg-type]


def names(retrieval: Retrieval) -> set[str]:
    """The sources of its passages, which are those of its candidates, all of them counted."""
    trace = retrieval.trace
    given = {passage.chunk.source for passage in retrieval.passages}
    assert {one.source for one in trace.candidates} == given
    assert (trace.chunks, len(trace.candidates), trace.more) == (len(given), len(given), 0)
    return given


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    """A library of documents whose names are hard to tell apart by patterns; read only."""
    folder = tmp_path_factory.mktemp("narrowed")
    settings = Settings(home=folder / "home")
    library = Library(settings, Database(settings.database), embedder)
    files = {name: f"The {number}th rule for holidays is about {name[:7]}." for number, name in enumerate(NAMES)}
    hold_in(library, folder / "files", files)
    yield library
    library.database.close()


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (["handbook/leave.md"], ["handbook/leave.md"]),
        (["HANDBOOK/Leave.MD"], ["handbook/leave.md"]),
        (["handbook"], NAMES[:3]),
        (["handbook/"], NAMES[:3]),
        (["Handbook/Parts"], ["handbook/parts/pay.md"]),
        (["handbook*"], NAMES[:4]),
        (["handbook?/*"], ["handbook2/leave.md"]),
        (["*/leave.md"], ["handbook/leave.md", "handbook2/leave.md"]),
        (["*.txt"], NAMES[4:8]),
        (["*"], NAMES),
        (["notes/50%_off.txt"], ["notes/50%_off.txt"]),
        (["notes/50%*"], ["notes/50%_off.txt"]),
        (["notes/50__off.txt"], []),
        (["notes/50?_off.txt"], ["notes/50%_off.txt"]),
        (["%"], []),
        (["notes/back\\slash.txt"], ["notes/back\\slash.txt"]),
        (["notes/back\\*"], ["notes/back\\slash.txt"]),
        (["notes/back?slash.txt"], ["notes/back\\slash.txt"]),
        (["Über/Größe.md"], ["Über/Größe.md"]),
        (["Über"], ["Über/Größe.md"]),
        (["Übe?/*.MD"], ["Über/Größe.md"]),
        (["handbook/leave.md", "*größe*", "Über/*"], ["handbook/leave.md", "Über/Größe.md"]),
        (["leave.md"], []),
        (["book"], []),
        (["' OR 1=1 --"], []),
    ],
)
def test_sources_folders_and_patterns(shelf: Library, asked: list[str], allowed: list[str]) -> None:
    """A source, a folder with or without a slash, or * and ?; all else in a name is meant as it stands."""
    assert names(found(shelf, sources=tuple(asked))) == set(allowed)


def test_nothing_asked_for_narrows_nothing(shelf: Library) -> None:
    """Empty filters are the whole library."""
    assert names(found(shelf)) == set(NAMES)
    assert found(shelf, collections=("default",)).trace.chunks == len(NAMES)
    assert names(found(shelf, collections=("nowhere",))) == set()


def test_the_scores_are_those_of_the_whole_library(shelf: Library) -> None:
    """Narrowing takes away and changes nothing else of what is left."""
    everything = {passage.chunk.source: passage for passage in found(shelf).passages}
    for passage in found(shelf, sources=("notes",)).passages:
        whole = everything[passage.chunk.source]
        assert (passage.chunk, passage.cosines) == (whole.chunk, whole.cosines)
        assert (passage.score, passage.vector) == pytest.approx((whole.score, whole.vector))
        assert passage.lexical == pytest.approx(whole.lexical)


def test_languages(library: Library, hold: Hold) -> None:
    """By their codes, in any capitals; together with a source both must fit."""
    german = (
        "Die Beschäftigten bekommen im Jahr fünfundzwanzig Tage bezahlten Urlaub und müssen ihn rechtzeitig nehmen."
    )
    english = "All of the employees get twenty-five days of paid holiday every year and have to take them in time."
    hold({"urlaub.md": german, "holiday.md": english})
    assert {row.source: row.language for row in library.documents()} == {"urlaub.md": "de", "holiday.md": "en"}
    assert names(found(library, languages=("de",))) == {"urlaub.md"}
    assert names(found(library, languages=("DE", "fr"))) == {"urlaub.md"}
    assert names(found(library, languages=("de", "en"))) == {"urlaub.md", "holiday.md"}
    assert names(found(library, languages=("fr",))) == set()
    assert names(found(library, languages=("de",), sources=("holiday.md",))) == set()


@pytest.fixture
def dated(library: Library, tmp_path: Path) -> Library:
    """Documents whose files are of 1975, 1995 and 2020, and one that was written just now."""
    moments = {"1975": datetime(1975, 1, 1, tzinfo=UTC), "1995": datetime(1995, 1, 1, tzinfo=UTC), "2020": SECOND}
    folder = tmp_path / "dated"
    folder.mkdir()
    for name in (*moments, "now"):
        (folder / f"{name}.md").write_text(f"The rule for holidays of {name}.\n")
        if name in moments:
            os.utime(folder / f"{name}.md", (moments[name].timestamp(),) * 2)
    hold_in(library, folder, {})
    return library


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (datetime(1960, 1, 1, tzinfo=UTC), ["1975", "1995", "2020", "now"]),
        (datetime(1970, 1, 2, tzinfo=UTC), ["1975", "1995", "2020", "now"]),
        (datetime(1990, 1, 1, tzinfo=UTC), ["1995", "2020", "now"]),
        (datetime(2000, 1, 1, tzinfo=UTC), ["2020", "now"]),
        (SECOND, ["2020", "now"]),
        (SECOND.astimezone(), ["2020", "now"]),
        (SECOND + timedelta(microseconds=1), ["now"]),
        (datetime(2999, 1, 1, tzinfo=UTC), []),
    ],
)
def test_dates_are_those_of_the_files(dated: Library, after: datetime, allowed: list[str]) -> None:
    """From that very moment on, in any zone; a file too fresh for its time to tell is as old as its ingestion."""
    assert names(found(dated, after=after)) == {f"{name}.md" for name in allowed}


def test_pages_are_as_old_as_their_ingestion(library: Library, hold: Hold) -> None:
    """What has no time of a file goes by when it was read."""
    hold({"page.md": "The rule for holidays of the page."})
    with library.database.write() as connection:
        connection.execute(update(documents).values(modified_ns="0"))
    (row,) = library.documents()
    assert names(found(library, after=row.ingested_at)) == {"page.md"}
    assert names(found(library, after=row.ingested_at + timedelta(seconds=1))) == set()


def test_equal_text_is_given_from_the_document_that_is_allowed(library: Library, hold: Hold) -> None:
    """Indexed once for two documents, it is named by the one that the search is narrowed to, in the trace too."""
    text = "The rule for holidays is to ask the office first."
    hold({"a.md": text, "b.md": text, "c.md": "The rule for holidays of c is another."})
    assert names(found(library, sources=("b.md",))) == {"b.md"}
    assert names(found(library, sources=("a.md",))) == {"a.md"}
    assert names(found(library, sources=("b.md", "c.md"))) == {"b.md", "c.md"}


def test_neighbours_are_joined_in_a_narrowed_search(library: Library, hold: Hold) -> None:
    """The passage is the same as without the filter."""
    both = paragraph("otter", "salmon", "trout", "perch", "pike", "roach") + "\n\n"
    both += paragraph("otter", "crabs", "crayfish", "frogs", "newts", "mussels")
    hold({"otter.md": both, "other.md": "The badger digs."})
    asked = "What does the otter like along the river?"
    (narrowed,) = library.retrieve(asked, filters=Filters(sources=("otter.md",))).passages
    assert narrowed.chunk == library.retrieve(asked).passages[0].chunk
    assert len(library.chunks(library.documents()[1])) == 2
