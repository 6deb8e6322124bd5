"""From what came of reading a file to the library: what is good is written in batches, the rest is set aside.

Nothing tells that a file was looked into before all that was inside of it is there too: a run that was killed
between the two finds the file unknown or changed, and does it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.finding.standing import Known, is_another
from ingest.report import DocumentReport, State
from ingest.rows import asides, history
from ingest.rows.asides import Aside
from ingest.rows.shelf import DocumentRow, Entry
from ingest.run import reported
from ingest.run.prepared import Outcome, Prepared, outcome
from ingest.run.setting import Setting
from ingest.run.telling import Telling
from ingest.sandbox.pool import Failure
from ingest.writing import LibraryWriter

_TOUCHED_AT_ONCE = 400
BATCH_CHUNKS = 256  # small documents are embedded and written together up to this


class Intake:
    """Takes in what the parsing processes give back."""

    def __init__(self, writer: LibraryWriter, setting: Setting, telling: Telling) -> None:
        """Nothing taken in yet."""
        self._writer = writer
        self._database = setting.database
        self._setting = setting
        self._telling = telling
        self._batch: list[Entry] = []
        self._touched: list[tuple[DocumentRow, Mapping[str, Any]]] = []  # unchanged, but moved or written anew
        self._written: dict[str, tuple[str, str]] = {}  # source -> hash and origin of what this run put in

    def has_written(self, source: str) -> bool:
        """Whether this run has put in a document of this name: named twice, or two files of one name."""
        return source in self._written

    def receive(self, known: Known, result: bytes | Failure) -> None:
        """Take in what came of a file."""
        source = known.candidate.source
        if isinstance(result, Failure):
            self._refuse(known, result.code, result.reason)
            return
        try:
            came = outcome(result)
        except ValueError:
            self._refuse(known, "crashed", "the process that read it gave no sound result")
            return
        if not came.prepared and known.aside is not None:
            self._still_aside(known, known.aside)
        elif source in self._written:
            self._twice(known, came, *self._written[source])
        elif not self._is_same(known, came):
            self._admit(known, came)

    def flush(self) -> None:
        """Write the batch, and the history of what was done."""
        touched, self._touched = self._touched, []
        self._writer.touch(touched)
        entries, self._batch = self._batch, []
        if entries:

            def advanced(done: int, of: int) -> None:
                self._telling.tell(entries[min(len(entries) - 1, done * len(entries) // of)].document.source)

            self._writer.put(entries, advanced)
        news = self._telling.take_news()
        if news:
            with self._database.write() as connection:
                history.note(connection, self._setting.run, news)

    # --- what is as it was --------------------------------------------------------------------------------------

    def _still_aside(self, known: Known, aside: Aside) -> None:
        candidate = known.candidate
        with self._database.write() as connection:
            asides.touch(
                connection,
                aside.id,
                origin=candidate.origin,
                root=candidate.root,
                bytes=candidate.size,
                modified_ns=candidate.modified_ns,
            )
        self._telling.report(known.place, reported.as_before(aside), as_before=True)

    def _twice(self, known: Known, came: Outcome, digest: str, origin: str) -> None:
        source = known.candidate.source
        same = DocumentReport(source, State.UNCHANGED)
        self._telling.report(known.place, same if digest == came.content_hash else reported.taken(source, origin))

    def _is_same(self, known: Known, came: Outcome) -> bool:
        """Whether nothing is to be done: the content is as it was, or belongs to another file of this name."""
        candidate, row = known.candidate, known.row
        if row is None:
            return False
        another = is_another(candidate, row)
        if row.content_hash != came.content_hash:
            if another:
                self._telling.report(known.place, reported.taken(candidate.source, row.origin), as_before=True)
            return another
        if row.recipe != self._setting.recipe:
            return False
        if not another:
            web = {} if candidate.web is None else {"web": dict(candidate.web)}
            where = {"origin": candidate.origin, "root": candidate.root, "modified_ns": candidate.modified_ns}
            self._touched.append((row, where | web))
            if len(self._touched) >= _TOUCHED_AT_ONCE:
                self.flush()
        self._telling.report(known.place, reported.unchanged(row))
        return True

    # --- what is new --------------------------------------------------------------------------------------------

    def _admit(self, known: Known, came: Outcome) -> None:
        """Put a file in with what is inside of it: good parts into the batch, the others aside."""
        if known.row is not None or known.aside is not None:
            self._drop_lost_contents(known, came)
        states = [self._take(known, prepared) for prepared in came.prepared]
        bad = [(one, state) for one, state in zip(came.prepared, states, strict=True) if state in _ASIDE]
        if states and states[0] in _ASIDE and len(bad) < len(states):
            self.flush()
        for prepared, state in reversed(bad):  # the file itself last
            self._set_aside(known, prepared, state)
        if sum(len(entry.chunks) for entry in self._batch) >= BATCH_CHUNKS:
            self.flush()

    def _take(self, known: Known, prepared: Prepared) -> State:
        """Into the batch if it is good; what becomes of it, which is told."""
        if prepared.refusal is not None:
            self._telling.report(known.place, reported.refused(prepared.source, *prepared.refusal))
            return State.REFUSED
        if prepared.inspection.quarantine:
            self._telling.report(known.place, reported.made(prepared, State.QUARANTINED))
            return State.QUARANTINED
        assert prepared.document is not None
        row = known.row if prepared.container is None else self._writer.rows([prepared.source]).get(prepared.source)
        state = State.ADDED if row is None else State.UPDATED
        self._written[prepared.source] = (prepared.content_hash, known.candidate.origin)
        facts = self._setting.facts(known.candidate, prepared)
        self._batch.append(Entry(prepared.document, prepared.chunks, facts))
        self._telling.report(known.place, reported.made(prepared, state))
        return state

    def _refuse(self, known: Known, code: str, reason: str) -> None:
        """Note a refusal, so that the next run need not find it out again; what the library has of it stays."""
        source = known.candidate.source
        self._telling.report(known.place, reported.refused(source, code, reason))
        self._set_aside(known, Prepared(source, "", 0.0, 0, refusal=(code, reason)), State.REFUSED)

    def _set_aside(self, known: Known, prepared: Prepared, state: State) -> None:
        aside = self._setting.aside(known.candidate, prepared, quarantined=state is State.QUARANTINED)
        with self._database.write() as connection:
            asides.put(connection, self._setting.collection_id, aside)

    def _drop_lost_contents(self, known: Known, came: Outcome) -> None:
        """Take out what was inside of a file before and is so no more."""
        source, number = known.candidate.source, self._setting.collection_id
        now = {prepared.source for prepared in came.prepared}
        lost = [one for one in self._writer.contents(source) if one not in now]
        for one in self._writer.remove(lost):
            self._telling.report(known.place, DocumentReport(one, State.REMOVED))
        with self._database.read() as connection:
            inside = asides.inside_of(connection, number, [source])
        self._clear([one for one in inside if one not in now])

    def _clear(self, sources: list[str]) -> None:
        if sources:
            with self._database.write() as connection:
                asides.clear(connection, self._setting.collection_id, sources)


_ASIDE = frozenset({State.REFUSED, State.QUARANTINED})
