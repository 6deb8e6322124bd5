"""What a reviewer decides about: the whole text that was kept from the asker, cited as an answer is."""

from __future__ import annotations

from dataclasses import replace

from chains.cite import cite, without_marks
from core import sentences
from core.domain import Answer, Flag, Sentence, Support


def rebuilt(flag: Flag) -> Answer:
    """The answer as it reads with the withheld text in its place; the answer itself when nothing was withheld."""
    text = flag.withheld
    if not text:
        return flag.answer
    found = []
    at = 0
    for start, end in sentences.spans(text):
        raw = text[start:end]
        citations = cite(raw, flag.answer.passages)
        state = Support.SUPPORTED if citations else Support.NOT_A_CLAIM
        found.append(Sentence(text=without_marks(raw), lead=text[at:start], citations=citations, state=state))
        at = end
    return replace(flag.answer, text=without_marks(text), sentences=tuple(found))
