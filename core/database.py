"""The SQL engine and its transactions: SQLite in the home by default, any SQLAlchemy URL by setting.

The only file that makes an engine. Reads are plain transactions, writes take the write lock at once, so that two
processes wait for each other instead of failing. The schema is brought up to date when the database is opened.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from core.errors import DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_SECONDS = 30.0
_CHECKPOINT_TRIES = 50


class Database:
    """One database: `read()` and `write()` give connections inside a transaction."""

    def __init__(self, url: str) -> None:
        """Open the database at this SQLAlchemy URL and bring its schema up to date; DatabaseError when that fails."""
        try:
            self.engine = _engine(url)
            _upgrade(self.engine)
        except (ArgumentError, NoSuchModuleError) as error:
            raise DatabaseError(f"PARAPET_DATABASE_URL: not a usable database address: {error}") from error
        except (DBAPIError, OSError) as error:
            raise DatabaseError(f"The database at {_shown(url)} can't be opened: {_cause(error)}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent state."""
        with self.engine.begin() as connection:
            if self.engine.url.get_backend_name() == "postgresql":  # else each statement sees a state of its own
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection for writing: committed at the end, rolled back on an error."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def purge(self) -> bool:
        """Overwrite what was deleted, so that its bytes are gone from disk; False when others kept that from ending.

        SQLite and PostgreSQL rewrite their files; what a server keeps elsewhere (its log, its replicas) is its own.
        """
        raw = self.engine.raw_connection()
        try:
            driver: Any = raw.driver_connection
            if self.engine.url.get_backend_name() == "sqlite":
                driver.execute("VACUUM")
                return _checkpointed(driver)
            if self.engine.url.get_backend_name() == "postgresql":
                driver.rollback()
                driver.autocommit = True
                driver.cursor().execute("VACUUM FULL")
                driver.autocommit = False
            return True
        finally:
            raw.close()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def head() -> str:
    """The newest revision of the schema: the number that its migration's file name begins with."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+pg8000")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # so that BEGIN below is ours
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that writes after reading fails at once when another process wrote in between.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _checkpointed(driver: Any) -> bool:
    """Empty the log that SQLite writes ahead; readers of other processes may keep it a while."""
    for _ in range(_CHECKPOINT_TRIES):
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return True
        time.sleep(0.1)
    return False


def _upgrade(engine: Engine) -> None:
    """Run the migrations that are missing; the usual case costs one query."""
    if _revision(engine) == head():
        return
    with _migration_lock(engine):
        revision = _revision(engine)
        if revision == head():
            return
        if revision is not None and revision > head():
            raise DatabaseError(
                f"The database is of a newer Parapet (schema {revision}, known here {head()}): update the program."
            )
        from alembic import command  # 0.6 s: only when there is something to do
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with engine.connect().execution_options(writes=True) as connection, _rebuilding(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """A transaction in which SQLite may rebuild a table without emptying those that refer to it."""
    driver: Any = connection.connection.dbapi_connection
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        driver.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction
    try:
        with connection.begin():
            yield
    finally:
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")


def _revision(engine: Engine) -> str | None:
    with engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _migration_lock(engine: Engine) -> Iterator[None]:
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        with FileLock(f"{engine.url.database}.migrating"):
            yield
    elif engine.url.get_backend_name() == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(72656274)"))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(72656274)"))
    else:
        yield


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "PARAPET_DATABASE_URL"


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
