"""The sentences of a passage that may answer, each with what is read along with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chains.extract.evidence import EvidencePassage
from chains.extract.layout import Block, Shape, blocks
from core.sentences import spans
from core.words import content_stems

MOST_WORDS = 120  # what runs on for longer is no sentence: lists of references, logs
LEAST_STEMS = 2  # words of content without which nothing is said
MOST_ANNOUNCED = 8  # items or rows that come along
TITLE_WORDS = 8  # a line of its own of so few words without a full stop is a title
_ENDED = re.compile(r"[.!?…:;。！？][\"'”’»)\]*_]*$")
_REFERENCES = re.compile(r"(?:[ \t]*\[\d{1,3}\])+$")  # the document's own footnote marks, which would be read as ours
_QUOTABLE = frozenset({Shape.PROSE, Shape.ITEM, Shape.ROW})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, list item or table row of a passage; `passage.text[start:end]` is what is quoted."""

    passage: EvidencePassage
    place: int  # of its passage among the passages, from 0
    order: int  # which of the passage's sentences, as core.sentences cuts them
    start: int
    end: int
    block: int  # which of the passage's blocks
    shape: Shape
    context: str  # what is read along with it: the sentence before, the words above a list, a table's header
    announced: tuple[int, ...] = ()  # blocks that come along with it: the list, code or table behind a colon

    @property
    def text(self) -> str:
        """Exactly the words of the passage."""
        return self.passage.text[self.start : self.end]

    @property
    def said(self) -> str:
        """Its words and those of the list or table that it announces: what the ranker reads; code is not words."""
        laid = [blocks(self.passage.text)[number] for number in self.announced]
        listed = (self.passage.text[block.inner : block.stop] for block in laid if block.shape is not Shape.CODE)
        return " ".join((self.text, *listed))


def candidates(passage: EvidencePassage, place: int) -> list[Candidate]:
    """The sentences of a passage that may be quoted, in reading order."""
    text, laid = passage.text, blocks(passage.text)
    cuts = spans(text)
    found: list[Candidate] = []
    at = 0
    for order, (start, end) in enumerate(cuts):
        while at + 1 < len(laid) and laid[at].end <= start:
            at += 1
        if not laid or laid[at].shape not in _QUOTABLE:
            continue
        block = laid[at]
        begin, stop = max(start, block.inner), min(end, block.stop)
        references = _REFERENCES.search(text, begin, stop)
        stop = references.start() if references and references.start() > begin else stop
        if _says_something(text[begin:stop], block, start):
            context = _context(text, laid, at, start, cuts[order - 1] if order else None)
            announced = announcement(text, laid, at) if stop == block.stop else ()
            found.append(Candidate(passage, place, order, begin, stop, at, block.shape, context, announced))
    return found


def _says_something(text: str, block: Block, start: int) -> bool:
    if len(content_stems(text)) < LEAST_STEMS or len(text.split()) > MOST_WORDS:
        return False
    alone = block.shape is Shape.PROSE and start <= block.inner and block.stop <= start + len(text)
    return not (alone and len(text.split()) <= TITLE_WORDS and not _ENDED.search(text))


def _context(text: str, laid: Sequence[Block], at: int, start: int, before: tuple[int, int] | None) -> str:
    """What is read along with a sentence."""
    block = laid[at]
    if start > block.inner or block.shape is Shape.PROSE:
        return text[slice(*before)] if before else ""
    above = introduction(laid, at)
    return text[laid[above].inner : laid[above].stop] if above is not None else ""


def announcement(text: str, laid: Sequence[Block], at: int) -> tuple[int, ...]:
    """The blocks that come along with a block: a header's rows; behind a colon a list's items, code, or a table."""
    if laid[at].shape is Shape.HEADER:
        return _run(laid, at + 1, Shape.ROW)
    if laid[at].shape is not Shape.PROSE or not text[laid[at].inner : laid[at].stop].rstrip("*_ ").endswith(":"):
        return ()
    after = at + 1
    if after >= len(laid) or laid[after].shape not in {Shape.ITEM, Shape.CODE, Shape.HEADER}:
        return ()
    if laid[after].shape is Shape.CODE:
        return (after,)
    if laid[after].shape is Shape.HEADER:
        return (after, *_run(laid, after + 1, Shape.ROW))
    return _run(laid, after, Shape.ITEM)


def _run(laid: Sequence[Block], at: int, shape: Shape) -> tuple[int, ...]:
    """The blocks of one shape from here on, at most MOST_ANNOUNCED."""
    end = at
    while end < len(laid) and laid[end].shape is shape and end < at + MOST_ANNOUNCED:
        end += 1
    return tuple(range(at, end))


def introduction(laid: Sequence[Block], at: int) -> int | None:
    """The block above a list item or row that introduces it: a paragraph, or the table's header; None without."""
    shape = laid[at].shape
    while at >= 0 and laid[at].shape is shape:
        at -= 1
    wanted = Shape.HEADER if shape is Shape.ROW else Shape.PROSE
    return at if at >= 0 and laid[at].shape is wanted else None
