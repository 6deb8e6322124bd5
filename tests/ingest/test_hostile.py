"""Files that are meant to exhaust or confuse their reader, read in the sandbox: none harms the parent or the next."""

from collections.abc import Callable, Iterator

import pytest

from ingest.sandbox.pool import Failure, Limits, Sandbox
from tests.ingest import hostile

LIMITS = Limits(memory_bytes=500_000_000, seconds=60, cpu_seconds=5, total_seconds=120, output_bytes=50_000_000)

# What can't be meant well: read, it would fill the memory or never end.
BOMBS: dict[str, Callable[[], bytes]] = {
    "loop_of_pages.pdf": lambda: hostile.pdf_of_pages(b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    "deep_pages.pdf": lambda: hostile.pdf_of_nested_pages(20_000),
    "billion_pages.pdf": lambda: hostile.pdf_of_pages(b"<< /Type /Pages /Kids [] /Count 2000000000 >>"),
    "deep_arrays.pdf": lambda: hostile.pdf_of_pages(b"[" * 500_000),
    "nested_forms.pdf": lambda: hostile.pdf_of_nested_forms(10),
    "inflating.pdf": lambda: hostile.pdf_of_stream(b"q 1 0 0 1 0 0 cm Q\n" * 10_000, 3000),
    "laughs.docx": lambda: hostile.office(
        "docx", hostile.LAUGHS + hostile.WORD % b"<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>"
    ),
    "laughs.xlsx": lambda: hostile.office("xlsx", hostile.LAUGHS + b"<workbook>&l11;</workbook>"),
    "laughs.pptx": lambda: hostile.office("pptx", hostile.LAUGHS + b"<presentation>&l11;</presentation>"),
    "laughs.epub": lambda: hostile.epub(hostile.LAUGHS + b"<package>&l11;</package>"),
    "inflating.docx": lambda: hostile.office("docx", hostile.WORD % (b" " * 60_000_000)),
    "inflating.xlsx": lambda: hostile.office("xlsx", b" " * 60_000_000),
    "inflating.epub": lambda: hostile.epub(b" " * 60_000_000),
    "understated.docx": lambda: hostile.understated(hostile.office("docx", hostile.WORD % (b" " * 60_000_000)), 1000),
    "many_members.docx": lambda: hostile.archive({f"{number}": b"" for number in range(50_000)}),
    "picture.png": lambda: hostile.png(30_000, 30_000),
}
# What is only strange: it may be read, refused or given up, as long as the rest goes on.
STRANGE: dict[str, Callable[[], bytes]] = {
    "much_drawing.pdf": lambda: hostile.pdf_of_stream(b"BT /F1 1 Tf " + b"1 0 Td (a) Tj " * 300_000 + b"ET"),
    "deep.html": lambda: b"<html><body>" + b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000,
    "deep_lists.html": lambda: b"<html><body>" + b"<ul><li>" * 50_000 + b"deep",
    "deep_tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 20_000 + b"deep",
    "wide_table.html": lambda: (
        b"<table>" + b"<tr><td colspan=100000000 rowspan=100000000>x</td></tr>" * 100 + b"</table>"
    ),
    "many_rules.html": lambda: (
        b"<html><style>"
        + b"".join(b".a%d b > c ~ d{display:none}" % n for n in range(20_000))
        + b"</style><body>"
        + b"<p class=a1>word " * 20_000
    ),
    "unclosed.html": lambda: b"<html><body>" + b"<a href='" * 200_000 + b"<" * 200_000,
    "one_line.txt": lambda: b"x" * 40_000_000,
    "one_line.md": lambda: b"# " + b"x" * 20_000_000,
    "deep_quotes.md": lambda: b"> " * 100_000 + b"deep",
    "brackets.md": lambda: b"# t\n" + b"[" * 100_000 + b"](" * 100_000,
    "emphasis.md": lambda: b"# t\n" + b"*a **b " * 100_000,
    "fences.md": lambda: b"```\n~~~\n" * 200_000,
    "deep.json": lambda: b"[" * 1_000_000 + b"]" * 1_000_000,
    "long_number.json": lambda: b'{"a": ' + b"9" * 5_000_000 + b"}",
    "wide.csv": lambda: b",".join([b"a"] * 500_000) + b"\n" + b"1,2\n" * 1000,
    "laughs.xml": lambda: hostile.LAUGHS + b"<r>&l11;</r>",
    "laughs.xhtml": lambda: hostile.LAUGHS + b"<html><body>&l11;</body></html>",
    "deep.docx": lambda: hostile.office("docx", hostile.WORD % (b"<w:tbl><w:tr><w:tc>" * 50_000)),
    "nested_parts.eml": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
    ),
    "null.py": lambda: b"\0" * 1_000_000,
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox[tuple[str, bytes]]]:
    """One sandbox for all these files, as a run over a folder has it."""
    with Sandbox(hostile.outcome, limits=LIMITS) as opened:
        yield opened


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_given_up(sandbox: Sandbox[tuple[str, bytes]], name: str) -> None:
    """A file that would fill the memory or never end is turned away by name, and the next file is read."""
    (_, bomb), (_, after) = sandbox.map([(name, BOMBS[name]()), ("after.txt", b"A sound file.")])
    assert isinstance(bomb, Failure) or bomb != b"read"
    assert after == b"read"


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_harms_no_other(sandbox: Sandbox[tuple[str, bytes]], name: str) -> None:
    """A file of absurd shape comes to an end within the limits, whatever it is, and the next file is read."""
    (_, strange), (_, after) = sandbox.map([(name, STRANGE[name]()), ("after.txt", b"A sound file.")])
    assert isinstance(strange, Failure) or strange
    assert after == b"read"
