"""A text as a loader writes it: blocks with an empty line between them, headings and pages noted where they begin."""

from __future__ import annotations

from core.domain import Section

_GAP = "\n\n"


class Manuscript:
    """Grows block by block; knows the heading path and the page of each stretch, and so its sections."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.headings: list[tuple[int, str]] = []  # level and words of each that was written, in order
        self.tables = 0  # how many blocks were tables
        self._parts: list[str] = []
        self._length = 0
        self._path: list[tuple[int, str]] = []
        self._page: int | None = None
        self._cuts: list[Section] = [Section(0, 0)]  # where each section starts; ends are known at the end

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    def turn_to(self, page: int) -> None:
        """Begin a page; the headings above go on to hold."""
        self._page = page
        self._cut()

    def heading(self, level: int, words: str) -> None:
        """Write a heading on a line of its own: a section begins with it."""
        line = " ".join(words.split())
        if line:
            self.place(level, line)
            self.headings.append((level, line))
            self.block(line)

    def place(self, level: int, words: str) -> None:
        """Begin a section under a heading that is not written here, such as one that only the outline tells."""
        self._path = [(above, name) for above, name in self._path if above < level] + [(level, words)]
        self._cut()

    def block(self, text: str, *, table: bool = False) -> None:
        """Write a block: a paragraph, a list, a table."""
        if not text.strip():
            return
        for part in (_GAP, text) if self._parts else (text,):
            self._parts.append(part)
            self._length += len(part)
        self.tables += table

    def sections(self) -> tuple[Section, ...]:
        """The sections, covering the text; the gap before a section belongs to the one before it."""
        ends = [cut.start for cut in self._cuts[1:]] + [self._length]
        pairs = zip(self._cuts, ends, strict=True)
        kept = [Section(cut.start, min(end, self._length), cut.heading, cut.page) for cut, end in pairs]
        return tuple(section for section in kept if section.start < section.end)

    def _cut(self) -> None:
        start = self._length + (len(_GAP) if self._parts else 0)
        self._cuts.append(Section(start, start, tuple(name for _, name in self._path), self._page))
