"""Answer containment: whether the answer holds one of the wordings that were hoped for, and how early."""

from core.domain import Outcome
from core.words import words
from eval.cases import Case, Score
from eval.results import Answered

DOC = "whether the answer's first sentence, its first three, or all of it hold one of the hoped-for wordings"
AT = ("1", "3", "all")


def score(case: Case, found: Answered, at: str) -> Score:
    """1 or 0, by whole words in any case; unscored for cases without wordings. What isn't answered scores 0."""
    answer = found.answer
    if not case.answers:
        return Score(None, "the case names no wording")
    if answer.outcome is not Outcome.ANSWERED:
        return Score(0.0, f"the question was {answer.outcome.value}")
    texts = [answer.text] if at == "all" else [sentence.text for sentence in answer.sentences[: int(at)]]
    said = f" {' '.join(words(' '.join(texts)))} "
    for wording in case.answers:
        if f" {' '.join(words(wording))} " in said:
            return Score(1.0, wording)
    return Score(0.0, "none of the wordings stands there")
