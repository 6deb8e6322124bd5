"""Parts to chunks: parts are split until they fit, then joined up to a good size, in places that an edit leaves alone.

Each chunk ends at the best place in reach, and of equally good ones at that which the text around it decides. So two
versions of a text that differ in a word come to the same places again soon after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.cutting import breaks
from ingest.cutting.blocks import Block

CountTokens = Callable[[Sequence[str]], list[int]]

LEAST_TOKENS = 100  # a paragraph at least this long stands alone; shorter ones are joined with the next
MOST_CHARACTERS = 4000  # of a chunk: to the tokenizer a run without a space is one token, however long
_CHARACTERS_A_TOKEN = 4  # of common English; where there are fewer, what is too long is halved


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch that is kept whole unless it is too long for a chunk."""

    start: int
    end: int
    block: Block
    section: int  # number of the section that it lies in
    most: int  # tokens that a chunk of this section may have
    place: int = breaks.BLOCK  # how good a place to break comes after it
    level: int = 0  # how many ways of breaking it have been tried
    tokens: int | None = None  # None: not counted, or too many characters to be worth it

    @property
    def size(self) -> int:
        """Its tokens; more than may be where they were not counted."""
        return self.most + 1 if self.tokens is None else self.tokens


def fitted(text: str, parts: Sequence[Part], count_tokens: CountTokens) -> list[Part]:
    """The same text in parts that all fit; a line that introduces the next block is part of it where both fit."""
    found = _introduced(text, _counted(text, parts, count_tokens))
    while any(part.size > part.most for part in found):
        found = [smaller for part in found for smaller in (_split(text, part) if part.size > part.most else (part,))]
        found = _counted(text, found, count_tokens)
    return found


def packed(text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Start and end of each chunk of one section."""
    rests = _rests(parts)
    groups: list[tuple[int, int]] = []
    begin = 0
    while begin < len(parts):
        stop = _stop(text, parts, rests, begin)
        groups.append((begin, stop))
        begin = stop
    if len(groups) > 1 and _size(parts, *groups[-1]) < LEAST_TOKENS:
        (first, at), (_, last) = groups[-2:]
        if _joins(parts, first, at, last, _size(parts, first, last)):
            groups[-2:] = [(first, last)]
    for first, last in groups:
        yield parts[first].start, parts[last - 1].end


# --- splitting --------------------------------------------------------------------------------------------------


def _counted(text: str, parts: Sequence[Part], count_tokens: CountTokens) -> list[Part]:
    new = [part.tokens is None and part.end - part.start <= MOST_CHARACTERS for part in parts]
    texts = [text[part.start : part.end] for part, wanted in zip(parts, new, strict=True) if wanted]
    counts = iter(count_tokens(texts) if texts else [])
    return [_with(part, tokens=next(counts)) if wanted else part for part, wanted in zip(parts, new, strict=True)]


def _with(part: Part, *, tokens: int | None) -> Part:
    return Part(part.start, part.end, part.block, part.section, part.most, part.place, part.level, tokens)


def _introduced(text: str, parts: Sequence[Part]) -> list[Part]:
    """Join what ends in a colon with the next block; where both don't fit, the place between them is a poor one."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if before is None or before.section != part.section or text[before.end - 1] not in ":：":
            found.append(part)
            continue
        tokens = before.size + part.size
        if tokens <= part.most and part.end - before.start <= MOST_CHARACTERS:
            found[-1] = replace(part, start=before.start, tokens=tokens)
        else:
            found[-1] = replace(before, place=breaks.POOR)
            found.append(part)
    return found


def _split(text: str, part: Part) -> list[Part]:
    """Its smaller parts, in the best way that gives more than one."""
    level, spans = part.level, list[tuple[int, int, int]]()
    known = breaks.ways(part.block.code)
    while len(spans) < 2:
        if level < len(known):
            place, way = known[level]
            spans = [(start, end, place) for start, end in way(text, part.start, part.end)]
        else:
            width = max(1, part.most * _CHARACTERS_A_TOKEN >> (level - len(known)))
            spans = list(breaks.slices(text, part.start, part.end, width))
        level += 1
    made = [Part(start, end, part.block, part.section, part.most, place, level) for start, end, place in spans]
    made[-1] = replace(made[-1], place=part.place)
    return made


# --- joining ----------------------------------------------------------------------------------------------------


def _rests(parts: Sequence[Part]) -> list[int]:
    """Tokens that are left of its block after each part."""
    rests = [0] * len(parts)
    for i in range(len(parts) - 2, -1, -1):
        if parts[i].block is parts[i + 1].block:
            rests[i] = rests[i + 1] + parts[i + 1].size
    return rests


def _stop(text: str, parts: Sequence[Part], rests: Sequence[int], begin: int) -> int:
    """Up to which part the chunk goes that begins with this one."""
    size, stop = 0, begin + 1
    best: tuple[int, bool, int] | None = None
    for i in range(begin, len(parts)):
        part = parts[i]
        size += part.size
        if i > begin and not _joins(parts, begin, i, i + 1, size):
            break
        stop = stop if best else i + 1
        if size >= LEAST_TOKENS:
            found = (part.place, rests[i] == 0 or rests[i] >= LEAST_TOKENS, -breaks.mark(text, part.end))
            if best is None or found >= best:
                best, stop = found, i + 1
            if part.size >= LEAST_TOKENS:
                break  # what stands alone ends a chunk always: a place where both versions of a text meet again
    return stop


def _joins(parts: Sequence[Part], begin: int, at: int, stop: int, size: int) -> bool:
    """Whether parts up to `stop` may be one chunk, over the place before `at`.

    Not over a place within a word: the tokens of its halves don't add up to those of the whole.
    """
    fits = size <= parts[begin].most and parts[stop - 1].end - parts[begin].start <= MOST_CHARACTERS
    return fits and parts[at - 1].place != breaks.WORD_INSIDE


def _size(parts: Sequence[Part], begin: int, stop: int) -> int:
    return sum(part.size for part in parts[begin:stop])
