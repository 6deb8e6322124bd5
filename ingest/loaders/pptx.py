"""Presentations: a section a slide, its shapes in the order they are read, then the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.domain import Document
from ingest.formats.manuscript import Manuscript
from ingest.formats.markdown_table import markdown_table
from ingest.formats.office import files
from ingest.source import SourceFile

SUFFIXES = frozenset({".pptx", ".pptm"})
DOC = "presentations with slide numbers, titles, tables and speaker notes; hidden slides and shapes are kept apart"
_LINE_EMU = 228_600  # a quarter of an inch: shapes whose tops differ by less stand on one line
_SMALLEST_PT = 1
_REPEATED = {"DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"}


def recognise(content: bytes) -> bool:
    """Whether this is a presentation, be it of the old kind that is refused."""
    return files.kind(content) == "pptx"


def load(file: SourceFile) -> Document:
    """Slides one after another; the number of a slide is its page."""
    stream = files.checked(file.content, "pptx")
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    with files.damage_refused(PythonPptxError):
        deck = Presentation(stream)
        reader = _Reader(int(deck.slide_width or 0), int(deck.slide_height or 0))
        for number, slide in enumerate(deck.slides, 1):
            reader.read(number, slide)
            file.alive()
        title = files.own_title(deck.core_properties.title)
    return Document(
        file.source,
        title or reader.title or file.stem,
        reader.written.text,
        reader.written.sections(),
        pages=len(deck.slides),
        tables=reader.written.tables,
        empty_pages=tuple(reader.empty),
        hidden=tuple(reader.hidden),
    )


class _Reader:
    """Writes slides and puts aside what their audience does not see."""

    def __init__(self, width: int, height: int) -> None:
        self.written = Manuscript()
        self.title = ""  # of the first slide that has one
        self.empty: list[int] = []
        self.hidden: list[str] = []
        self._width, self._height = width, height

    def read(self, number: int, slide: Any) -> None:
        """Write one slide, unless it is hidden."""
        found = [block for block in self._blocks(slide) if block.strip()]
        if slide._element.get("show") in {"0", "false"}:
            self.hidden.extend(found)
            found = []
        if not found:
            self.empty.append(number)
            return
        title = "" if slide.shapes.title is None else " ".join(slide.shapes.title.text_frame.text.split())
        self.title = self.title or title
        self.written.turn_to(number)
        self.written.place(1, title or f"Slide {number}")
        for block in found:
            self.written.block(block, table=block.startswith("| "))

    def _blocks(self, slide: Any) -> Iterator[str]:
        title = slide.shapes.title
        if title is not None:
            yield " ".join(self._seen(title).split())
        for shape in self._flat(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                yield self._seen(shape)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.strip()
            yield f"Notes: {notes}" if notes else ""

    def _flat(self, shapes: Iterable[Any]) -> Iterator[Any]:
        """Shapes line by line from the left; those of a group stay together. Repeated ones are left out."""
        for shape in sorted(shapes, key=lambda s: ((s.top or 0) // _LINE_EMU, s.left or 0)):
            if shape.is_placeholder and shape.placeholder_format.type.name in _REPEATED:
                continue
            if shape.shape_type is not None and shape.shape_type.name == "GROUP":
                yield from self._flat(shape.shapes)
            else:
                yield shape

    def _seen(self, shape: Any) -> str:
        """The text of a shape, if it shows."""
        if getattr(shape, "has_table", False):
            return markdown_table(
                ["" if cell.is_spanned else cell.text for cell in row.cells] for row in shape.table.rows
            )
        if not shape.has_text_frame:
            return ""
        paragraphs = list(shape.text_frame.paragraphs)
        if self._is_aside(shape):
            self._put_aside("\n".join(paragraph.text for paragraph in paragraphs))
            return ""
        self._put_aside("\n".join(run.text for paragraph in paragraphs for run in paragraph.runs if _is_tiny(run)))
        lines = [(paragraph.level, _line(paragraph)) for paragraph in paragraphs]
        return "\n".join("  " * level + ("- " if level else "") + line for level, line in lines if line.strip())

    def _put_aside(self, text: str) -> None:
        if text.strip():
            self.hidden.append(text.strip())

    def _is_aside(self, shape: Any) -> bool:
        """Whether a shape is marked hidden or lies wholly beside the slide."""
        if any(marks.get("hidden") in {"1", "true"} for marks in shape._element.iter("{*}cNvPr")):
            return True
        if None in (shape.left, shape.top, shape.width, shape.height) or not self._width:
            return False
        inside_across = shape.left < self._width and shape.left + shape.width > 0
        inside_down = shape.top < self._height and shape.top + shape.height > 0
        return not (inside_across and inside_down)


def _line(paragraph: Any) -> str:
    """A paragraph's text with its line breaks, without its tiny runs."""
    if any(map(_is_tiny, paragraph.runs)):
        return "".join(run.text for run in paragraph.runs if not _is_tiny(run))
    return str(paragraph.text).replace("\v", "\n")


def _is_tiny(run: Any) -> bool:
    return bool(run.font.size is not None and run.font.size.pt <= _SMALLEST_PT)
