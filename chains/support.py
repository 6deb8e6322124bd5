"""From a judged sentence to the one that is released: its citations, its support, and how sentences read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chains.cite import cite
from core.domain import Citation, Passage, Screening, Sentence, Support, Verdict
from guards.checks.groundedness import NO_CLAIM, claims_nothing

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
    state = _state(screening.text, verdict, citations)
    return Sentence(
        text=screening.text,
        lead=lead,
        citations=citations if state is Support.SUPPORTED else (),
        support=None if verdict is None or verdict.score is None else 1 - verdict.score,
        state=state,
    )


def _state(text: str, verdict: Verdict | None, citations: Sequence[Citation]) -> Support:
    """Supported is what both the guard, where it stands, and words of the passages support."""
    if claims_nothing(text) if verdict is None else verdict.reason == NO_CLAIM:
        return Support.NOT_A_CLAIM
    doubted = verdict is not None and (verdict.score is None or verdict.score >= verdict.threshold)
    return Support.SUPPORTED if citations and not doubted else Support.UNSUPPORTED


def _placed(citation: Citation, original: Passage | None) -> Citation | None:
    """The citation where its words stand in the document; None when they hold what a guard put in.

    Words that stand there more than once are meant where they are nearest to where they were found.
    """
    if original is None:
        return citation
    chunk, places = original.chunk, []
    at = chunk.text.find(citation.quote)
    while at >= 0:
        places.append(chunk.start + at)
        at = chunk.text.find(citation.quote, at + 1)
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - citation.start))
    return replace(citation, start=start, end=start + len(citation.quote))


def plain_text(sentences: Sequence[Sentence]) -> str:
    """The text of sentences as it reads, white space between them kept."""
    return "".join(sentence.lead + sentence.text for sentence in sentences).strip()
