"""Tables as text, with commas, semicolons, tabs or bars between the cells: a line a row, values beside their names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from core.domain import Document, Section
from core.errors import RefusedDocument
from ingest.formats import tabular
from ingest.formats.decoding import decode
from ingest.source import SourceFile

SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
DOC = "tables with any usual separator: each row with the names of its columns, so that it makes sense alone"
_SEPARATORS = ",;\t|"
_SAMPLE = 64_000
_SAMPLED_ROWS = 50
_LONGEST_CELL = 1_000_000
_ROWS_BETWEEN_SIGNS = 10_000


def load(file: SourceFile) -> Document:
    """An empty line between rows, so that none is torn apart."""
    table = decode(file.content)
    separator = "\t" if file.suffix in {".tsv", ".tab"} else _separator(table)
    text = "\n\n".join(tabular.lines(_rows(file, table, separator)))
    if not text:
        raise RefusedDocument("no_text", "the table holds no text")
    return Document(file.source, file.stem, text, (Section(0, len(text)),), tables=1)


def _rows(file: SourceFile, table: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(table, newline=""), delimiter=separator)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for number, row in enumerate(reader, 1):
            if number % _ROWS_BETWEEN_SIGNS == 0:
                file.alive()
            yield row
    except csv.Error as error:
        raise RefusedDocument("corrupt", f"line {reader.line_num} is not a row of a table: {error}") from error


def _separator(table: str) -> str:
    """What cuts the first rows into the most cells, of equal number in each; Python's own sniffer fails too often."""
    return max(_SEPARATORS, key=lambda separator: _fit(table, separator))


def _fit(table: str, separator: str) -> tuple[float, int]:
    reader = csv.reader(StringIO(table[:_SAMPLE], newline=""), delimiter=separator)
    widths = []
    try:
        for row in reader:
            widths.append(len(row))
            if len(widths) > _SAMPLED_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    widths = [width for width in (widths[:-1] if len(table) > _SAMPLE else widths) if width]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual
