"""Who asked how often lately, counted for all processes together in the database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from core.clock import now
from core.database import Database
from core.tables import asked

KEPT = timedelta(days=1)  # limits over longer times are not offered


class AskerActivity:
    """The questions of the last day, by asker."""

    def __init__(self, database: Database) -> None:
        """Those of this database."""
        self._database = database

    def note(self, asker: str) -> None:
        """One more question of this asker, now; what is older than a day is forgotten."""
        with self._database.write() as connection:
            connection.execute(delete(asked).where(asked.c.at < now() - KEPT))
            connection.execute(insert(asked).values(asker=asker, at=now()))

    def __call__(self, asker: str, seconds: float) -> int:
        """How many questions this asker asked within the last seconds, at most a day."""
        since = now() - min(timedelta(seconds=seconds), KEPT)
        query = select(func.count()).where(asked.c.asker == asker, asked.c.at >= since)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())
