"""Recall at 5: whether one of the first five passages holds a gold span whole."""

from core.domain import Answer
from eval.cases import Case, Score

DOC = "whether one of the first five passages holds the gold words whole"
DEPTH = 5


def score(case: Case, answer: Answer) -> Score:
    """1 or 0; unscored for cases without gold."""
    if not case.gold:
        return Score(None, "the case names no gold words")
    for passage in answer.passages[:DEPTH]:
        chunk = passage.chunk
        for gold in case.gold:
            if chunk.source == gold.source and chunk.start <= gold.start and gold.end <= chunk.end:
                return Score(1.0, f"passage {passage.rank} of {chunk.source}")
    return Score(0.0, f"none of the first {DEPTH} passages holds them")
