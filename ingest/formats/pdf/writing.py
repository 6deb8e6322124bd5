"""The lines of all pages as one text: paragraphs in reading order, headings, tables, a section or more a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.formats.manuscript import Manuscript
from ingest.formats.pdf.columns import in_reading_order
from ingest.formats.pdf.furniture import without_furniture
from ingest.formats.pdf.headings import Entry, Headings, is_titled
from ingest.formats.pdf.lines import Line
from ingest.formats.pdf.paragraphs import Paragraph, bare, paragraphs_of, rejoined


@dataclass(slots=True)
class Sheet:
    """A page as far as it was read."""

    lines: list[Line] = field(default_factory=list)  # from the top, tables among them
    aslant: list[str] = field(default_factory=list)  # what runs in another direction than the page
    recognised: str = ""  # what was read in its picture


class Writer:
    """Writes the pages of one document."""

    def __init__(self, sheets: Sequence[Sheet], outline: Sequence[Entry]) -> None:
        """Find what can only be known of the document as a whole: furniture, broken words, how headings look."""
        self._sheets = sheets
        self._outline = outline
        known = frozenset(bare(word) for sheet in sheets for line in sheet.lines for word in line.text.split())
        pages = without_furniture([sheet.lines for sheet in sheets])
        self._pages = [
            rejoined((paragraphs_of(stretch, known) for stretch in in_reading_order(lines)), known) for lines in pages
        ]
        self._headings = Headings(self._pages)
        self._deepest = max((entry.level for entry in outline), default=0)
        self.written = Manuscript()
        self.empty_pages: list[int] = []
        self.title = ""  # the first heading of the first page

    def write(self) -> Manuscript:
        """All pages, one after another."""
        for number, (sheet, paragraphs) in enumerate(zip(self._sheets, self._pages, strict=True), 1):
            before = len(self.written.text)
            self.written.turn_to(number)
            self._page(number, paragraphs)
            for text in (*sheet.aslant, *sheet.recognised.split("\n\n")):
                self.written.block(text)
            if len(self.written.text) == before:
                self.empty_pages.append(number)
            if number == 1 and self.written.headings:
                self.title = self.written.headings[0][1]
        return self.written

    def _page(self, number: int, paragraphs: Sequence[Paragraph]) -> None:
        named = self._named(number, paragraphs)
        for place, paragraph in enumerate(paragraphs):
            level = named[place] if place in named else self._headings.level(paragraph)
            if level:
                below = 0 if place in named else self._deepest
                self.written.heading(below + level, paragraph.text)
            else:
                self.written.block(paragraph.text, table=paragraph.table)

    def _named(self, number: int, paragraphs: Sequence[Paragraph]) -> dict[int, int]:
        """The levels of the paragraphs that the outline names; on a page without text they begin with it."""
        named: dict[int, int] = {}
        for entry in self._outline:
            if entry.page != number - 1:
                continue
            titled = [p for p, paragraph in enumerate(paragraphs) if is_titled(paragraph, entry.title)]
            free = [place for place in titled if place not in named]
            if free:  # the largest: a running head may say the same
                named[max(free, key=lambda place: (paragraphs[place].size, -place))] = entry.level
            elif not paragraphs:  # a scan, whose place on the page can't be found
                self.written.place(entry.level, entry.title)
        return named
