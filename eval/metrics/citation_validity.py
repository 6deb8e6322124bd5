"""Citation validity: the share of citations whose quote stands at its offsets of the stored document."""

from eval.cases import Case, Score
from eval.cited import citations
from eval.results import Answered

DOC = "share of citations whose quote stands, word for word, at its offsets of the stored document"


def score(case: Case, found: Answered) -> Score:  # noqa: ARG001  every metric takes both
    """From 0 to 1; unscored for answers that cite nothing."""
    cited = citations(found.answer)
    if not cited:
        return Score(None, "the answer cites nothing")
    standing = sum(
        found.texts.text(collection, source)[start:end] == citation.quote != ""
        for citation, (collection, source, start, end) in cited
    )
    return Score(standing / len(cited), f"{standing} of {len(cited)} stand")
