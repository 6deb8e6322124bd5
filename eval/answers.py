"""Asks the assistant each question of a set and scores its answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from chains.assemble import Parapet
from chains.assistant import Assistant
from core.clock import new_id
from core.database import Database
from core.domain import Filters, Question
from eval.cases import Case
from eval.documents import StoredTexts, Tell
from eval.measures import measures
from eval.results import Answered
from eval.runs import CaseResult
from guards.flags import FlagDesk


def ask_assistant(
    parapet: Parapet, cases: Sequence[Case], texts: StoredTexts, tell: Tell, collections: Sequence[str] = ()
) -> list[CaseResult]:
    """One result a case, in order; milliseconds are those of the whole turn.

    What guards stop is laid on a desk of its own, which goes when this ends: nobody's list of reviews fills up with
    the questions of a set.
    """
    taken = measures("answers")
    parapet.warm()  # what is loaded once is no part of a question
    results = []
    with _apart(parapet) as assistant:
        for number, case in enumerate(cases, 1):
            asked = Question(case.question, turn=new_id(), filters=Filters(collections=tuple(collections)))
            answer = assistant.invoke(asked)
            found = Answered(answer, texts)
            scores = {measure.name: measure.score(case, found) for measure in taken}
            ms, outcome = answer.ms["total"], answer.outcome.value
            results.append(CaseResult(case.id, case.question, case.answerable, scores, ms, outcome))
            tell(f"asked {number:,} of {len(cases):,} questions")
    return results


@contextmanager
def _apart(parapet: Parapet) -> Iterator[Assistant]:
    """The assistant with a review desk and counts of its own."""
    with tempfile.TemporaryDirectory(prefix="parapet-eval-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'flags.db'}")
        try:
            yield Assistant(replace(parapet.assistant.parts, flags=FlagDesk(database)))
        finally:
            database.close()
