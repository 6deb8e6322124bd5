"""How the passages of an answer were found, in plain words. Shared by the pages and the command; draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chains.wording import narrowing
from core.domain import Answer, Candidate, Trace
from ui.sources import number

TITLE = "How the passages were found"
RULE = "rule"  # what chains/followup.py calls itself in a trace


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate as a person reads it."""

    place: int  # from 1, best first
    document: str  # title or source, and page
    source: str
    mark: str  # [n] as the answer or the list of hits numbers it; empty when it carries no number
    fate: str  # what became of it
    kept: bool
    words: str  # place and score by words
    meaning: str  # place and similarity by meaning
    sentence: str  # similarity of its nearest sentence
    score: str  # both together

    @property
    def found_by(self) -> str:
        """By what it was found, in one phrase."""
        ways = [f"by meaning {self.meaning}" if self.meaning else "", f"by words {self.words}" if self.words else ""]
        return ", ".join(way for way in ways if way)


def facts(trace: Trace) -> list[tuple[str, str]]:
    """What was searched for, where, and whether it was enough: pairs of a name and a text."""
    found = [("Searched for", trace.sought)]
    if trace.rewritten:
        found.append(("Put anew", f"{_by(trace.rewritten)}, so that it stands without the questions before it"))
    if narrowed := narrowing(trace.filters):
        found.append(("Only in", narrowed))
    found.append(("Searched", f"{trace.chunks:,} {'passage' if trace.chunks == 1 else 'passages'}"))
    if trace.evidence is not None:
        found.append(("Evidence", _evidence(trace.evidence, trace.threshold)))
    return found


def rows(trace: Trace) -> list[Row]:
    """The candidates of a search, best first; the passages that were found are numbered by their ranks."""
    return [_row(place, candidate, *_found(candidate)) for place, candidate in enumerate(trace.candidates, 1)]


def rows_of(answer: Answer, *, by_rank: bool = False) -> list[Row]:
    """The candidates of an answer's trace; none without a trace.

    Cited passages are numbered as the answer's citations are, or by their ranks where `by_rank` says so.
    """
    if answer.trace is None:
        return []
    numbers = number(answer.sentences)
    shown = {rank: rank for rank in numbers} if by_rank else numbers
    candidates = enumerate(answer.trace.candidates, 1)
    return [_row(place, candidate, *_fate(candidate, answer, shown)) for place, candidate in candidates]


def rest(trace: Trace) -> str:
    """What is not listed; empty when everything is."""
    if not trace.more:
        return ""
    return f"{trace.more:,} more {'was' if trace.more == 1 else 'were'} considered and stood further down."


def _by(author: str) -> str:
    return "By rule" if author == RULE else f"By {author}"


def _evidence(probability: float, threshold: float | None) -> str:
    digits = 0 if threshold is None or abs(probability - threshold) >= 0.01 else 2
    share = (
        "less than 1%" if probability < 0.01 else "more than 99%" if probability > 0.99 else f"{probability:.{digits}%}"
    )
    said = f"{share} probable that the passages hold the answer"
    if threshold is None:
        return said
    return f"{said}; {threshold:.0%} is needed: {'enough' if probability >= threshold else 'too little'}"


def _row(place: int, candidate: Candidate, mark: str, fate: str) -> Row:
    page = "" if candidate.page is None else f", page {candidate.page}"
    return Row(
        place=place,
        document=(candidate.title or candidate.source) + page,
        source=candidate.source + page,
        mark=mark,
        fate=fate,
        kept=candidate.rank is not None,
        words=_place(candidate.lexical_rank, candidate.lexical, 1),
        meaning=_place(candidate.vector_rank, candidate.vector, 2),
        sentence="" if candidate.sentence is None else f"{candidate.sentence:.2f}",
        score=f"{candidate.score:.2f}",
    )


def _found(candidate: Candidate) -> tuple[str, str]:
    """The number that a candidate carries among hits, and what became of it."""
    return (f"[{candidate.rank}]", "found") if candidate.rank is not None else ("", _dropped(candidate))


def _fate(candidate: Candidate, answer: Answer, numbers: Mapping[int, int]) -> tuple[str, str]:
    """The number that a candidate carries in an answer, and what became of it."""
    rank = candidate.rank
    if rank is None:
        return "", _dropped(candidate)
    if rank in numbers:
        return f"[{numbers[rank]}]", "cited"
    if all(passage.rank != rank for passage in answer.passages):
        return "", "kept out by a guard"
    return "", "read, not cited" if answer.model else "weighed, not enough"


def _dropped(candidate: Candidate) -> str:
    return candidate.dropped or "not among the best"


def _place(rank: int | None, score: float | None, digits: int) -> str:
    """`2nd (0.71)`; the score alone where it has no place among the best; empty without either."""
    shown = "" if not score else f"{score:.{digits}f}"
    if rank is None:
        return f"({shown})" if shown else ""
    return f"{ordinal(rank)} ({shown})" if shown else ordinal(rank)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
