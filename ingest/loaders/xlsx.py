"""Spreadsheets: a section a sheet, a line a row with the names of its columns. Hidden cells are kept apart."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.domain import Document
from core.errors import RefusedDocument
from ingest import archives, tabular
from ingest.manuscript import Manuscript
from ingest.office import files
from ingest.office.cells import is_unseen, shown
from ingest.source import SourceFile

SUFFIXES = frozenset({".xlsx", ".xlsm"})
DOC = (
    "spreadsheets: each row with the names of its columns, sheet by sheet; hidden sheets, rows, columns are kept apart"
)
_MOST_CELLS = 3_000_000  # with anything in them, of a workbook
_ROWS_BETWEEN_SIGNS = 2_000
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']|\s(?:ht|width)=["']0(?:\.0+)?["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_NUMBERS = re.compile(rb"""\s(r|min|max)=["'](\d{1,7})["']""")
_LAST_COLUMN = 16_384


def recognise(content: bytes) -> bool:
    """Whether this is a spreadsheet, be it of the old kind that is refused."""
    return files.kind(content) == "xlsx"


def load(file: SourceFile) -> Document:
    """Visible sheets one after another; the number of a sheet is its page."""
    stream = files.checked(file.content, "xlsx")
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    with warnings.catch_warnings(), files.damage_refused(InvalidFileException):
        warnings.simplefilter("ignore")  # of what the library leaves out, such as pictures and drop-down lists
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            return _read(file, book)
        finally:
            book.close()


def _read(file: SourceFile, book: Any) -> Document:
    written = Manuscript()
    hidden: list[str] = []
    empty: list[int] = []
    cells = _Cells(file)
    for number, sheet in enumerate(book.worksheets, 1):
        found = _Sheet(_veil(book, sheet))
        rows = "\n\n".join(tabular.lines(cells.rows(sheet, found)))
        if sheet.sheet_state != "visible":
            found.unseen.append(rows)
            rows = ""
        hidden.extend(text for text in ("\n".join(filter(None, found.unseen)),) if text)
        if not rows:
            empty.append(number)
            continue
        written.turn_to(number)
        written.place(1, sheet.title)
        written.block(rows, table=True)
    title = files.own_title(book.properties.title)
    return Document(
        file.source,
        title or file.stem,
        written.text,
        written.sections(),
        pages=len(book.worksheets),
        tables=written.tables,
        empty_pages=tuple(empty),
        hidden=tuple(hidden),
    )


@dataclass(frozen=True, slots=True)
class _Veil:
    """The rows and columns that a sheet hides."""

    rows: frozenset[int]
    columns: frozenset[int]


@dataclass(slots=True)
class _Sheet:
    """What is hidden on a sheet: where, and the text found there."""

    veil: _Veil
    unseen: list[str] = field(default_factory=list)


class _Cells:
    """Reads the rows of a workbook's sheets and counts their cells."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._left = _MOST_CELLS

    def rows(self, sheet: Any, found: _Sheet) -> Iterator[list[str]]:
        """The shown text of each row's cells; what is unseen is put aside."""
        sheet.reset_dimensions()  # what a sheet says of its own size may be a million rows too much
        for number, row in enumerate(sheet.rows, 1):
            if number % _ROWS_BETWEEN_SIGNS == 0:
                self._file.alive()
            texts, unseen = [], []
            for column, cell in enumerate(row, 1):
                text = "" if cell.value is None else shown(cell.value, cell.number_format)
                hides = number in found.veil.rows or column in found.veil.columns or (text and is_unseen(cell))
                texts.append("" if hides else text)
                unseen.extend([text] if hides and text else [])
            self._count(row)
            if unseen:
                found.unseen.append(" | ".join(unseen))
            yield texts

    def _count(self, row: Any) -> None:
        self._left -= len(row)
        if self._left < 0:
            raise RefusedDocument("too_large", f"it has more than {_MOST_CELLS:,} cells: split it or save it as CSV")


def _veil(book: Any, sheet: Any) -> _Veil:
    """Reading row by row, the library doesn't tell what is hidden: it stands in the sheet's XML."""
    markup = archives.read_member(book._archive, sheet._worksheet_path)
    rows = (dict(_NUMBERS.findall(match[1])) for match in _ROW.finditer(markup) if _HIDDEN.search(match[1]))
    columns = (dict(_NUMBERS.findall(match[1])) for match in _COLUMN.finditer(markup) if _HIDDEN.search(match[1]))
    return _Veil(
        frozenset(int(row[b"r"]) for row in rows if b"r" in row),
        frozenset(
            number
            for column in columns
            if b"min" in column and b"max" in column
            for number in range(int(column[b"min"]), min(int(column[b"max"]), _LAST_COLUMN) + 1)
        ),
    )
