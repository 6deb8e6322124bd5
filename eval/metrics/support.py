"""Support: the share of an answer's claims that the passages support, as the assistant itself judged them."""

from core.domain import Support
from eval.cases import Case, Score
from eval.results import Answered

DOC = "share of the sentences that claim something which the assistant found supported by its passages"


def score(case: Case, found: Answered) -> Score:  # noqa: ARG001  every metric takes both
    """From 0 to 1; unscored for answers without a claim."""
    states = [sentence.state for sentence in found.answer.sentences if sentence.state is not Support.NOT_A_CLAIM]
    if not states:
        return Score(None, "the answer claims nothing")
    held = sum(state is Support.SUPPORTED for state in states)
    return Score(held / len(states), f"{held} of {len(states)} supported")
