"""From a judged sentence to the one that is released: its citations, its support, and how sentences read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chains.cite import cite
from core.domain import Citation, Passage, Screening, Sentence, Support
from guards.checks.groundedness import NO_CLAIM

GROUNDEDNESS = "groundedness"


def sentence_of(
    text: str, screening: Screening, passages: Sequence[Passage], originals: Mapping[int, Passage], lead: str
) -> Sentence:
    """The sentence that a model wrote, marks and all, as it is shown after this screening; `lead` stands before it.

    `originals` holds, by rank, the passages that a guard changed: offsets are those of the document as it stands.
    """
    verdict = next((v for v in screening.verdicts if v.guard == GROUNDEDNESS), None)
    found = (_placed(citation, originals.get(citation.passage)) for citation in cite(text, passages))
    citations = tuple(citation for citation in found if citation is not None)
    state = Support.SUPPORTED if citations else Support.UNSUPPORTED
    if verdict is not None and verdict.reason == NO_CLAIM:
        state = Support.NOT_A_CLAIM
    elif verdict is None or verdict.score is None or verdict.score >= verdict.threshold:
        state = Support.UNSUPPORTED
    return Sentence(
        text=screening.text,
        lead=lead,
        citations=citations if state is Support.SUPPORTED else (),
        support=None if verdict is None or verdict.score is None else 1 - verdict.score,
        state=state,
    )


def _placed(citation: Citation, original: Passage | None) -> Citation | None:
    """The citation where its words stand in the document; None when they hold what a guard put in."""
    if original is None:
        return citation
    at = original.chunk.text.find(citation.quote)
    start = original.chunk.start + at
    return None if at < 0 else replace(citation, start=start, end=start + len(citation.quote))


def plain_text(sentences: Sequence[Sentence]) -> str:
    """The text of sentences as it reads, white space between them kept."""
    return "".join(sentence.lead + sentence.text for sentence in sentences).strip()
