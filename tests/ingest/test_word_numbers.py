"""Lists and headings of Word bear the numbers that Word shows; text boxes and macro files are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml

from ingest import reading
from ingest.formats.office.numbering import Numbering
from ingest.source import SourceFile
from tests.ingest.bundles import changed, word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def numbering(
    *levels: tuple[str, str], numbers: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
) -> Any:
    """Lists whose levels have these formats and patterns."""
    written = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (form, pattern) in enumerate(levels)
    )
    xml = f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{written}</w:abstractNum>{numbers}</w:numbering>'
    return Numbering(parse_xml(xml))


def test_clauses_of_contracts() -> None:
    """Levels count on under the one above, and start anew below the next; each has its own signs."""
    lists = numbering(("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("bullet", "*"))
    marks = [lists.mark("1", level) for level in (0, 1, 1, 2, 2, 3, 0, 1, 2)]
    assert marks == ["1.", "1.1", "1.2", "(a)", "(b)", "-", "2.", "2.1", "(a)"]


def test_a_level_without_one_above_counts_from_its_start() -> None:
    """A document may begin with a second level."""
    assert numbering(("upperRoman", "%1"), ("decimal", "%1.%2")).mark("1", 1) == "I.1"


def test_a_list_may_start_anew() -> None:
    """Two lists of one pattern go on counting, unless the second says where it starts."""
    plain = '<w:num w:numId="{}"><w:abstractNumId w:val="0"/>{}</w:num>'
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = numbering(("decimal", "%1)"), numbers=plain.format(1, "") + plain.format(2, "") + plain.format(3, anew))
    assert [lists.mark(number, 0) for number in "11233"] == ["1)", "2)", "3)", "5)", "6)"]


@pytest.mark.parametrize(
    ("form", "count", "mark"),
    [("lowerLetter", 28, "bb"), ("upperLetter", 2, "B"), ("lowerRoman", 14, "xiv"), ("decimalZero", 3, "3")],
)
def test_numerals(form: str, count: int, mark: str) -> None:
    """Letters double after z, as Word has them; unknown forms are figures."""
    lists = numbering((form, "%1"))
    assert [lists.mark("1", 0) for _ in range(count)][-1] == mark


def test_what_is_no_list_has_no_mark() -> None:
    """Number 0 takes a paragraph out of its list; an unknown level is a bullet."""
    lists = numbering(("none", ""), ("decimal", "%1.%2"))
    assert [lists.mark("0", 0), lists.mark("1", 0), lists.mark("1", 7), lists.mark("1", 99)] == ["", "", "-", ""]
    assert Numbering(None).mark("1", 0) == ""


def test_text_boxes_are_read_once_and_macro_files_too() -> None:
    """A box is stored twice, for new programs and for old ones; it is read after the paragraph that it hangs on."""
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    drawn = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )

    def fill(document: Any) -> None:
        document.add_paragraph("Before.")._p.append(parse_xml(f"<w:r {W}>{drawn}</w:r>"))
        document.add_paragraph("After.")

    content = changed(
        word(fill),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    document = reading.load(SourceFile("a.docm", Path("a.docm"), content))
    assert document.text == "Before.\n\nIn the box.\n\nAfter."
