"""A database as an older program left it: schema 0002, one library of two documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, bindparam, text

from core.clock import now
from core.database import MIGRATIONS
from core.domain import Chunk
from core.tables import UtcDateTime
from ingest.rows.shelf import key_of

TEXTS = {
    "guide.md": "# Guide\n\nThe lighthouse keeper lights the lamp at dusk.\n",
    "notes.txt": "Ships anchor in the harbour when the storm rises.\n\nThey leave at dawn.\n",
}


def make(engine: Engine, embedder: str) -> None:
    """Bring an empty database to schema 0002 and put the two documents in."""
    upgrade(engine, "0002")
    with engine.begin() as connection:
        library = {"id": 1, "generation": 7, "embedder": embedder, "unfinished": False, "as_of": now()}
        _insert(connection, "library", library)
        for number, (source, content) in enumerate(TEXTS.items(), 1):
            chunks = [part for part in content.split("\n\n") if not part.startswith("#")]
            document = {
                "id": number,
                "source": source,
                "origin": f"/somewhere/{source}",
                "title": source,
                "text": content,
                "content_hash": f"{number}" * 64,
                "recipe": "old",
                "pages": None,
                "language": "en",
                "chunks": len(chunks),
                "bytes": len(content),
                "modified_ns": "1700000000000000000",
                "ingested_at": now(),
            }
            _insert(connection, "document", document)
            for ordinal, part in enumerate(chunks):
                start = content.index(part)
                chunk = {
                    "document_id": number,
                    "ordinal": ordinal,
                    "key": key_of(Chunk(source, source, part, start, start + len(part))),
                    "text": part,
                    "heading": "[]",
                    "page": None,
                    "start": start,
                    "end": start + len(part),
                }
                _insert(connection, "chunk", chunk)


def upgrade(engine: Engine, revision: str) -> None:
    """Bring a database to a schema."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _insert(connection: Any, table: str, row: Mapping[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    # typed, as the driver's own way with moments is anybody's to change in a process that runs many libraries
    moments = [bindparam(name, type_=UtcDateTime()) for name, value in row.items() if isinstance(value, datetime)]
    statement = text(f"INSERT INTO {table} ({columns}) VALUES ({values})").bindparams(*moments)
    connection.execute(statement, dict(row))
