"""PostgreSQL as the database: a real server, started for these tests from the machine's own programs."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr

from chains.turns import TurnStore
from core.clock import new_id
from core.database import Database
from core.domain import Answer, Decision, Outcome, Question
from core.errors import UsageError
from core.ports import Embedder
from core.settings import Settings
from core.tables import metadata
from guards.flags import FlagDesk
from ingest.index import Library
from ingest.pipeline import add
from ingest.report import State

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
