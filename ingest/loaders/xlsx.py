"""Spreadsheets: a section a sheet, a line a row with the names of its columns. Hidden cells are kept apart."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats import tabular
from ingest.formats.manuscript import Manuscript
from ingest.formats.office import files
from ingest.formats.office.cells import Cells
from ingest.formats.office.sheet import Raw, rows
from ingest.formats.office.workbook import Sheet, Workbook
from ingest.source import SourceFile

SUFFIXES = frozenset({".xlsx", ".xlsm"})
DOC = (
    "spreadsheets: each row with the names of its columns, sheet by sheet; hidden sheets, rows, columns are kept apart"
)
_MOST_CELLS = 1_000_000  # with anything in them, of a workbook: about what is read in the time that a file is given
_ROWS_BETWEEN_SIGNS = 2_000
_WIDEST = 2_000  # columns; a sheet may claim sixteen thousand in every row


def recognise(content: bytes) -> bool:
    """Whether this is a spreadsheet, be it of the old kind that is refused."""
    return files.kind(content) == "xlsx"


def load(file: SourceFile) -> Document:
    """Visible sheets one after another; the number of a sheet is its page."""
    stream = files.checked(file.content, "xlsx")
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    with warnings.catch_warnings(), files.damage_refused(InvalidFileException):
        warnings.simplefilter("ignore")  # of what the library leaves out, such as pictures and drop-down lists
        return _read(file, Workbook(stream))


def _read(file: SourceFile, book: Workbook) -> Document:
    reader = _Reader(file, book)
    written = Manuscript()
    empty: list[int] = []
    for number, sheet in enumerate(book.sheets, 1):
        text = reader.read(sheet)
        if not text:
            empty.append(number)
            continue
        written.turn_to(number)
        written.place(1, sheet.name)
        written.block(text, table=True)
    return Document(
        file.source,
        book.title or file.stem,
        written.text,
        written.sections(),
        pages=len(book.sheets),
        tables=written.tables,
        empty_pages=tuple(empty),
        hidden=tuple(reader.hidden),
    )


class _Reader:
    """Reads the sheets of a workbook and puts aside what they hide."""

    def __init__(self, file: SourceFile, book: Workbook) -> None:
        self.hidden: list[str] = []
        self._file = file
        self._book = book
        self._cells = Cells(book)
        self._left = _MOST_CELLS

    def read(self, sheet: Sheet) -> str:
        """A line for each row that shows, an empty line between them; nothing where the sheet is hidden."""
        unseen: list[str] = []
        text = "\n\n".join(tabular.lines(self._rows(sheet, unseen)))
        if not sheet.visible:
            unseen.append(text)
            text = ""
        self.hidden.extend(found for found in ("\n".join(filter(None, unseen)),) if found)
        return text

    def _rows(self, sheet: Sheet, unseen: list[str]) -> Iterator[list[str]]:
        with self._book.open(sheet) as stream:
            for number, row in enumerate(rows(stream), 1):
                if number % _ROWS_BETWEEN_SIGNS == 0:
                    self._file.alive()
                self._count(row)
                hides = [self._cells.is_unseen(cell) for cell in row]
                texts = [self._cells.text(cell) for cell in row]
                if any(hides):
                    unseen.append(" | ".join(text for text, hidden in zip(texts, hides, strict=True) if hidden))
                yield _placed(row, ["" if hidden else text for text, hidden in zip(texts, hides, strict=True)])

    def _count(self, row: list[Raw]) -> None:
        self._left -= len(row)
        if self._left < 0:
            raise RefusedDocument("too_large", f"it has more than {_MOST_CELLS:,} cells: split it or save it as CSV")


def _placed(row: list[Raw], texts: list[str]) -> list[str]:
    """The texts in their columns; a cell far out stands right after the last one near by."""
    width = max((cell.column for cell in row if cell.column <= _WIDEST), default=0)
    placed = [""] * width
    for cell, text in zip(row, texts, strict=True):
        if cell.column <= _WIDEST:
            placed[cell.column - 1] = text
    return [*placed, *(text for cell, text in zip(row, texts, strict=True) if cell.column > _WIDEST)]
