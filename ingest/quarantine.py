"""Documents that were set aside because they seem to carry instructions to the assistant, and what a person decides."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import UsageError
from ingest.index import Library
from ingest.report import DocumentReport, State
from ingest.rows import asides, history
from ingest.rows.asides import QUARANTINED, REJECTED, Aside
from ingest.rows.shelf import Entry, Facts
from ingest.run.prepared import restored

WAITING = QUARANTINED


class Quarantine:
    """Where documents wait for a person."""

    def __init__(self, library: Library) -> None:
        """The documents set aside of this library."""
        self._library = library

    def waiting(self) -> list[Aside]:
        """Those that wait, newest first."""
        return self._in(WAITING)

    def rejected(self) -> list[Aside]:
        """Those that a person has rejected, newest first."""
        return self._in(REJECTED)

    def count(self) -> int:
        """How many wait."""
        with self._library.database.read() as connection:
            return asides.counts(connection)[WAITING]

    def get(self, name: str) -> Aside:
        """The one of this id or source; UsageError when there is none, or when several collections have one."""
        with self._library.database.read() as connection:
            found = asides.called(connection, name, WAITING, REJECTED)
        if not found:
            raise UsageError(
                f"No document called {name!r} is set aside, or it was admitted meanwhile; "
                "`parapet ingest quarantine ls` lists those that wait."
            )
        if len(found) > 1:
            ids = ", ".join(f"{one.id} (collection {one.collection})" for one in found)
            raise UsageError(f"{name!r} was set aside in several collections: name one by its id: {ids}.")
        with self._library.database.read() as connection:
            whole = asides.get(connection, found[0].id)
        assert whole is not None
        return whole

    def admit(self, name: str, *, reviewer: str, notice: Callable[[str], None] | None = None) -> Aside:
        """Let a document in as it was looked at. UsageError when it does not wait (any more)."""
        aside = self._undecided(name, reviewer)
        with self._library.writing(notice, collection=aside.collection) as writer:
            aside = self._undecided(aside.id, reviewer)  # someone else may have decided while this waited
            assert aside.document is not None
            prepared = restored(aside.document)
            assert prepared.document is not None
            facts = Facts(
                origin=aside.origin,
                root=aside.root,
                content_hash=aside.content_hash,
                recipe=aside.recipe,
                language=prepared.language,
                bytes=aside.bytes,
                modified_ns=aside.modified_ns,
                container=prepared.container,
                personal_data=prepared.inspection.personal_data,
                secrets=prepared.inspection.secrets,
            )
            writer.put([Entry(prepared.document, prepared.chunks, facts)])
            self._note(writer.edition.collection_id, "admit", aside, State.ADDED, reviewer)
        return aside

    def reject(self, name: str, *, reviewer: str, note: str = "") -> Aside:
        """Keep a document out; what was read of it is not kept. UsageError when it does not wait (any more)."""
        aside = self._undecided(name, reviewer)
        with self._library.database.write() as connection:
            if not asides.decide(connection, aside.id, REJECTED, reviewer, note):
                raise _decided(aside.source)
            number = asides.collection_of(connection, aside.id)
        self._note(number, "reject", aside, State.REFUSED, reviewer)
        return self.get(aside.id)

    def _undecided(self, name: str, reviewer: str) -> Aside:
        if not reviewer.strip():
            raise UsageError("A decision needs the name of who decides.")
        aside = self.get(name)
        if aside.state != WAITING or aside.document is None:
            raise _decided(aside.source)
        return aside

    def _note(self, collection_id: int, command: str, aside: Aside, state: State, reviewer: str) -> None:
        with self._library.database.write() as connection:
            run = history.begin(connection, collection_id, command, [aside.source, reviewer])
            code = "rejected" if state is State.REFUSED else None
            report = DocumentReport(aside.source, state, code=code, content_hash=aside.content_hash)
            history.note(connection, run, [report])
            history.end(connection, run, {state.value: 1})

    def _in(self, *states: str) -> list[Aside]:
        with self._library.database.read() as connection:
            return asides.in_state(connection, *states)


def _decided(source: str) -> UsageError:
    return UsageError(
        f"{source} does not wait any more: someone has decided. `parapet ingest quarantine ls` shows how."
    )
