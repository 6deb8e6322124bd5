"""Documents to chunks: never across a heading, paragraphs whole where they fit, sentences whole where those don't.

About 200 tokens is what the embedding model is best at; it was trained on short texts and sees nothing past its limit.
Where a text may be broken is told by `blocks` and `breaks`; what goes together, by `packing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from core.domain import Chunk, Document, Section
from ingest.cutting.blocks import blocks, body, says
from ingest.cutting.packing import CountTokens, Part, fitted, packed

VERSION = 2  # rises when the same text is cut differently: documents are then cut anew

MOST_TOKENS = 240  # of heading path and text together: below what the embedder reads
MOST_HEADING_TOKENS = 60
MOST_HEADING_CHARACTERS = 600

Path = tuple[str, ...]


def chunk(document: Document, count_tokens: CountTokens) -> list[Chunk]:
    """The chunks of a document, in order; each is exactly a slice of its text."""
    text, sections = document.text, document.sections
    headings = _headings(sections, count_tokens)
    parts = fitted(text, list(_parts(document, headings)), count_tokens)
    made: list[Chunk] = []
    for number, found in groupby(parts, key=lambda part: part.section):
        heading, _ = headings[sections[number].heading]
        for start, end in packed(text, list(found)):
            if says(text, start, end):
                page = sections[number].page
                made.append(Chunk(document.source, document.title, text[start:end], start, end, heading, page))
    return made


def _parts(document: Document, headings: Mapping[Path, tuple[Path, int]]) -> Iterator[Part]:
    """The blocks of every section, with the tokens that a chunk of it has left beside the heading path."""
    sections = document.sections
    for number, section in enumerate(sections):
        begin = body(document.text, section)
        if begin == section.end:
            following = sections[number + 1].heading if number + 1 < len(sections) else ()
            if headings.get(following, ((), 0))[0][: len(section.heading)] == section.heading:
                continue  # a heading over headings: their paths tell it
            begin = section.start
        most = MOST_TOKENS - headings[section.heading][1]
        for block in blocks(document.text, begin, section.end):
            yield Part(block.start, block.end, block, number, most)


def _headings(sections: Sequence[Section], count_tokens: CountTokens) -> dict[Path, tuple[Path, int]]:
    """Each heading path as it is kept, with its tokens: the outermost go first where it is too long."""
    paths = dict.fromkeys(section.heading for section in sections)
    names = list(dict.fromkeys(name for path in paths for name in path))
    tokens = dict(zip(names, count_tokens(names), strict=True))
    return {path: _shortened(path, tokens, count_tokens) for path in paths}


def _shortened(path: Path, tokens: dict[str, int], count_tokens: CountTokens) -> tuple[Path, int]:
    while len(path) > 1 and not _is_short(path, tokens):
        path = path[1:]
    while path and not _is_short(path, tokens):
        name = path[0][: len(path[0]) // 2].rstrip()
        path = (name,) if name else ()
        if name not in tokens:
            tokens[name] = count_tokens([name])[0]
    return path, sum(tokens[name] + 1 for name in path)  # a mark between two, and one for what the sum may miss


def _is_short(path: Path, tokens: Mapping[str, int]) -> bool:
    few = sum(tokens[name] + 1 for name in path) <= MOST_HEADING_TOKENS
    return few and sum(map(len, path)) <= MOST_HEADING_CHARACTERS
