"""Who asked how often lately."""

from datetime import timedelta

from sqlalchemy import select, update

from core.activity import AskerActivity
from core.clock import now
from core.database import Database
from core.tables import asked


def test_questions_are_counted_by_asker(database: Database) -> None:
    """Each asker has a count of their own, shared by every process."""
    activity = AskerActivity(database)
    for _ in range(3):
        activity.note("ann")
    activity.note("ben")
    other = Database(str(database.engine.url))
    assert AskerActivity(other)("ann", 60) == 3
    other.close()
    assert activity("ben", 60) == 1
    assert activity("cem", 60) == 0


def test_old_questions_count_no_more_and_are_forgotten(database: Database) -> None:
    """What lies before the time asked for is not counted; after a day its row is gone."""
    activity = AskerActivity(database)
    activity.note("ann")
    with database.write() as connection:
        connection.execute(update(asked).values(at=now() - timedelta(minutes=5)))
    assert activity("ann", 60) == 0
    assert activity("ann", 600) == 1
    with database.write() as connection:
        connection.execute(update(asked).values(at=now() - timedelta(days=2)))
    activity.note("ben")
    with database.read() as connection:
        assert [row.asker for row in connection.execute(select(asked))] == ["ben"]
