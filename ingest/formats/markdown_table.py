"""A table as Markdown writes it, from rows of cells; its first row is its head."""

from collections.abc import Iterable, Sequence


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """A line a row; empty rows and columns are left out, line ends within a cell become spaces."""
    clean = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    clean = [row for row in clean if any(row)]
    width = max((len(row) for row in clean), default=0)
    padded = [row + [""] * (width - len(row)) for row in clean]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    lines = ["| " + " | ".join(row[column] for column in kept) + " |" for row in padded]
    if not lines:
        return ""
    return "\n".join([lines[0], "|" + " --- |" * len(kept), *lines[1:]])
