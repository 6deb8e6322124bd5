"""Which words of a passage support a sentence: the sentence itself where it stands there, else the least that says it.

That may be one sentence, a clause of a long one, two neighbours, an item with what introduces its list, or a row of a
table. A sentence of several parts may be supported in several places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chains import verbatim
from chains.agreement import agrees, denies
from core.sentences import spans
from core.words import content_stems
from guards.grounding.anchors import names, numbers, terms
from guards.grounding.contrast import clauses
from guards.wordlist import rarity

LEAST = 0.5  # of the weight of the sentence's words that quoted words hold
LEAST_BESIDES = 0.4  # the same of its words besides numbers and names, which the quoted words hold anyway
MOST_PLACES = 3  # sentences that may hold one together
LEAST_GAIN = 0.15  # of the weight that each of them brings
LEAST_TOGETHER = 0.6  # of the weight that they hold together
FEW = 3  # words besides; of so few, quoted words hold as large a share
OVER = 0.5  # what a word counts that stands over the quoted words and not in them
LONG = 160  # characters of a sentence of which only a clause may be quoted
FAR = 400  # characters between a table's header, or a list's introduction, and what is quoted with it
_ROW = re.compile(r"\|.*\|\s*$")
_RULE = re.compile(r"\|[\s:|-]+\|\s*$")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")
_PART = re.compile(r"[;:]\s|,?\s(?:and|but|while|whereas)\s|,\s")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a passage that may be quoted."""

    start: int  # the words that are judged
    end: int
    over: str = ""  # what stands over them: headings, the header of a table, what introduces a list
    begin: int | None = None  # where the quote begins when what stands over them is quoted as well
    sentences: int = 1


def supporting(sentence: str, text: str, heading: str = "") -> list[Span]:
    """Where a text holds what the sentence says, in order; empty when it does not. `heading` stands over the text."""
    found = verbatim.find(sentence, text)
    if found is not None and not denies(text, found[0]):
        return [found]
    stretches = [replace(stretch, over=f"{heading}\n{stretch.over}") for stretch in _stretches(text)]
    whole = _best(sentence, text, stretches)
    if whole is not None:
        return [whole]
    each = [_best(part, text, stretches) for part in parts(sentence)]
    places = sorted({place for place in each if place is not None})
    if len(each) > 1 and all(each):
        return _joined(places, text)
    return _scattered(sentence, text, stretches)


def _scattered(sentence: str, text: str, stretches: Sequence[Stretch]) -> list[Span]:
    """The few sentences that hold it together, each with something that the others lack; empty when they don't."""
    weights, besides = _weights(sentence)
    # a row says what it says by its header alone: rows of a table are never put together
    single = [s for s in stretches if s.sentences == 1 and not _ROW.match(text[s.start : s.end])]
    missing = set(weights)
    chosen: list[Stretch] = []
    while missing and len(chosen) < MOST_PLACES:
        gains = [sum(weights[term] for term in missing & terms(text[s.start : s.end])) for s in single]
        best = max(range(len(gains)), key=gains.__getitem__, default=-1)
        if best < 0 or gains[best] < LEAST_GAIN * sum(weights.values()):
            break
        chosen.append(single[best])
        missing -= terms(text[single[best].start : single[best].end])
    places = sorted((s.start, s.end) for s in chosen)
    quote = "\n".join(text[a:b] for a, b in places)
    over = stretches[0].over if stretches else ""
    enough = share(weights, quote, over) >= LEAST_TOGETHER and (not besides or share(besides, quote, over) >= LEAST)
    return _joined(places, text) if len(chosen) > 1 and enough and agrees(sentence, quote, over) else []


def _best(sentence: str, text: str, stretches: Sequence[Stretch]) -> Span | None:
    """The stretch that says the sentence best, the shorter of equals; None when none says it."""
    weights, besides = _weights(sentence)
    least = LEAST if len(besides) <= FEW else LEAST_BESIDES
    shares = [(share(weights, text[s.start : s.end], s.over, s.begin is not None), s) for s in stretches]
    for _, stretch in sorted((pair for pair in shares if pair[0] >= LEAST), key=_order):
        quote = text[stretch.start : stretch.end]
        enough = not besides or share(besides, quote, stretch.over, stretch.begin is not None) >= least
        if enough and agrees(sentence, quote, stretch.over):
            return _clause(weights, sentence, stretch, text)
    return None


