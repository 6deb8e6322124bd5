"""What was done to the library, as rows: runs, and what became of each document that was not simply unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import clock
from core.tables import collections, events, runs
from ingest.report import DocumentReport, State


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command that wrote to the library."""

    id: str
    collection: str
    command: str
    arguments: Sequence[str]
    counts: Mapping[str, int]
    began_at: datetime
    ended_at: datetime | None  # none: it runs, or was stopped


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one document in a run."""

    run: str
    command: str
    collection: str
    source: str
    state: str
    code: str | None
    content_hash: str | None
    pages: int | None
    characters: int | None
    chunks: int | None
    at: datetime


def begin(connection: Connection, collection_id: int, command: str, arguments: Sequence[str]) -> str:
    """Note that a run begins; its id."""
    identity = clock.new_id()
    values = {"id": identity, "collection_id": collection_id, "command": command, "arguments": list(arguments)}
    connection.execute(insert(runs).values(**values, counts={}, began_at=clock.now()))
    return identity


def note(connection: Connection, run: str, reports: Sequence[DocumentReport]) -> None:
    """Note what became of documents; the unchanged ones go without saying."""
    rows = [
        {
            "run_id": run,
            "source": report.source[:2000],
            "state": report.state.value,
            "code": report.code,
            "content_hash": report.content_hash,
            "pages": report.pages,
            "characters": report.characters,
            "chunks": report.chunks,
            "at": clock.now(),
        }
        for report in reports
        if report.state is not State.UNCHANGED
    ]
    if rows:
        connection.execute(insert(events), rows)


def end(connection: Connection, run: str, counts: Mapping[str, int]) -> None:
    """Note that a run has ended well, and what it came to."""
    connection.execute(update(runs).where(runs.c.id == run).values(counts=dict(counts), ended_at=clock.now()))


def latest(connection: Connection, limit: int = 50, collection: str | None = None) -> list[Run]:
    """The newest runs, newest first."""
    query = select(runs, collections.c.name.label("collection")).join(collections)
    if collection is not None:
        query = query.where(collections.c.name == collection)
    rows = connection.execute(query.order_by(runs.c.began_at.desc(), runs.c.id).limit(limit))
    return [
        Run(row.id, row.collection, row.command, row.arguments, row.counts, row.began_at, row.ended_at) for row in rows
    ]


def stopped(connection: Connection) -> list[Run]:
    """Runs that began and have not ended, unless a later one of the same words has."""
    found = latest(connection, 1000)
    done = {
        (run.collection, run.command, tuple(run.arguments)): run.began_at for run in reversed(found) if run.ended_at
    }
    return [
        run
        for run in found
        if run.ended_at is None
        and run.began_at
        > done.get((run.collection, run.command, tuple(run.arguments)), datetime.min.replace(tzinfo=UTC))
    ]


def of_source(connection: Connection, source: str, limit: int = 200) -> list[Event]:
    """What became of a document over time, newest first."""
    return _events(connection, events.c.source == source, limit)


def of_run(connection: Connection, run: str, limit: int = 100_000) -> list[Event]:
    """What became of each document of a run that was not unchanged."""
    return _events(connection, events.c.run_id == run, limit)


def forget_hashes(connection: Connection, sources: Sequence[str]) -> None:
    """Keep that something happened to these sources, and when, but not what their content was."""
    values = {"content_hash": None, "characters": None, "pages": None, "chunks": None}
    connection.execute(update(events).where(events.c.source.in_(sources)).values(values))


def _events(connection: Connection, wanted: Any, limit: int) -> list[Event]:
    query = (
        select(events, runs.c.command, collections.c.name.label("collection"))
        .join(runs, events.c.run_id == runs.c.id)
        .join(collections, runs.c.collection_id == collections.c.id)
        .where(wanted)
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    return [
        Event(
            row.run_id,
            row.command,
            row.collection,
            row.source,
            row.state,
            row.code,
            row.content_hash,
            row.pages,
            row.characters,
            row.chunks,
            row.at,
        )
        for row in connection.execute(query)
    ]
