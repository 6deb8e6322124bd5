"""Share of the gold words in what is retrieved: in the first passages, or in as many as a prompt has room for."""

from collections.abc import Iterator

from eval.cases import Case, Score
from eval.results import Retrieved
from eval.stretches import Stretch, of_passage, share_covered

DOC = "share of all gold words, in characters, that the first 5 passages hold, or those that fit into 1,000 tokens"
OF = "retrieval"
AT = ("5", "1000t")


def score(case: Case, found: Retrieved, at: str) -> Score:
    """From 0 to 1; unscored for cases without gold. Within tokens: the first passages that fit whole."""
    if not case.gold:
        return Score(None, "the case names no gold words")
    if at.endswith("t"):
        read = list(_within(found, int(at.removesuffix("t"))))
    else:
        read = [of_passage(passage) for passage in found.passages[: int(at)]]
    return Score(share_covered(case.gold, read), f"of {len(case.gold)} gold places")


def _within(found: Retrieved, room: int) -> Iterator[Stretch]:
    for passage, tokens in zip(found.passages, found.texts.tokens([p.chunk.text for p in found.passages]), strict=True):
        room -= tokens
        if room < 0:
            return
        yield of_passage(passage)