def _weights(sentence: str) -> tuple[dict[str, float], dict[str, float]]:
    """The words of a sentence and how much each tells; the same without its numbers and names."""
    numeric = {stem for number in numbers(sentence) for stem in content_stems(sentence[number.start : number.end])}
    named = {stem for name in names(sentence) for stem in content_stems(sentence[name.start : name.end])}
    words = {stem: rarity(stem) for stem in content_stems(sentence) if stem not in numeric}
    figures = {min(number.keys): 1.0 for number in numbers(sentence)}
    return words | figures, {stem: weight for stem, weight in words.items() if stem not in named}


def _order(pair: tuple[float, Stretch]) -> tuple[float, int, int]:
    held, stretch = pair
    return -round(held - 0.1 * (stretch.sentences - 1), 2), stretch.end - stretch.start, stretch.start


def share(weights: Mapping[str, float], quote: str, over: str, whole: bool = False) -> float:
    """The share of the weights that the quote holds; words that only stand over it count for less unless quoted too."""
    if not weights:
        return 0.0
    inside, above = terms(quote), terms(over)
    held = sum(
        w * (1.0 if s in inside else (1.0 if whole else OVER) if s in above else 0.0) for s, w in weights.items()
    )
    return held / sum(weights.values())


def _clause(weights: Mapping[str, float], sentence: str, stretch: Stretch, text: str) -> Span:
    """The clause of a long sentence that holds all that the sentence does, else the whole stretch."""
    if stretch.begin is not None:
        return stretch.begin, stretch.end
    if stretch.sentences > 1 or stretch.end - stretch.start < LONG:
        return stretch.start, stretch.end
    quote = text[stretch.start : stretch.end]
    whole = share(weights, quote, stretch.over)
    for a, b in clauses(quote):
        part = quote[a:b]
        if share(weights, part, stretch.over) >= whole and agrees(sentence, part, stretch.over):
            begin = stretch.start + a + len(part) - len(part.lstrip())
            return begin, begin + len(part.strip().rstrip(",;:"))
    return stretch.start, stretch.end


def _stretches(text: str) -> Iterator[Stretch]:
    """Every stretch of a text that may be quoted, in order."""
    places = spans(text)
    header: Span | None = None  # of the table that the sentence stands in
    intro: Span | None = None  # of the list
    for index, (a, b) in enumerate(places):
        line = text[a:b]
        before = places[index - 1] if index else None
        if not _ROW.match(line):
            header = None
        elif _RULE.match(line):
            header = before
            continue
        if not _ITEM.match(line):
            intro = (a, b) if line.endswith(":") else None
        over = header or (intro if intro != (a, b) else None)
        yield Stretch(a, b, "" if over is None else text[slice(*over)])
        if over is not None and b - over[0] <= FAR:
            yield Stretch(a, b, text[slice(*over)], begin=over[0], sentences=2)
        elif before is not None and over is None and not _apart(text, before, (a, b)):
            yield Stretch(before[0], b, sentences=2)


def _apart(text: str, before: Span, after: Span) -> bool:
    """Whether something stands between two neighbours that no quote should run over: a table or a heading."""
    lines = (text[slice(*before)], text[slice(*after)])
    return any(_ROW.match(line) or line.startswith("#") for line in lines)


def parts(sentence: str) -> Iterator[str]:
    """The parts of a sentence that each say something."""
    begin = 0
    for match in [*_PART.finditer(sentence), None]:
        end = match.start() if match else len(sentence)
        if len(content_stems(sentence[begin:end])) >= 2 and (
            match is None or len(content_stems(sentence[match.end() :])) >= 2
        ):
            yield sentence[begin:end].strip()
            begin = match.end() if match else end
    if begin < len(sentence):
        yield sentence[begin:].strip()


def _joined(places: Sequence[Span], text: str) -> list[Span]:
    """Places that touch, or that only white space lies between, as one."""
    joined: list[Span] = []
    for a, b in places:
        if joined and (a <= joined[-1][1] or not text[joined[-1][1] : a].strip()):
            joined[-1] = joined[-1][0], max(b, joined[-1][1])
        else:
            joined.append((a, b))
    return joined
