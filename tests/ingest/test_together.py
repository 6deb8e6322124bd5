"""Several collections at once: writers take turns, readers of one are not disturbed by writes to another."""

import threading
from multiprocessing import get_context
from pathlib import Path

import pytest

from core.domain import Filters
from core.settings import Settings
from ingest.index import Library
from ingest.pipeline import Ingester
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.killable import open_library, plain_main

NEWS = Filters(collections=("news",))

SECRET = "The vault of Quarlesworth opens with the numbers four, nine and two."


def fill(home: Path, collection: str, folder: Path) -> None:
    """Add a folder in another process."""
    with Ingester(open_library(home), collection) as ingester:
        assert not ingester.add([folder]).refused


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Two folders that share one document."""
    made = {}
    for name in ("public", "board"):
        made[name] = tmp_path / name
        made[name].mkdir()
        for number in range(6):
            (made[name] / f"{name}-{number}.md").write_text(f"# {name}\n\nMinute {number} of the {name} meeting.\n")
        (made[name] / "shared.md").write_text("Every meeting begins at nine.\n")
    (made["board"] / "vault.md").write_text(f"# Vault\n\n{SECRET}\n")
    return made


def test_two_processes_write_to_two_collections(tmp_path: Path, folders: dict[str, Path]) -> None:
    """Both come to an end with all of theirs, and a reader of the one finds the same all the while."""
    library = open_library(tmp_path / "home")
    with Ingester(library, "news") as ingester:
        ingester.add([folders["public"]])
    expected = [passage.chunk for passage in library.search("Minute 3 of the meeting", 99, filters=NEWS)]
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.ingest.warmed"])
    writers = [context.Process(target=fill, args=(tmp_path / "home", name, folder)) for name, folder in folders.items()]
    for writer in writers:
        with plain_main():
            writer.start()
    while any(writer.is_alive() for writer in writers):
        found = library.search("Minute 3 of the meeting", 99, filters=NEWS)
        assert [passage.chunk for passage in found] == expected
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert {row.name: library.size_of(row)[0] for row in library.collections()} == {"board": 8, "news": 7, "public": 7}
    assert library.faults() == []


def test_nobody_is_shown_what_they_may_not_read(settings: Settings, folders: dict[str, Path], library: Library) -> None:
    """Passages, counts and dates are those of the collections that an asker may read."""
    light = Library(settings, library.database, HashedEmbedder("hashed-48", 48))
    for name, folder in folders.items():
        with Ingester(light, name) as ingester:
            ingester.add([folder])
    light.set_readers("board", ["ann"])
    for asker, count in (("ann", 15), ("bob", 7), ("", 7)):
        sources = {(p.chunk.collection, p.chunk.source) for p in light.search("vault meeting minute", 99, reader=asker)}
        assert ("board" in {collection for collection, _ in sources}) == (asker == "ann")
        assert light.size(asker)[0] == count
        assert light.document_frequency(["quarlesworth"], asker) == [int(asker == "ann")]
    assert light.search("vault", 99, reader="bob", filters=Filters(collections=("board",))) == []
    ann, bob = light.as_of("ann"), light.as_of("bob")
    assert ann is not None
    assert bob is not None
    assert bob < ann
    light.set_readers("public", ["ann"])
    assert (light.search("meeting", reader="bob"), light.size("bob"), light.as_of("bob")) == ([], (0, 0), None)
    assert light.document_frequency(["meet"], "bob") == [0]


def test_a_writer_lets_nothing_through(settings: Settings, folders: dict[str, Path], library: Library) -> None:
    """While documents go into a collection, who may not read it finds nothing of them."""
    light = Library(settings, library.database, HashedEmbedder("hashed-48", 48))
    with Ingester(light, "board") as ingester:
        ingester.add([folders["board"]])
    light.set_readers("board", ["ann"])
    leaks: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            leaks.extend(light.search("vault", reader="bob"))

    reader = threading.Thread(target=read)
    reader.start()
    with Ingester(light, "board") as ingester:
        for number in range(5):
            (folders["board"] / f"more-{number}.md").write_text(f"The vault has door {number}.\n")
            ingester.add([folders["board"]])
    stop.set()
    reader.join()
    assert leaks == []
    assert light.search("vault", reader="ann") != []
