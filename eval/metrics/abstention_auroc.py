"""How well the evidence gate tells answerable questions from others: the area under its ROC curve.

The area is the chance that an answerable question gets a higher probability than an unanswerable one, a tie counting
half (Hanley and McNeil 1982).
"""

import numpy as np
import numpy.typing as npt

from eval.cases import Case, Score
from eval.results import Answered, Retrieved

DOC = "chance that the evidence gate finds an answerable question likelier than one that isn't (AUROC)"
OF = ("retrieval", "answers")


def score(case: Case, found: Retrieved | Answered) -> Score:  # noqa: ARG001  every metric takes both
    """The gate's probability; unscored when it was not weighed, as in a set without unanswerable cases."""
    if found.probability is None:
        return Score(None, "the evidence was not weighed")
    return Score(found.probability, "the gate's probability")


def combine(values: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_]) -> float:
    """The area, from 0 to 1, .5 by chance; not a number when only one kind of case is there."""
    held, missing = values[answerable], np.sort(values[~answerable])
    if not len(held) or not len(missing):
        return float("nan")
    below = np.searchsorted(missing, held, "left") + np.searchsorted(missing, held, "right")  # twice: a tie is half
    return float(below.mean() / (2 * len(missing)))
