"""The database: migrations, waiting writers, and what goes wrong at opening."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, insert, select, text

from core.clock import now
from core.database import Database, head
from core.errors import DatabaseError, LibraryError
from core.settings import Settings
from core.tables import flags, metadata, reviews, turns
from tests.core import older
from tests.ingest.killable import open_library, sync


def test_migrations_give_exactly_the_tables(tmp_path: Path) -> None:
    """A migrated database differs in nothing from core/tables.py."""
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == head()
    database.close()


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Four threads with databases of their own write at once; none fails, nothing is lost."""
    url = f"sqlite:///{tmp_path}/a.db"
    Database(url).close()
    failures: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            database = Database(url)
            for number in range(20):
                with database.write() as connection:
                    connection.execute(select(turns)).all()
                    row = {
                        "id": f"{worker}-{number}",
                        "conversation": "c",
                        "asker": "a",
                        "question": "q",
                        "state": "done",
                    }
                    connection.execute(insert(turns).values(**row, asked_at=now()))
            database.close()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    database = Database(url)
    with database.read() as connection:
        assert len(connection.execute(select(turns)).all()) == 80
    database.close()


def test_an_older_library_loses_nothing(tmp_path: Path) -> None:
    """Documents and chunks of schema 0002 stand after the upgrade; the first ingest makes their index anew."""
    home = tmp_path / "home"
    (home / "index" / "chroma").mkdir(parents=True)  # where the only index used to lie
    engine = create_engine(Settings(home=home).database)
    older.make(engine, "hashed-48")
    engine.dispose()
    library = open_library(home)
    with library.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert {row.source: (row.collection, row.characters, row.chunks) for row in library.documents()} == {
        "guide.md": ("default", len(older.TEXTS["guide.md"]), 1),
        "notes.txt": ("default", len(older.TEXTS["notes.txt"]), 2),
    }
    document = library.document("notes.txt")
    assert document is not None
    assert [document.text[c.start : c.end] for c in library.chunks(library.documents()[1])] == [
        "Ships anchor in the harbour when the storm rises.",
        "They leave at dawn.\n",
    ]
    assert library.as_of() is not None
    with pytest.raises(LibraryError, match="parapet ingest verify"):
        library.search("Who lights the lamp?")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "notes.txt").write_text("The baker bakes at five.\n")
    (tmp_path / "new" / "more.txt").write_text("The smith is at the forge.\n")
    sync(library, tmp_path / "new")
    assert [row.source for row in library.documents()] == ["guide.md", "more.txt", "notes.txt"]
    for words in ("keeper lights the lamp", "smith is at the forge", "baker bakes at five"):
        assert words in library.search(words)[0].chunk.text
    assert library.faults() == []
    assert not (home / "index" / "chroma").exists()
    library.database.close()


def everything(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Every row of every table by the names of its columns, the schema's own version left out."""
    held = MetaData()
    held.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=str)
            for name, table in held.tables.items()
            if name != "alembic_version"
        }


def test_putting_long_texts_last_loses_nothing(tmp_path: Path) -> None:
    """From schema 0003 on: documents, chunks, flags, reviews and all else keep every value; vectors have a table."""
    engine = create_engine(f"sqlite:///{tmp_path}/a.db")
    older.make(engine, "hashed-48")
    older.upgrade(engine, "0003")
    with engine.begin() as connection:
        flag = {"id": "f", "turn": "t", "asker": "ann", "decision": "hold", "answer": {"text": "Held."}}
        connection.execute(insert(flags).values(**flag, withheld="Withheld.", flagged_at=now()))
        review = {"flag_id": "f", "verdict": "released", "note": "Fine.", "reviewer": "rita"}
        connection.execute(insert(reviews).values(**review, reviewed_at=now()))
    before = everything(engine)
    assert [len(before[name]) for name in ("document", "chunk", "flag", "review")] == [2, 3, 1, 1]
    database = Database(f"sqlite:///{tmp_path}/a.db")
    assert everything(database.engine) == before | {"asked": [], "chunk_vector": [], "guard_count": []}
    with database.write() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        columns = [row.name for row in connection.execute(text("PRAGMA table_info(document)"))]
        assert columns[-2:] == ["sections", "text"]
        connection.execute(text("DELETE FROM document WHERE source = 'guide.md'"))
        assert connection.execute(text("SELECT count(*) FROM chunk")).scalar() == 2  # they go with their document
    database.close()
    engine.dispose()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """A database of a newer program is left alone, with a message that says what to do."""
    url = f"sqlite:///{tmp_path}/a.db"
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseError, match="newer Parapet"):
        Database(url)


@pytest.mark.parametrize(
    "url", ["nonsense", "oracle9://x", "sqlite:////proc/none/a.db", "postgresql://u:secret@127.0.0.1:9/x"]
)
def test_a_database_that_cannot_be_opened_is_told_plainly(url: str) -> None:
    """A wrong address is one readable error, without the password."""
    with pytest.raises(DatabaseError) as caught:
        Database(url)
    assert "secret" not in str(caught.value)
