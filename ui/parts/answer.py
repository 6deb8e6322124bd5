"""Draws one turn: the question, and the answer in the way its outcome asks for. Every outcome looks different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from chains.freshness import Stale
from chains.wording import NOT_ANSWERED
from core.domain import Answer, Decision, Flag, Mode, Outcome, Sentence, Stage, Support, Verdict
from guards.titles import title
from ui.markup import clip, escape, gap, inline, prose
from ui.parts.evidence import draw_sources
from ui.parts.stale import draw_stale
from ui.parts.trace import draw_trace
from ui.sources import number
from ui.withheld import rebuilt

QUESTION_CHARACTERS = 2_000
UNSUPPORTED = ":orange-badge[not supported by the documents]"
PERSON = "👤"
STANDS = {Stage.INPUT: "judges questions", Stage.CONTEXT: "judges passages", Stage.OUTPUT: "judges answers"}


@dataclass(frozen=True, slots=True)
class Box:
    """How an outcome other than an answer looks."""

    colour: str
    icon: str
    title: str
    decision: Decision | None = None  # whose rules are named
    closing: str = ""


_BOXES = {
    Outcome.ABSTAINED: Box("gray", "🔍", "The documents don't answer this"),
    Outcome.BLOCKED: Box("red", "⛔", "Stopped by a guard", Decision.BLOCK),
    Outcome.HELD: Box(
        "orange",
        "⏳",
        "Waiting for a person",
        Decision.HOLD,
        "The answer appears here when a reviewer releases it. You can go on asking.",
    ),
    Outcome.FAILED: Box("violet", "⚠️", "No answer this time"),
}


def draw_question(text: str) -> None:
    """What the asker asked."""
    with st.chat_message("user", avatar="🙂"):
        st.markdown(escape(clip(text, QUESTION_CHARACTERS)))


def displayed(answer: Answer, flag: Flag | None) -> Answer:
    """The answer as its asker sees it: with the text that was withheld once a person has released it."""
    return rebuilt(flag) if flag is not None and _is_released(flag) else answer


def draw_answer(answer: Answer, flag: Flag | None, stale: Sequence[Stale], *, asked: str, key: str) -> None:
    """What came of it (as `displayed`), what has become of its sources, and what a person decided if one was asked."""
    if flag is not None and _is_released(flag):
        _draw_text(answer, stale, key)
        _draw_release(flag, answer)
        draw_trace(answer, key)
        return
    _draw_outcome(answer, stale, asked, key)
    if flag is not None:
        _draw_review(flag, answer.outcome)
    _draw_footer(answer)
    if answer.outcome not in {Outcome.HELD, Outcome.BLOCKED}:  # of those the reviewer's page tells
        draw_trace(answer, key)


def sentences_markup(sentences: Sequence[Sentence]) -> str:
    """Sentences as Markdown, each followed by the numbers of its sources, or by the mark that it has none."""
    numbers = number(sentences)
    pieces = []
    for sentence in sentences:
        cited = dict.fromkeys(numbers[citation.passage] for citation in sentence.citations)
        marks = "".join(f"\u00a0:blue-badge[{index}]" for index in cited)
        if sentence.state is Support.UNSUPPORTED:
            marks += f" {UNSUPPORTED}"
        pieces.append(gap(sentence.lead) + prose(sentence.text) + marks)
    return "".join(pieces)


def _is_released(flag: Flag) -> bool:
    return flag.review is not None and flag.review.verdict == "released"


def _draw_text(answer: Answer, stale: Sequence[Stale], key: str) -> None:
    st.markdown(sentences_markup(answer.sentences) or prose(answer.text))
    draw_sources(answer, stale, key)
    draw_stale(stale, closing="; ask again")


def _draw_outcome(answer: Answer, stale: Sequence[Stale], asked: str, key: str) -> None:
    if answer.outcome is Outcome.ANSWERED:
        _draw_text(answer, stale, key)
        return
    box = _BOXES[answer.outcome]
    with st.container(border=True, key=f"outcome-{key}"):
        st.markdown(f"{box.icon} :{box.colour}[**{box.title}**]")
        st.markdown(prose(answer.text.removeprefix(NOT_ANSWERED).lstrip()))  # the title says it
        for verdict in _fired(answer, box.decision):
            _draw_rule(verdict, asked)
        if box.closing:
            st.caption(box.closing)


def _fired(answer: Answer, decision: Decision | None) -> list[Verdict]:
    """The verdicts that decided, one a guard."""
    found = {v.guard: v for v in answer.verdicts if v.decision is decision and v.mode is Mode.ENFORCE}
    return list(found.values())


def _draw_rule(verdict: Verdict, question: str) -> None:
    words = ""
    if verdict.stage == "input" and verdict.spans:
        quoted = [question[span.start : span.end] for span in verdict.spans[:3]]
        words = ", on the words " + ", ".join(f"“{inline(clip(text, 80))}”" for text in quoted if text.strip())
    st.caption(f"Rule: **{inline(title(verdict.guard))}** (`{verdict.guard}`, {STANDS[verdict.stage]}){words}")


def _draw_release(flag: Flag, answer: Answer) -> None:
    """Who stands for the text that had been withheld."""
    review = flag.review
    assert review is not None
    note = f": {inline(review.note)}" if review.note.strip() else ""
    st.markdown(f":green-badge[{PERSON} Released by a person]")
    facts = [f"{inline(review.reviewer)}, {review.at:%d %B %Y, %H:%M} UTC{note}", _freshness(answer)]
    st.caption("  \n".join(fact for fact in facts if fact))


def _draw_review(flag: Flag, outcome: Outcome) -> None:
    review = flag.review
    if review is None:
        if outcome is Outcome.ANSWERED:
            st.caption(f"{PERSON} A person has been asked to look at this answer.")
        return
    note = f": {inline(review.note)}" if review.note.strip() else "."
    st.markdown(f":gray-badge[{PERSON} Looked at by a person]")
    st.caption(f"{inline(review.reviewer)} upheld this on {review.at:%d %B %Y, %H:%M} UTC{note}")


def _draw_footer(answer: Answer) -> None:
    """The notice, then in small print how the answer was made and how fresh the documents were."""
    lines = [f"ℹ️ {inline(answer.notice)}"] if answer.notice else []
    facts = _making(answer) if answer.outcome is Outcome.ANSWERED else []
    if answer.outcome in {Outcome.ANSWERED, Outcome.ABSTAINED}:
        facts.append(_freshness(answer))
    lines.append(" · ".join(fact for fact in facts if fact))
    if any(lines):
        st.caption("  \n".join(line for line in lines if line))


def _making(answer: Answer) -> list[str]:
    facts = [inline(answer.model), inline(answer.prompt)] if answer.model else []
    return [*facts, f"{answer.ms['total'] / 1000:.1f} s"] if "total" in answer.ms else facts


def _freshness(answer: Answer) -> str:
    return "" if answer.index_as_of is None else f"index as of {answer.index_as_of:%d %b %Y, %H:%M} UTC"
