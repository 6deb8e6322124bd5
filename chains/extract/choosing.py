"""Which sentences answer, and how many: as many as make it probable that the answer is complete."""

from __future__ import annotations

from collections.abc import Sequence

from chains.extract.asking import Asked, understand
from chains.extract.candidates import Candidate
from chains.extract.parting import compared, parts
from chains.extract.ranking import Ranker
from core.words import content_stems

MOST_SENTENCES = 3  # chosen for a question of one part
MOST_FOR_PART = 2
ENOUGH = 0.99  # probability of holding the answer at which nothing is added
ENOUGH_FOR_PART = 0.6
LEAST = 0.01  # a further sentence is at least this probable
SAME_STEMS = 0.8  # share of what a sentence says that makes it a repetition
ABOUT = 0.5  # share of a part's words that a sentence about it holds


def choose(question: str, found: Sequence[Candidate], ranker: Ranker) -> list[tuple[Asked, list[Candidate]]]:
    """For each part of the question its sentences, the most probable first; none stands in two parts."""
    pair = compared(question)
    asked = parts(question) if pair is None else pair
    if len(asked) == 1:
        return [(asked[0], _likely(asked[0], found, ranker, (), MOST_SENTENCES, ENOUGH))]
    chosen: list[tuple[Asked, list[Candidate]]] = []
    if pair is not None:
        chosen.append((understand(question), _of_both(question, pair, found, ranker)))
    for part in asked:
        taken = [candidate for _, group in chosen for candidate in group]
        about = [candidate for candidate in found if _share(part, candidate) >= ABOUT]
        if about:
            most = MOST_FOR_PART if len(asked) == 2 and not taken[2:] else 1
            chosen.append((part, _likely(part, about, ranker, taken, most, ENOUGH_FOR_PART)))
    chosen = [(part, group) for part, group in chosen if group]
    whole = understand(question)
    return chosen or [(whole, _likely(whole, found, ranker, (), MOST_SENTENCES, ENOUGH))]


def _likely(
    asked: Asked, found: Sequence[Candidate], ranker: Ranker, taken: Sequence[Candidate], most: int, enough: float
) -> list[Candidate]:
    """The most probable sentences that repeat none of those taken, until they are probably enough."""
    shares = ranker.probabilities(asked, found)
    order = sorted(range(len(found)), key=lambda i: (-shares[i], found[i].place, found[i].order))
    chosen: list[Candidate] = []
    held = 0.0
    for i in order:
        if len(chosen) == most or (chosen and (held >= enough or shares[i] < LEAST)):
            break
        held += shares[i]
        if not any(_repeats(asked, found[i], other) for other in (*taken, *chosen)):
            chosen.append(found[i])
    return chosen


def _of_both(question: str, pair: tuple[Asked, Asked], found: Sequence[Candidate], ranker: Ranker) -> list[Candidate]:
    """The most probable sentence that speaks of both things compared."""
    both = [candidate for candidate in found if all(_share(part, candidate) >= ABOUT for part in pair)]
    return _likely(understand(question), both, ranker, (), 1, ENOUGH) if both else []


def _share(asked: Asked, candidate: Candidate) -> float:
    """Share of the part's words that the sentence and its headings hold."""
    held = {*content_stems(candidate.said), *content_stems(" ".join(candidate.passage.heading))}
    return sum(stem in held for stem in asked.stems) / (len(asked.stems) or 1)


def _repeats(asked: Asked, candidate: Candidate, other: Candidate) -> bool:
    """Whether nearly all that a sentence adds to the question's own words is said by the other."""
    added = set(content_stems(candidate.said)) - set(asked.stems)
    return len(added & set(content_stems(other.said))) >= SAME_STEMS * len(added)
