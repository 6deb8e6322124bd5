"""Rank measures of one question, by ir-measures: this is that library's door."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from eval.cases import Case, Score
from eval.results import Retrieved
from eval.stretches import holds, of_gold, of_passage


def ranked(measure: str, case: Case, retrieved: Retrieved, depth: int) -> Score:
    """A measure of ir-measures such as `nDCG@10`, where a passage is relevant when it holds a gold place whole.

    The ideal ranking has every chunk of the library that does. Unscored for cases without gold, and when fewer
    passages were asked for than the measure looks at.
    """
    if not case.gold:
        return Score(None, "the case names no gold words")
    if retrieved.asked < depth:
        return Score(None, f"only {retrieved.asked} passages were asked for")
    gold, places = of_gold(case.gold), [of_passage(passage) for passage in retrieved.passages]
    relevant = tuple(any(holds(place, one) for one in gold) for place in places)
    missed = [chunk for chunk in retrieved.holding if not any(holds(place, chunk) for place in places)]
    first = relevant.index(True) + 1 if any(relevant) else None
    reason = "none of the passages holds them" if first is None else f"passage {first} holds them"
    return Score(measured(measure, relevant, sum(relevant) + len(missed)), reason)


def measured(measure: str, relevant: Sequence[bool], held: int) -> float:
    """The measure's value for a ranking: whether each place is relevant, best first; `held`: relevant ones in all.

    0 when nothing relevant is held: the library was cut so that no passage can be right.
    """
    return _measured(measure, tuple(relevant), held) if held else 0.0


@lru_cache(maxsize=65_536)  # rankings are few: mostly one relevant passage at one of the places
def _measured(measure: str, relevant: tuple[bool, ...], held: int) -> float:
    import ir_measures

    found = [str(place) for place, right in enumerate(relevant) if right]
    absent = [f"missed-{number}" for number in range(held - len(found))]
    wanted = [ir_measures.Qrel("q", name, 1) for name in found + absent]
    ranking = [ir_measures.ScoredDoc("q", str(place), -float(place)) for place in range(len(relevant))]
    if not ranking:
        return 0.0
    return float(ir_measures.calc_aggregate([ir_measures.parse_measure(measure)], wanted, ranking).popitem()[1])
