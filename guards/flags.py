"""Flagged answers and what people decided of them, in the database. Showing them is the faces' matter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.clock import new_id, now
from core.database import Database
from core.domain import Answer, Decision, Flag, Review
from core.errors import UsageError
from core.scrubbing import scrub
from core.tables import flags, reviews
from core.wire import answer_from_json, answer_json
from guards.guard import storable

STATES = ("open", "released", "upheld")
VERDICTS = ("released", "upheld")
Flags = list[Flag]  # inside the class, `list` is its own method


class FlagDesk:
    """Where flagged answers lie until a person has decided, and after."""

    def __init__(self, database: Database) -> None:
        """The desk of this database."""
        self._database = database

    def raise_flag(self, answer: Answer, withheld: str, asker: str, decision: Decision) -> str:
        """Lay down a snapshot of an answer with the text that was withheld; the flag's id."""
        flag = new_id()
        with self._database.write() as connection:
            connection.execute(
                insert(flags).values(
                    id=flag,
                    turn=answer.turn,
                    asker=asker,
                    decision=decision.label,
                    answer=answer_json(answer),
                    withheld=_column(withheld),
                    flagged_at=now(),
                )
            )
        return flag

    def list(self, state: str | None = None, limit: int = 100) -> Flags:
        """The flags, open ones first, newest first; only those open, released or upheld when a state is given."""
        if state is not None and state not in STATES:
            raise UsageError(f"No such state of a flag: {state!r} (known: {', '.join(STATES)})")
        query = _flags().order_by(reviews.c.id.is_not(None), flags.c.flagged_at.desc(), flags.c.id).limit(limit)
        if state == "open":
            query = query.where(reviews.c.id.is_(None))
        elif state is not None:
            query = query.where(reviews.c.verdict == state)
        with self._database.read() as connection:
            return [_flag(row) for row in connection.execute(query)]

    def get(self, flag: str) -> Flag:
        """The flag of this id; UsageError when there is none."""
        with self._database.read() as connection:
            row = connection.execute(_flags().where(flags.c.id == flag)).one_or_none()
        if row is None:
            raise UsageError(f"No flag with the id {flag!r}; `parapet review ls` shows them all.")
        return _flag(row)

    def decide(self, flag: str, verdict: str, note: str, reviewer: str) -> Flag:
        """Store what a person decided; UsageError when it was decided already, naming who did."""
        if verdict not in VERDICTS:
            raise UsageError(f"A flag is released or upheld, not {verdict!r}.")
        if not reviewer.strip():
            raise UsageError("A decision needs the name of who decides.")
        self.get(flag)
        values = {
            "flag_id": flag,
            "verdict": verdict,
            "note": _column(note),
            "reviewer": reviewer,
            "reviewed_at": now(),
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(reviews).values(values))  # one review a flag: the database holds that
        except IntegrityError as error:
            review = self.get(flag).review
            if review is None:
                raise
            raise UsageError(
                f"The flag {flag} was already {review.verdict} by {review.reviewer} on {review.at:%Y-%m-%d %H:%M} UTC."
            ) from error
        return self.get(flag)

    @property
    def kept(self) -> str:
        """What is kept here, as a receipt of an erasure names it."""
        return "flags"

    def forget(self, connection: Connection, collection: str, source: str) -> int:
        """Take a document's words out of every flagged answer that was written from it; how many."""
        return scrub(connection, flags, collection, source, withheld="")

    def counts(self) -> dict[str, int]:
        """How many flags are open, released and upheld."""
        query = (
            select(reviews.c.verdict, func.count()).select_from(flags.outerjoin(reviews)).group_by(reviews.c.verdict)
        )
        with self._database.read() as connection:
            found = {verdict or "open": int(number) for verdict, number in connection.execute(query)}
        return {state: found.get(state, 0) for state in STATES}


def _column(text: str) -> str:
    """The text as every database takes it: without lone surrogates and without NUL."""
    return storable(text).replace("\x00", "\ufffd")


def _flags() -> Select[Any]:
    return select(
        flags.c.id,
        flags.c.answer,
        flags.c.withheld,
        flags.c.asker,
        flags.c.flagged_at,
        reviews.c.verdict,
        reviews.c.note,
        reviews.c.reviewer,
        reviews.c.reviewed_at,
    ).select_from(flags.outerjoin(reviews))


def _flag(row: Row[Any]) -> Flag:
    decided = row.verdict is not None
    return Flag(
        id=row.id,
        answer=answer_from_json(row.answer),
        withheld=row.withheld,
        asker=row.asker,
        at=row.flagged_at,
        review=Review(row.verdict, row.note, row.reviewer, row.reviewed_at) if decided else None,
    )
