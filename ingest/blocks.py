"""Writes the text of a document block by block, an empty line between blocks, and notes its headings and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.domain import Document, Section


class Blocks:
    """A text in the making; a section begins with the first block after its heading or page was named."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.headings: list[tuple[int, str]] = []
        self._parts: list[str] = []
        self._length = 0
        self._cuts: list[Section] = []
        self._path: list[tuple[int, str]] = []
        self._next: tuple[tuple[str, ...], int | None] | None = ((), None)
        self._tight = False

    @property
    def text(self) -> str:
        """What is written so far."""
        return "".join(self._parts)

    def sections(self) -> tuple[Section, ...]:
        """Sections without gap or overlap over the text; the gap before one belongs to the one before it."""
        ends = [cut.start for cut in self._cuts[1:]] + [self._length]
        return tuple(Section(cut.start, end, cut.heading, cut.page) for cut, end in zip(self._cuts, ends, strict=True))

    def begin(self, heading: tuple[str, ...] = (), page: int | None = None) -> None:
        """The next block begins a section; nothing is written, and without a next block nothing comes of it."""
        self._next = (heading, page)

    def heading(self, level: int, heading: str) -> None:
        """Write a heading; it begins a section under the headings above it."""
        plain = one_line(heading)
        if plain:
            self._path = [(above, name) for above, name in self._path if above < level] + [(level, plain)]
            self.headings.append((level, plain))
            self.begin(tuple(name for _, name in self._path))
            self.add(plain)

    def add(self, block: str, *, tight: bool = False) -> None:
        """Write a block; a tight one follows a tight one on the next line, as the items of a list do."""
        if block.strip():
            self._separate("\n" if tight and self._tight and self._next is None else "\n\n")
            if self._next is not None:
                self._cuts.append(Section(self._length, 0, *self._next))
                self._next = None
            self._write(block)
            self._tight = tight

    def graft(self, document: Document, under: tuple[str, ...] = ()) -> None:
        """Write a whole document with its sections, their headings below `under`."""
        if document.text.strip():
            self._separate("\n\n")
            for section in document.sections:
                self._cuts.append(Section(self._length + section.start, 0, under + section.heading, section.page))
            self._write(document.text)
            self._next, self._tight = None, False

    def _separate(self, separator: str) -> None:
        if self._parts:
            self._write(separator)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown, its first row the header; empty rows and columns are left out."""
    clean = [[one_line(cell).replace("|", "\\|") for cell in row] for row in rows]
    clean = [row for row in clean if any(row)]
    width = max((len(row) for row in clean), default=0)
    padded = [row + [""] * (width - len(row)) for row in clean]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    lines = ["| " + " | ".join(row[column] for column in kept) + " |" for row in padded]
    return "\n".join([*lines[:1], "|" + " --- |" * len(kept), *lines[1:]]) if lines else ""
