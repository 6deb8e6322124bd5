"""Documents to chunks: never across a heading, paragraphs whole where they fit, sentences whole where those don't.

About 200 tokens is what the embedding model is best at; it was trained on short texts and sees nothing past its limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core import sentences
from core.domain import Chunk, Document, Section

CountTokens = Callable[[Sequence[str]], list[int]]
VERSION = 1  # rises when the same text is cut differently: documents are then cut anew

MOST_TOKENS = 240  # of heading path and text together: below what the embedder reads
LEAST_TOKENS = 100  # a paragraph at least this long stands alone; shorter ones are joined with the next
MOST_HEADING_TOKENS = 60
MOST_CHARACTERS = 4000  # of a chunk: to the tokenizer a run without a space is one token, however long

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_GAP = re.compile(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)\s*")
_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"\S+")
_VISIBLE = re.compile(r"[^\W_]")
_MARKS = re.compile(r"[\W_]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-+)[ \t]*(?:\r\n?|\n|\Z)")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is kept whole, with its tokens."""

    start: int
    end: int
    tokens: int


def chunk(document: Document, count_tokens: CountTokens) -> list[Chunk]:
    """The chunks of a document, in order; each is exactly a slice of its text."""
    headings = _headings(document.sections, count_tokens)
    blocks = [_blocks(document.text, section) for section in document.sections]
    counts = iter(_count(document.text, [span for found in blocks for span in found], count_tokens))
    made: list[Chunk] = []
    for section, found in zip(document.sections, blocks, strict=True):
        heading, taken = headings[section.heading]
        most = MOST_TOKENS - taken
        paragraphs = [_Piece(start, end, next(counts)) for start, end in found]
        for start, end in _pack(document.text, paragraphs, most, count_tokens):
            if _VISIBLE.search(document.text, start, end):
                text = document.text[start:end]
                made.append(Chunk(document.source, document.title, text, start, end, heading, section.page))
    return made


