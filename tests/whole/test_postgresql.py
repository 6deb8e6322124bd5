"""PostgreSQL as the database: a real server, started for these tests from the machine's own programs."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pg8000.native
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import create_engine

from chains.turns import TurnStore
from core.clock import new_id
from core.database import Database
from core.domain import Answer, Decision, Filters, Outcome, Question
from core.errors import UsageError
from core.ports import Embedder
from core.settings import Settings
from core.tables import metadata
from guards.flags import FlagDesk
from ingest.erasing import erase
from ingest.index import Library
from ingest.pipeline import Ingester, add
from ingest.reindexing import reindex, roll_back
from ingest.report import State
from ingest.rows import editions, fine, indexed
from ingest.verifying import verify
from tests.core import older
from tests.ingest.folders import write
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.searching.conftest import paragraph

pytestmark = pytest.mark.postgres


def program(name: str) -> str | None:
    """One of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty server."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip("PostgreSQL's programs are not installed")
    folder = Path("/tmp") / f"parapet-pg-{new_id()}"
    folder.mkdir(mode=0o777)
    other: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run([*other, *command], check=True, stdout=quiet, stderr=quiet, cwd="/")

    run(initdb, "-D", f"{folder}/data", "-U", "parapet", "-A", "trust", "-N")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(pg_ctl, "-D", f"{folder}/data", "-o", options, "-w", "start")
    try:
        yield f"postgresql://parapet@127.0.0.1:{port}/postgres"
    finally:
        run(pg_ctl, "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The database, up to date."""
    opened = Database(url)
    yield opened
    opened.close()


def test_the_migrations_give_exactly_the_tables(database: Database) -> None:
    """The schema on PostgreSQL is that of core/tables.py; opening it a second time changes nothing."""
    Database(database.engine.url.render_as_string(hide_password=False)).close()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_turns_and_flags_are_kept(database: Database) -> None:
    """A turn, its flag and the review; the second decision is refused."""
    asked = Question("How many?", turn=new_id(), conversation=new_id())
    store, desk = TurnStore(database), FlagDesk(database)
    store.begin(asked)
    answer = Answer(turn=asked.turn, question=asked.text, outcome=Outcome.HELD, text="Held.")
    store.finish(asked.turn, answer)
    assert store.history(asked.conversation)[0].answer == answer
    flag = desk.raise_flag(answer, "withheld", "local", Decision.HOLD)
    assert desk.decide(flag, "released", "fine", "Ann").review is not None
    with pytest.raises(UsageError, match="Ann"):
        desk.decide(flag, "upheld", "", "Bob")


def test_documents_are_ingested_found_and_removed(
    url: str, database: Database, embedder: Embedder, tmp_path: Path
) -> None:
    """The library works over PostgreSQL as over SQLite."""
    settings = Settings(home=tmp_path / "home", database_url=SecretStr(url))
    library = Library(settings, database, embedder)
    (tmp_path / "note.md").write_text("# Holiday\n\nStaff get 25 days of holiday a year.\n")
    assert add(library, [str(tmp_path / "note.md")]).count(State.ADDED) == 1
    (passage,) = library.search("days of holiday")
    assert "25 days" in passage.chunk.text
    library.remove([passage.chunk.source])
    assert library.search("days of holiday") == []


def test_a_search_is_narrowed_joined_and_scored_by_sentences(
    url: str, database: Database, embedder: Embedder, tmp_path: Path
) -> None:
    """Sources in any capitals, patterns, dates and languages narrow it; neighbours are joined; rows go when it does."""
    library = Library(Settings(home=tmp_path / "home", database_url=SecretStr(url)), database, embedder)
    diet = [("salmon", "trout", "perch", "pike", "roach"), ("crabs", "crayfish", "frogs", "newts", "mussels")]
    files = {
        "Zoo/Otter_1.md": "\n\n".join(paragraph("otter", *words) for words in diet),
        "zoo/otter-1.md": "Otters like the river in winter too, when most of it is under ice and few others come.",
        "büro/Größe.md": "Der Otter mag den Fluss auch im Winter, wenn das meiste davon unter dem Eis liegt.",
    }
    add(library, [write(tmp_path / "files", files)])
    asked = "What does the otter like along the river?"

    def sources(**narrowed: Any) -> set[str]:
        got = library.retrieve(asked, filters=Filters(**narrowed))
        held = {one.source for one in got.trace.candidates}
        assert len(got.trace.candidates) + got.trace.more == got.trace.chunks
        assert held == {passage.chunk.source for passage in got.passages}
        return held

    assert sources() == set(files)
    assert sources(sources=("zoo/otter_1.md",)) == {"Zoo/Otter_1.md"}
    assert sources(sources=("ZOO",)) == {"Zoo/Otter_1.md", "zoo/otter-1.md"}
    assert sources(sources=("zoo/otter?1*",)) == {"Zoo/Otter_1.md", "zoo/otter-1.md"}
    assert sources(sources=("büro/Größe.md",)) == sources(languages=("de",)) == {"büro/Größe.md"}
    written = datetime.fromtimestamp((tmp_path / "files" / "zoo/otter-1.md").stat().st_mtime, UTC)
    assert sources(after=written) == sources(after=datetime(1980, 1, 1, tzinfo=UTC)) == set(files)
    assert sources(after=written + timedelta(seconds=1)) == set()
    (joined,) = library.search(asked, filters=Filters(sources=("Zoo/Otter_1.md",)))
    document = library.document("Zoo/Otter_1.md")
    assert document is not None
    assert joined.chunk.text == document.text[joined.chunk.start : joined.chunk.end]
    assert (len(joined.cosines), len(library.chunks(library.documents()[0]))) == (10, 2)
    with database.read() as connection:
        (live,) = editions.readable(connection)
        assert fine.known_keys(connection, live.id) == set(indexed.all_keys(connection, live.id))
    library.remove(list(files))
    with database.read() as connection:
        assert fine.known_keys(connection, live.id) == set()


def test_an_older_library_loses_nothing(url: str, database: Database, tmp_path: Path) -> None:
    """Schema 0002 on PostgreSQL is upgraded with its documents, and verify makes their index."""
    address = database.engine.url
    where = {"host": str(address.host), "port": address.port or 0, "database": "postgres"}
    with closing(pg8000.native.Connection(str(address.username), **where)) as raw:
        raw.run("CREATE DATABASE older")
    address = address.set(database="older")
    engine = create_engine(address)
    older.make(engine, "hashed-48")
    engine.dispose()
    library = light(tmp_path / "home", address.render_as_string(hide_password=False), HashedEmbedder("hashed-48", 48))
    with library.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert {row.source: row.chunks for row in library.documents()} == {"guide.md": 1, "notes.txt": 2}
    assert all(finding.mended for finding in verify(library).findings)
    assert "lamp" in library.search("Who lights the lamp?")[0].chunk.text
    library.remove(["guide.md"])
    (tmp_path / "fresh.md").write_text("The smith is at the forge.\n")
    add(library, [tmp_path / "fresh.md"])  # ids go on where they stood
    assert sorted(Path(row.source).name for row in library.documents()) == ["fresh.md", "notes.txt"]
    library.database.close()


def test_erase_and_reindex(url: str, tmp_path: Path) -> None:
    """Erasing leaves no word in the home, and another embedder takes over and hands back."""
    papers = tmp_path / "papers"
    papers.mkdir()
    for animal in ("otter", "heron", "badger"):
        (papers / f"{animal}.md").write_text(f"# The {animal}\n\nThe {animal} eats fish, said Quarlesworth.\n")
    home = tmp_path / "home"
    library, other = light(home, url, HashedEmbedder("old", 48)), light(home, url, HashedEmbedder("new", 96))
    add(library, [papers])
    assert reindex(other, "default").now.embedder == "new"
    assert "heron" in other.search("What does the heron eat?")[0].chunk.text
    (receipt,) = erase(other, ["heron.md"], collection="default")
    assert receipt.proof is not None
    assert receipt.proof["indexes_rebuilt"] == 2
    assert [path for path in home.rglob("*") if path.is_file() and b"heron" in path.read_bytes()] == []
    assert roll_back(other, "default").now.embedder == "old"
    assert [row.source for row in library.documents()] == ["badger.md", "otter.md"]
    assert "otter" in library.search("What does the otter eat?")[0].chunk.text
    assert verify(library).findings == ()
    library.drop("default")
    assert verify(library).findings == ()
    for one in (library, other):
        one.database.close()


def test_a_document_that_is_swapped_is_never_missed(url: str, tmp_path: Path) -> None:
    """A reader gets the old or the new version of a document while another process replaces it all the time."""
    library = light(tmp_path / "home", url, HashedEmbedder("old", 48))
    path = tmp_path / "note.md"
    path.write_text("Version 0.\n")
    add(library, [path])
    source, stop = library.documents()[0].source, Event()
    missed: list[object] = []

    def read() -> None:
        while not stop.is_set():
            document = library.document(source)
            if document is None or not document.text.startswith("Version"):
                missed.append(document)

    reader = Thread(target=read)
    reader.start()
    with Ingester(library) as ingester:
        for version in range(1, 12):
            path.write_text(f"Version {version}.\n")
            ingester.add([path])
    stop.set()
    reader.join()
    assert missed == []
    library.drop("default")
    library.database.close()


def light(home: Path, address: str, embedder: HashedEmbedder) -> Library:
    """A library over this database with a light embedder; older editions may be of the other one."""
    settings = Settings(home=home, database_url=SecretStr(address))
    named = {"old": HashedEmbedder("old", 48), "new": HashedEmbedder("new", 96)}
    return Library(settings, Database(settings.database), embedder, named.get)
