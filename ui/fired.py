"""Where guards fired, in the text that a reviewer reads: spans of single sentences laid onto the whole answer."""

from __future__ import annotations

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

    A verdict names the sentence it is about; its spans count from that sentence's first character. Without spans the
    whole sentence is meant.
    """
    stretches = sentences.spans(answer_text(flag))
    found = []
    for verdict in fired(flag.answer):
        if verdict.stage is Stage.OUTPUT and verdict.about is not None and verdict.about <= len(stretches):
            start, end = stretches[verdict.about - 1]
            spans = verdict.spans or (Span(0, end - start),)
            found += [Span(start + span.start, min(start + span.end, end), span.label) for span in spans]
    return found
