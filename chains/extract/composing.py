"""The answer, quote by quote: the sentences that were chosen, in an order that reads, each with what belongs to it.

The sentence that answers best comes first; of its neighbours those behind it follow, then those before it, then other
passages in their order. A sentence that can't stand alone brings the one before it along. Lists, code and tables are
given as the document gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chains.extract.asking import Asked, Kind
from chains.extract.candidates import Candidate, announcement, candidates, introduction
from chains.extract.choosing import choose
from chains.extract.evidence import Evidence, EvidencePassage
from chains.extract.layout import Block, Shape, blocks
from chains.extract.mending import dangles, without_connective
from chains.extract.ranking import Ranker

NEAR = 2  # sentences within which a pronoun means what the quote before is about
MOST_QUOTED = 4  # sentences of an answer, those that were brought along counted; lists are not
_WHOLE_LISTS = frozenset({Kind.WAY, Kind.MEMBERS})
Place = tuple[int, int]  # of the passage, of the sentence in it


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage as the answer gives them: the passage's own, white space and a left-off `However,` aside."""

    passage: int  # its number
    text: str
    lead: str  # white space between it and the quote before; nothing for the first


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is quoted together."""

    asked: Asked
    sentences: tuple[Candidate, ...]  # neighbours, in reading order


def compose(evidence: Evidence, ranker: Ranker) -> tuple[Quote, ...]:
    """The answer; empty when the passages hold no sentence. Each passage carries its sentences' cosines."""
    found = [c for place, passage in enumerate(evidence.passages) for c in candidates(passage, place)]
    if not found:
        return ()
    known = {(candidate.place, candidate.order): candidate for candidate in found}
    units = _units(choose(evidence.question, found, ranker), known)
    return tuple(_joined(units))


def _units(chosen: Iterable[tuple[Asked, list[Candidate]]], known: dict[Place, Candidate]) -> list[_Unit]:
    """What is quoted together, in order; what would dangle and can't be mended is left out, never the first."""
    units: list[_Unit] = []
    used: set[Place] = set()
    for asked, group in chosen:
        for candidate in _ordered(_led_by_standing(asked, group, known)):
            place = (candidate.place, candidate.order)
            if place in used:
                continue
            sentences = _mended(asked, candidate, units[-1].sentences[-1] if units else None, known)
            if units and (not sentences or len(used) + len(sentences) > MOST_QUOTED):
                continue
            sentences = tuple(one for one in sentences if _place(one) not in used) or (candidate,)
            used.update(map(_place, sentences))
            units.append(_Unit(asked, sentences))
    return units


def _mended(
    asked: Asked, candidate: Candidate, last: Candidate | None, known: dict[Place, Candidate]
) -> tuple[Candidate, ...]:
    """The sentence, led by the one before where it would dangle behind the `last` one; nothing when there is none."""
    near = last is not None and last.place == candidate.place and 0 < candidate.order - last.order <= NEAR
    if not dangles(candidate, asked, known=near) or (near and last is not None and candidate.order - last.order == 1):
        return (candidate,)
    before = known.get((candidate.place, candidate.order - 1))
    return (before, candidate) if before is not None else ()


def _place(candidate: Candidate) -> Place:
    return candidate.place, candidate.order


def _led_by_standing(asked: Asked, group: list[Candidate], known: dict[Place, Candidate]) -> list[Candidate]:
    """The group, led by its second sentence when the first can't stand alone and nothing is there to bring along."""
    if len(group) < 2 or not dangles(group[0], asked) or (group[0].place, group[0].order - 1) in known:
        return group
    return group if dangles(group[1], asked) else [group[1], group[0], *group[2:]]


def _ordered(group: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, then those behind it in its passage, then those before it, then other passages."""
    best = group[0]
    return sorted(
        group,
        key=lambda c: (c is not best, c.place != best.place, c.place, c.order < best.order, c.order),
    )


def _joined(units: Sequence[_Unit]) -> Iterator[Quote]:
    given: set[tuple[int, int]] = set()  # whole blocks: place of the passage, number of the block
    before: Candidate | None = None
    for unit in units:
        for candidate in unit.sentences:
            if (candidate.place, candidate.block) in given:
                continue
            lead = _lead(before, candidate)
            for text, block in _given(unit.asked, candidate, headed=lead == "\n"):
                yield Quote(candidate.passage.number, text, lead)
                lead = "\n"
                if block is not None:
                    given.add((candidate.place, block))
            before = candidate


def _lead(before: Candidate | None, candidate: Candidate) -> str:
    """What parts a sentence from the one quoted before it: a space within a paragraph, a line between rows."""
    if before is None:
        return ""
    if before.passage is not candidate.passage or before.order > candidate.order:
        return "\n\n"
    if before.block == candidate.block and before.shape is Shape.PROSE and not before.announced:
        return " "
    rows = before.shape is candidate.shape is Shape.ROW
    laid = blocks(candidate.passage.text)
    return "\n" if rows and introduction(laid, before.block) == introduction(laid, candidate.block) else "\n\n"


def _given(asked: Asked, candidate: Candidate, headed: bool) -> Iterator[tuple[str, int | None]]:
    """The lines that a sentence is given as, each with its block if that is whole; `headed`: below its header."""
    text, laid = candidate.passage.text, blocks(candidate.passage.text)
    for block in _with_list(asked, candidate, laid, headed):
        yield from _block(candidate.passage, block)
    if candidate.shape is Shape.ROW or (candidate.shape is Shape.ITEM and _is_whole(asked, candidate, laid)):
        return
    yield without_connective(_flowing(text[candidate.start : candidate.end])), None
    for block in candidate.announced:
        yield from _block(candidate.passage, block)


def _with_list(asked: Asked, candidate: Candidate, laid: Sequence[Block], headed: bool) -> tuple[int, ...]:
    """The blocks that are given for a row or an item: the table's header and the row, or the whole list."""
    if candidate.shape not in {Shape.ROW, Shape.ITEM}:
        return ()
    above = introduction(laid, candidate.block)
    if _is_whole(asked, candidate, laid) and above is not None:
        return (above, *announcement(candidate.passage.text, laid, above))
    if candidate.shape is Shape.ITEM:
        return ()
    return (candidate.block,) if above is None or headed else (above, candidate.block)


def _is_whole(asked: Asked, candidate: Candidate, laid: Sequence[Block]) -> bool:
    """Whether the question asks for the whole list or table that an item or row stands in, and it is short enough."""
    above = introduction(laid, candidate.block)
    listed = () if above is None else announcement(candidate.passage.text, laid, above)
    return asked.kind in _WHOLE_LISTS and candidate.block in listed


def _block(passage: EvidencePassage, number: int) -> Iterator[tuple[str, int | None]]:
    """A block as the document gives it; the lines of code and of a table's header keep their breaks."""
    block = blocks(passage.text)[number]
    if block.shape is Shape.CODE:
        yield passage.text[block.inner : block.stop], number
    elif block.shape in {Shape.HEADER, Shape.ROW}:
        for line in passage.text[block.start : block.end].splitlines():
            yield line.strip(), number
    else:
        yield _flowing(passage.text[block.start : block.end]), number


def _flowing(text: str) -> str:
    """Documents wrap their lines; a sentence is given on one, and its citation keeps the document's."""
    return " ".join(text.split())
