"""Markdown: the decoded file, unchanged, with a section for each heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from core.domain import Document, Section
from ingest.formats.decoding import decode
from ingest.source import SourceFile

SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
DOC = "Markdown with its headings; front matter and fenced code are understood; the text is kept as it stands"
_LINE_END = re.compile(r"\r\n?|\n")  # what the parser counts as lines
_FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n?|\n)(.*?)(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE)


def load(file: SourceFile) -> Document:
    """Sections begin at their heading's line; the title is the first heading of level 1."""
    text = decode(file.content)
    front = _FRONT_MATTER.match(text)
    headings = list(_headings(text, front.end() if front else 0))
    return Document(file.source, _title(file, front, headings), text, tuple(_sections(text, front, headings)))


def _headings(text: str, begin: int) -> Iterator[tuple[int, int, str]]:
    """(offset of the line, level, plain text) of each heading after `begin`."""
    from markdown_it import MarkdownIt

    starts = [begin] + [match.end() for match in _LINE_END.finditer(text, begin)]
    tokens = MarkdownIt("commonmark").parse(text[begin:])
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            plain = "".join(part.content for part in inline.children or [] if part.type in {"text", "code_inline"})
            if plain.strip():
                yield starts[opening.map[0]], int(opening.tag[1]), " ".join(plain.split())


def _title(file: SourceFile, front: re.Match[str] | None, headings: list[tuple[int, int, str]]) -> str:
    for _, level, heading in headings:
        if level == 1:
            return heading
    named = _FRONT_TITLE.search(front[1]) if front else None
    if named:
        return named[2]
    return headings[0][2] if headings else file.stem


def _sections(text: str, front: re.Match[str] | None, headings: list[tuple[int, int, str]]) -> Iterator[Section]:
    cuts: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    if front:
        cuts.append((front.end(), ()))
    path: list[tuple[int, str]] = []
    for start, level, heading in headings:
        path = [(above, name) for above, name in path if above < level] + [(level, heading)]
        cuts.append((start, tuple(name for _, name in path)))
    for (start, heading_path), (end, _) in zip(cuts, [*cuts[1:], (len(text), ())], strict=True):
        if start < end:
            yield Section(start, end, heading_path)
