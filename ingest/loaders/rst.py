"""reStructuredText: the decoded file, unchanged, with a section for each underlined heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain import Document, Section
from ingest.formats.decoding import decode
from ingest.source import SourceFile

SUFFIXES = frozenset({".rst", ".rest"})
DOC = "reStructuredText with its headings; the text is kept as it stands"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*\s*")
_ROLE = re.compile(r":[\w:+.-]+:`")
_TARGET = re.compile(r"\s*<[^<>`]*>`")
_MARK = re.compile(r"[`*|]+")


def load(file: SourceFile) -> Document:
    """Sections begin at their heading, its overline included; the title is the first one."""
    text = decode(file.content)
    headings = list(_headings(text))
    title = next((name for _, level, name in headings if level == 1), file.stem)
    return Document(file.source, title, text, tuple(_sections(text, headings)))


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    """(offset, level, plain text) of each heading. Levels are in the order in which their lines first come up."""
    lines = [match for match in _LINE.finditer(text) if match[0]]
    rows = [match[0].rstrip() for match in lines]
    order: list[tuple[str, bool]] = []
    for number in range(len(rows) - 1):
        words, rule = rows[number], rows[number + 1]
        if not _is_rule(rule) or not words.strip() or _RULE.fullmatch(words) or len(rule) < min(4, len(words)):
            continue
        above = rows[number - 1] if number else ""
        over = _is_rule(above) and above == rule
        if (above.strip() and not over) or (words[0].isspace() and not over):
            continue
        style = (rule[0], over)
        if style not in order:
            order.append(style)
        yield lines[number - over].start(), order.index(style) + 1, _plain(words)


def _is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line)) and len(line) > 1


def _plain(words: str) -> str:
    """A heading without its marks: roles, code and emphasis."""
    return " ".join(_MARK.sub("", _ROLE.sub("", _TARGET.sub("`", words))).split())


def _sections(text: str, headings: list[tuple[int, int, str]]) -> Iterator[Section]:
    cuts: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    path: list[tuple[int, str]] = []
    for start, level, name in headings:
        path = [(above, other) for above, other in path if above < level] + [(level, name)]
        cuts.append((start, tuple(other for _, other in path)))
    for (start, heading), (end, _) in zip(cuts, [*cuts[1:], (len(text), ())], strict=True):
        if start < end:
            yield Section(start, end, heading)
