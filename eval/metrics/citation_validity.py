"""Citation validity: the share of citations whose quote stands at its offsets in a passage of this answer."""

from core.domain import Answer, Citation, Passage
from eval.cases import Case, Score

DOC = "share of citations whose quote stands, word for word, at its offsets"


def score(case: Case, answer: Answer) -> Score:  # noqa: ARG001  every metric takes both
    """From 0 to 1; unscored for answers that cite nothing."""
    citations = [citation for sentence in answer.sentences for citation in sentence.citations]
    if not citations:
        return Score(None, "the answer cites nothing")
    standing = sum(any(_stands(citation, passage) for passage in answer.passages) for citation in citations)
    return Score(standing / len(citations), f"{standing} of {len(citations)} stand")


def _stands(citation: Citation, passage: Passage) -> bool:
    chunk = passage.chunk
    begin = citation.start - chunk.start
    inside = chunk.source == citation.source and begin >= 0
    return inside and chunk.text[begin : begin + len(citation.quote)] == citation.quote != ""
