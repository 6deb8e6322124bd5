"""Prints how passages were found: a table where there is a terminal, two lines each where it is narrow, plain columns
in a pipe.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.command import terminal

if TYPE_CHECKING:
    from core.domain import Trace
    from ui.trace import Row

HEADER = ("", "kept", "score", "by words", "by meaning", "sentence", "document")
NUMERIC = 6  # the columns before the document
NARROW = 80  # characters of a terminal's line below which there is no table


def say_trace(trace: Trace, rows: Sequence[Row]) -> None:
    """What was searched for and where, every candidate with what became of it, and whether it was enough."""
    from ui.trace import TITLE, facts, rest

    terminal.say(f"\n{TITLE}")
    for name, text in facts(trace):
        terminal.say(f"  {name:<13} {terminal.one_line(text, 300)}")
    if not rows:
        terminal.say("  Nothing was found.")
        return
    terminal.say()
    if not sys.stdout.isatty():
        _columns([_cells(row) for row in rows])
    elif shutil.get_terminal_size().columns < NARROW:
        _lines(rows)
    else:
        _draw([_cells(row) for row in rows])
    if more := rest(trace):
        terminal.say(f"  {more}")


def _cells(row: Row) -> tuple[str, ...]:
    document = row.source if row.document == row.source else f"{row.document} ({row.source})"
    fate = "" if row.mark and row.kept else f": {row.fate}"
    return (
        str(row.place),
        row.mark or ("yes" if row.kept else "no"),
        row.score,
        row.words or "-",
        row.meaning or "-",
        row.sentence or "-",
        terminal.one_line(document, 300) + terminal.one_line(fate, 200),
    )


def _draw(table: Sequence[Sequence[str]]) -> None:
    """A table as wide as the terminal; text of documents is no markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=True, padding=(0, 1), collapse_padding=True, header_style="")
    for index, name in enumerate(HEADER):
        last = index == NUMERIC
        drawn.add_column(name, justify="left" if last or index == 1 else "right", no_wrap=not last, overflow="fold")
    for cells in table:
        drawn.add_row(*(Text(cell) for cell in cells))
    Console(no_color=True, highlight=False).print(drawn)


def _lines(rows: Sequence[Row]) -> None:
    """Each candidate on two lines or more, for a terminal too narrow for a table."""
    width = shutil.get_terminal_size().columns
    for row in rows:
        head = f"{row.place}. {row.mark or f'({row.fate})'} {row.document}"
        sentence = f"; nearest sentence {row.sentence}" if row.sentence else ""
        for text, indent in ((head, "  "), (f"score {row.score}: {row.found_by}{sentence}", "     ")):
            plain = " ".join(terminal.clean(text).split())
            terminal.say(textwrap.fill(plain, width, initial_indent=indent, subsequent_indent="     "))


def _columns(table: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in (HEADER, *table)) for column in range(NUMERIC)]
    for row in (HEADER, *table):
        cells = [
            cell.ljust(width) if i == 1 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        terminal.say("  " + "  ".join((*cells, row[NUMERIC])).rstrip())
