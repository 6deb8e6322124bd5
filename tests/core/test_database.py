"""The database: migrations, waiting writers, and what goes wrong at opening."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from core.clock import now
from core.database import Database, head
from core.errors import DatabaseError
from core.tables import metadata, turns


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
