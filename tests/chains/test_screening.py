"""The guards' part of a turn: who asks, which collections are concerned, and the mark of the prompt."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from langchain_core.runnables import RunnableConfig

from chains import composing
from chains.answering import FACE
from chains.assemble import Parapet
from core.clock import new_id
from core.domain import Filters, Outcome, Question
from tests.chains.test_assistant import ASKED, Make

AT_PAGE: RunnableConfig = {"configurable": {FACE: "page"}}


def asked_by(asker: str, **more: object) -> Question:
    """The question, asked by somebody."""
    return replace(Question(text=ASKED, turn=new_id(), asker=asker), **more)  # type: ignore[arg-type]


def outcomes(parapet: Parapet, number: int, question: Callable[[], Question], config: RunnableConfig) -> list[Outcome]:
    """What comes of asking so many times."""
    return [parapet.assistant.invoke(question(), config).outcome for _ in range(number)]


def test_an_asker_who_asks_too_often_is_told_to_wait(scripted: Make) -> None:
    """Questions at a page count by asker; a refusal says when to ask again, and no reviewer is bothered with it."""
    parapet = scripted(
        "Staff get 25 days of holiday a year [1].",
        guards={"input": {"rate": {"options": {"questions": 2, "minutes": 60}}}},
    )
    answered, blocked = Outcome.ANSWERED, Outcome.BLOCKED
    asker = new_id()
    assert outcomes(parapet, 3, lambda: asked_by(asker), AT_PAGE) == [answered, answered, blocked]
    refused = parapet.assistant.invoke(asked_by(asker), AT_PAGE)
    assert "Ask again in" in refused.text
    assert refused.flag is None
    assert outcomes(parapet, 1, lambda: asked_by(new_id()), AT_PAGE) == [answered]


def test_what_a_program_asks_by_itself_is_not_counted(scripted: Make) -> None:
    """A batch from the command line is not stopped by the limit for askers."""
    parapet = scripted(
        "Staff get 25 days of holiday a year [1].",
        guards={"input": {"rate": {"options": {"questions": 1, "minutes": 60}}}},
    )
    asker = new_id()
    assert outcomes(parapet, 3, lambda: asked_by(asker), {}) == [Outcome.ANSWERED] * 3


def test_a_question_to_one_collection_is_judged_by_its_rules(scripted: Make) -> None:
    """A rule of a collection holds where the question is narrowed to it, and nowhere else."""
    parapet = scripted(
        "Staff get 25 days of holiday a year [1].",
        guards={"collections": {"default": {"input": {"length": {"options": {"characters": 10}}}}}},
    )
    narrowed = asked_by("ann", filters=Filters(collections=("default",)))
    assert parapet.assistant.invoke(narrowed).outcome is Outcome.BLOCKED
    assert parapet.assistant.invoke(asked_by("ann")).outcome is Outcome.ANSWERED


def test_passages_and_sentences_are_judged_by_the_rules_of_their_collection(scripted: Make) -> None:
    """What is off for the collection that passages come from judges neither them nor what is written of them."""
    off = {"enabled": False}
    parapet = scripted(
        "Staff get 25 days of holiday a year [1].",
        guards={"collections": {"default": {"context": {"document_injection": off}, "output": {"links": off}}}},
    )
    judged = {(v.stage.value, v.guard) for v in parapet.assistant.invoke(asked_by("ann")).verdicts}
    assert ("context", "personal_data") in judged
    assert ("output", "groundedness") in judged
    assert not judged & {("context", "document_injection"), ("output", "links")}


def test_verdicts_are_counted_as_turns_end(scripted: Make) -> None:
    """The statistics of guards grow by what each turn's guards said."""
    parapet = scripted("Staff get 25 days of holiday a year [1].")
    before = {(s.guard, s.stage): s.judged for s in parapet.tally.statistics()}
    answer = parapet.assistant.invoke(ASKED)
    after = {(s.guard, s.stage): s.judged for s in parapet.tally.statistics()}
    for verdict in answer.verdicts:
        key = verdict.guard, verdict.stage
        assert after[key] > before.get(key, 0)


def test_an_answer_that_gives_the_instructions_away_is_held(scripted: Make) -> None:
    """What the model is told stays with it: the guard knows the prompt that is in use."""
    told = "Every sentence that states something ends with the number of the passage that says so, in square brackets."
    answer = scripted(f"Staff get 25 days of holiday a year [1]. {told}").assistant.invoke(asked_by("ann"))
    assert answer.outcome is Outcome.HELD
    assert "prompt_leak" in {v.guard for v in answer.verdicts if v.decision}
    assert told not in answer.text


def test_the_mark_of_the_prompt_is_known_to_the_guards(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that holds the mark which fences the passages is held, whatever else it says."""
    monkeypatch.setattr(composing, "new_boundary", lambda *_texts: "5fa3c0de9b7e1d42")
    answer = scripted("Staff get 25 days of holiday a year 5fa3c0de9b7e1d42 [1].").assistant.invoke(asked_by("ann"))
    assert answer.outcome is Outcome.HELD
    assert "prompt_leak" in {v.guard for v in answer.verdicts if v.decision}
