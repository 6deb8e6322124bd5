"""Where guards fired, in the text that a reviewer reads: spans of single sentences laid onto the whole answer."""

from __future__ import annotations

from collections import Counter

from core import sentences
from core.domain import Answer, Flag, Mode, Span, Stage, Verdict


def fired(answer: Answer) -> list[Verdict]:
    """The verdicts of guards in force that did not simply allow."""
    return [verdict for verdict in answer.verdicts if verdict.decision and verdict.mode is Mode.ENFORCE]


def question_spans(answer: Answer) -> list[Span]:
    """The words of the question that input guards fired on."""
    return [span for verdict in fired(answer) if verdict.stage is Stage.INPUT for span in verdict.spans]


def answer_text(flag: Flag) -> str:
    """The answer that is under review: what was withheld, else what was shown; empty when none was written."""
    if flag.withheld:
        return flag.withheld
    return flag.answer.text if flag.answer.sentences else ""


def answer_spans(flag: Flag) -> list[Span]:
    """The words of the answer under review that output guards fired on.

    Each sentence is judged by itself and once by each guard, so the n-th output verdict of a guard is about the n-th
    sentence; its spans count from that sentence's first character. Without spans the whole sentence is meant.
    """
    stretches = sentences.spans(answer_text(flag))
    judged: Counter[str] = Counter()
    found = []
    for verdict in flag.answer.verdicts:
        if verdict.stage is not Stage.OUTPUT:
            continue
        index = judged[verdict.guard]
        judged[verdict.guard] += 1
        if not verdict.decision or verdict.mode is not Mode.ENFORCE or index >= len(stretches):
            continue
        start, end = stretches[index]
        spans = verdict.spans or (Span(0, end - start),)
        found += [Span(start + span.start, min(start + span.end, end), span.label) for span in spans]
    return found
