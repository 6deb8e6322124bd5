"""Erasing a document's words from stored answers, also where only the trace names it."""

from dataclasses import replace
from datetime import UTC, datetime

from core.domain import Answer, Candidate, Chunk, Outcome, Passage, Trace
from core.scrubbing import ERASED, without
from core.wire import answer_from_json, answer_json

SECRET = "The secret plan"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(source: str, title: str) -> Candidate:
    """A candidate of this document."""
    return Candidate("default", source, title, None, 0, 9, 0.5)


def answer(*candidates: Candidate, passage: str = "other.md") -> Answer:
    """An answer that was written from one passage, of this document."""
    chunk = Chunk(passage, "T", "words", 0, 5, collection="default")
    trace = Trace("q", candidates=candidates)
    return Answer("t", "q", Outcome.ANSWERED, "Words.", passages=(Passage(chunk, 0.5, 1),), index_as_of=AT, trace=trace)


def test_a_title_that_only_the_trace_holds_is_erased() -> None:
    """The answer stays, for it rests on other documents; of the candidate only its place is left."""
    given = answer(candidate("plan.md", SECRET), candidate("other.md", "Other"))
    left = without(answer_json(given), "default", "plan.md")
    assert left is not None
    assert SECRET not in str(left)
    kept = answer_from_json(left)
    assert kept.text == "Words."
    assert kept.trace is not None
    assert [one.title for one in kept.trace.candidates] == ["", "Other"]


def test_an_answer_from_the_document_loses_its_question_put_anew() -> None:
    """Where the question was put anew, words of earlier answers may be in it: they go as well."""
    given = answer(candidate("plan.md", SECRET), passage="plan.md")
    assert given.trace is not None
    given = replace(given, trace=replace(given.trace, sought=f"What is {SECRET}?", rewritten="rule"))
    left = without(answer_json(given), "default", "plan.md")
    assert left is not None
    assert SECRET not in str(left)
    assert left["trace"]["sought"] == ERASED


def test_answers_that_do_not_hold_it_are_left_alone() -> None:
    """Neither passages nor trace name the document, or there is no trace: nothing is changed."""
    given = answer(candidate("other.md", "Other"))
    assert without(answer_json(given), "default", "plan.md") is None
    assert without(answer_json(replace(given, trace=None)), "default", "plan.md") is None
    assert without(answer_json(given), "elsewhere", "other.md") is None
