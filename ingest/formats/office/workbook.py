"""A workbook opened by openpyxl: its sheets, shared texts and formats; the rows are read by `sheet.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import IO, Any

from ingest.formats.office import files


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of cells."""

    name: str
    path: str  # of its member in the archive
    visible: bool


class Workbook:
    """What is the same for all sheets of a workbook."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read all but the sheets, which may be large."""
        from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]
        from openpyxl.styles.stylesheet import apply_stylesheet  # type: ignore[import-untyped]

        reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        reader.read_properties()
        apply_stylesheet(reader.archive, reader.wb)
        self._reader = reader
        self.texts: list[str] = reader.shared_strings
        self.title = files.own_title(reader.wb.properties.title)
        self.epoch: datetime = reader.wb.epoch
        self.sheets = tuple(
            Sheet(sheet.name, relation.target, sheet.state == "visible")
            for sheet, relation in reader.parser.find_sheets()
            if "chartsheet" not in relation.Type and relation.target in reader.valid_files
        )

    def open(self, sheet: Sheet) -> IO[bytes]:
        """The XML of a sheet."""
        stream: IO[bytes] = self._reader.archive.open(sheet.path)
        return stream

    def styled(self, style: int) -> Any:
        """A cell of this style, to ask for its font, fill and number format."""
        from openpyxl.cell.read_only import ReadOnlyCell  # type: ignore[import-untyped]

        return ReadOnlyCell(SimpleNamespace(parent=self._reader.wb), 1, 1, None, style_id=style)
