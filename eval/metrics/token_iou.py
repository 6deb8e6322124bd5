"""Token-level intersection over union of gold and passages (Smith and Troynikov 2024, on chunking strategies).

A token that is retrieved twice counts twice in the union, so that overlapping passages are no gain.
"""

from eval.cases import Case, Score
from eval.results import Retrieved
from eval.stretches import merged, of_gold, of_passage, shared

DOC = "tokens that gold and the first 5 passages share, over the tokens of both: high when little else is retrieved"
OF = "retrieval"
AT = ("5",)


def score(case: Case, found: Retrieved, at: str) -> Score:
    """From 0 to 1; unscored for cases without gold. Tokens are the embedding model's."""
    if not case.gold:
        return Score(None, "the case names no gold words")
    first = found.passages[: int(at)]
    wanted = merged(of_gold(case.gold))
    common = shared(wanted, [of_passage(passage) for passage in first])
    gold, both = (
        sum(found.texts.tokens([found.texts.text(c, source)[start:end] for c, source, start, end in stretches]))
        for stretches in (wanted, common)
    )
    read = sum(found.texts.tokens([passage.chunk.text for passage in first]))
    union = gold + read - both
    return Score(min(1.0, both / union) if union else 0.0, f"{both} of {union} tokens are in both")