def _headings(
    sections: Sequence[Section], count_tokens: CountTokens
) -> dict[tuple[str, ...], tuple[tuple[str, ...], int]]:
    """Each heading path as it is kept, with its tokens: the outermost go first where it is too long."""
    kept: dict[tuple[str, ...], tuple[tuple[str, ...], int]] = {}
    paths = list({section.heading for section in sections})
    for path, tokens in zip(paths, count_tokens([" > ".join(path) for path in paths]), strict=True):
        short, count = path, tokens
        while count > MOST_HEADING_TOKENS and short:
            short = short[1:] if len(short) > 1 else (short[0][: len(short[0]) // 2].rstrip(),)
            if not short[0]:
                short = ()
            count = count_tokens([" > ".join(short)])[0]
        kept[path] = (short, count + 1 if short else 0)
    return kept


def _count(text: str, spans: Sequence[tuple[int, int]], count_tokens: CountTokens) -> list[int]:
    """Tokens of each span; of one that is long in characters they are not counted: it is too long anyhow."""
    fair = [(start, end) for start, end in spans if end - start <= MOST_CHARACTERS]
    counts = iter(count_tokens([text[start:end] for start, end in fair]) if fair else [])
    found = []
    for start, end in spans:
        least = (end - start) * MOST_TOKENS // MOST_CHARACTERS
        found.append(max(least, next(counts)) if end - start <= MOST_CHARACTERS else least + 1)
    return found


# --- cutting ----------------------------------------------------------------------------------------------------


def _blocks(text: str, section: Section) -> list[tuple[int, int]]:
    """The paragraphs of a section without its heading's line; a fenced block counts as one."""
    begin = _body(text, section)
    fences = [match.span() for match in _FENCE.finditer(text, begin, section.end)]
    gaps = [match.span() for match in _GAP.finditer(text, begin, section.end)]
    cuts = {end for start, end in gaps if not any(first < start < last for first, last in fences)}
    cuts.update(edge for fence in fences for edge in fence)  # a fence right under a paragraph is a block of its own
    spans = (_trimmed(text, start, end) for start, end in pairwise(sorted({begin, *cuts, section.end})))
    return [span for span in spans if span[0] < span[1]]


def _body(text: str, section: Section) -> int:
    """Where the section's text begins after the line that is its heading, which the heading path already tells.

    The line stays when it is all that the section has.
    """
    if not section.heading:
        return section.start
    line = _LINE.search(text, section.start, section.end)
    if line is None or _bare(_LINK.sub(r"\1", line.group())) != _bare(section.heading[-1]):
        return section.start
    after = re.compile(r"\r\n?|\n").match(text, line.end())
    begin = after.end() if after else line.end()
    underline = _UNDERLINE.match(text, begin, section.end)
    begin = underline.end() if underline else begin
    return begin if text[begin : section.end].strip() else section.start


def _bare(text: str) -> str:
    return _MARKS.sub("", text).casefold()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# --- packing ----------------------------------------------------------------------------------------------------


def _pack(text: str, paragraphs: Sequence[_Piece], most: int, count_tokens: CountTokens) -> Iterator[tuple[int, int]]:
    """Join short paragraphs, keep fair ones, cut long ones."""
    groups: list[list[_Piece]] = []
    for paragraph in paragraphs:
        if paragraph.tokens > most:
            groups.extend([piece] for piece in _cut(text, paragraph, most, count_tokens))
        elif groups and _joins(groups[-1], paragraph, most):
            groups[-1].append(paragraph)
        else:
            groups.append([paragraph])
    if len(groups) > 1 and _size(groups[-1]) < LEAST_TOKENS and _size(groups[-2]) + _size(groups[-1]) <= most:
        groups[-2:] = [groups[-2] + groups[-1]]
    for group in groups:
        yield group[0].start, group[-1].end


def _joins(group: Sequence[_Piece], paragraph: _Piece, most: int) -> bool:
    return _size(group) < LEAST_TOKENS and _size(group) + paragraph.tokens <= most


def _size(group: Sequence[_Piece]) -> int:
    return sum(piece.tokens for piece in group)


def _cut(text: str, paragraph: _Piece, most: int, count_tokens: CountTokens) -> Iterator[_Piece]:
    """Pieces of about equal size out of whole sentences (lines, in code and tables)."""
    units = list(_units(text, paragraph, most, count_tokens))
    total = sum(unit.tokens for unit in units)
    fair = total / -(-total // most)
    piece: _Piece | None = None
    for unit in units:
        if piece is None:
            piece = unit
        elif piece.tokens + unit.tokens > most or piece.tokens + unit.tokens / 2 > fair:
            yield piece
            piece = unit
        else:
            piece = _Piece(piece.start, unit.end, piece.tokens + unit.tokens)
    if piece is not None:
        yield piece


def _units(text: str, paragraph: _Piece, most: int, count_tokens: CountTokens) -> Iterator[_Piece]:
    body = text[paragraph.start : paragraph.end]
    if body.startswith(("```", "~~~", "|")):
        found = [match.span() for match in _LINE.finditer(body)]
    else:
        found = sentences.spans(body)
    spans = [(paragraph.start + start, paragraph.start + end) for start, end in found]
    for (start, end), count in zip(spans, _count(text, spans, count_tokens), strict=True):
        if count <= most:
            yield _Piece(start, end, count)
        else:
            yield from _words(text, start, end, most, count_tokens)


def _words(text: str, begin: int, end: int, most: int, count_tokens: CountTokens) -> Iterator[_Piece]:
    """A sentence that is too long, cut between words."""
    spans = [match.span() for match in _WORD.finditer(text, begin, end)]
    piece: _Piece | None = None
    for (start, stop), count in zip(spans, _count(text, spans, count_tokens), strict=True):
        if piece is not None and piece.tokens + count <= most:
            piece = _Piece(piece.start, stop, piece.tokens + count)
            continue
        if piece is not None:
            yield piece
        piece = _Piece(start, stop, count)
        if count > most:
            yield from _halves(text, start, stop, most, count_tokens)
            piece = None
    if piece is not None:
        yield piece


def _halves(text: str, start: int, end: int, most: int, count_tokens: CountTokens) -> Iterator[_Piece]:
    """A word that is too long, halved until it fits."""
    count = _count(text, [(start, end)], count_tokens)[0]
    if count <= most or end - start < 2:
        yield _Piece(start, end, count)
        return
    middle = (start + end) // 2
    yield from _halves(text, start, middle, most, count_tokens)
    yield from _halves(text, middle, end, most, count_tokens)
