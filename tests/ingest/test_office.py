"""What comes out of Word, PowerPoint and Excel files, and which of them are refused."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from openpyxl.styles import Font, PatternFill
from pptx.util import Inches
from pptx.util import Pt as Points

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.source import SourceFile
from tests.ingest.bundles import bombed, changed, slides, word, workbook, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def loaded(name: str, content: bytes) -> Document:
    """The document in a file of this name and content."""
    return reading.load(SourceFile(name, Path(name), content))


def sections(document: Document) -> list[tuple[tuple[str, ...], int | None, str]]:
    """Heading path, page and text of each section."""
    return [(s.heading, s.page, document.text[s.start : s.end].strip()) for s in document.sections]


def paragraph(document: Any, inner: str, properties: str = "") -> None:
    """Write a paragraph out of its XML."""
    xml = f"<w:p {W}><w:pPr>{properties}</w:pPr>{inner}</w:p>"
    document.element.body.insert(len(document.element.body) - 1, parse_xml(xml))


# --- Word -------------------------------------------------------------------------------------------------------


def test_word_headings_paragraphs_lists_and_tables_in_order() -> None:
    """The body comes in its order; headings make the path, lists have their marks, tables are Markdown."""

    def fill(document: Any) -> None:
        document.add_heading("Handbook", 0)
        document.add_paragraph("Before.")
        document.add_heading("Travel", 1)
        document.add_paragraph("Book early.", style="List Number")
        document.add_paragraph("Keep receipts — always.", style="List Number")
        table = document.add_table(2, 2)
        for number, words in enumerate(["City", "Limit | night", "Paris", "150 €"]):
            table.cell(number // 2, number % 2).text = words
        document.add_heading("Rail", 2)
        document.add_paragraph("Second class.", style="List Bullet")

    document = loaded("a.docx", word(fill))
    assert document.title == "Handbook"
    assert document.tables == 1
    assert sections(document) == [
        (("Handbook",), None, "Handbook\n\nBefore."),
        (
            ("Handbook", "Travel"),
            None,
            "Travel\n\n1. Book early.\n2. Keep receipts — always.\n\n"
            "| City | Limit \\| night |\n| --- | --- |\n| Paris | 150 € |",
        ),
        (("Handbook", "Travel", "Rail"), None, "Rail\n\n- Second class."),
    ]


def test_word_text_that_nobody_sees_is_put_aside() -> None:
    """Hidden, white and tiny text is reported and kept out; white on a dark ground is text."""

    def fill(document: Any) -> None:
        line = document.add_paragraph("Seen. ")
        line.add_run("vanished").font.hidden = True
        line.add_run("white").font.color.rgb = RGBColor(255, 255, 254)
        line.add_run("tiny").font.size = Pt(1)
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "left"
        run = table.cell(0, 1).paragraphs[0].add_run("white on black")
        run.font.color.rgb = RGBColor(255, 255, 255)
        table.cell(0, 1)._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="000000"/>'))

    document = loaded("a.docx", word(fill))
    assert document.text == "Seen.\n\n| left | white on black |\n| --- | --- |"
    assert document.hidden == ("vanishedwhitetiny",)


def test_word_insertions_are_text_and_deletions_are_not() -> None:
    """Tracked changes read as if they were accepted; links, content controls and breaks are read through."""

    def fill(document: Any) -> None:
        paragraph(
            document,
            "<w:r><w:t>One </w:t></w:r><w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
            "<w:sdt><w:sdtContent><w:r><w:tab/><w:t>control</w:t><w:br/></w:r></w:sdtContent></w:sdt>"
            "<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>",
        )

    assert loaded("a.docx", word(fill)).text == "One new\tcontrol\nlink"


def test_word_outline_levels_and_numbered_headings() -> None:
    """A paragraph with an outline level is a heading, whatever its style is called."""

    def fill(document: Any) -> None:
        paragraph(document, "<w:r><w:t>Zweck</w:t></w:r>", '<w:outlineLvl w:val="0"/>')
        document.add_paragraph("Text.")

    document = loaded("a.docx", word(fill))
    assert document.title == "Zweck"
    assert sections(document) == [(("Zweck",), None, "Zweck\n\nText.")]


def test_word_footnotes_follow_their_paragraph() -> None:
    """A note is read where its mark stands, not at the end of the book."""
    note = (
        f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>The note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )

    def fill(document: Any) -> None:
        paragraph(document, '<w:r><w:t>Claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>')
        document.add_paragraph("Next.")

    content = changed(
        word(fill),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'footnotes" Target="footnotes.xml"/></Relationships>',
        ),
    )
    content = changed(
        content,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"</Types>",
            b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'wordprocessingml.footnotes+xml"/></Types>',
        ),
    )
    with ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = loaded("a.docx", zipped({**members, "word/footnotes.xml": note}))
    assert document.text == "Claim[1]\n\n[1] The note.\n\nNext."


def test_word_title_in_the_properties_comes_first() -> None:
    """What the properties call the document is its title, but for what Word fills in by itself."""
    assert loaded("a.docx", word(lambda d: d.add_heading("Shown", 1), "Own")).title == "Own"
    assert loaded("a.docx", word(lambda d: d.add_heading("Shown", 1), "Word Document")).title == "Shown"
    assert loaded("plan.docx", word(lambda d: d.add_paragraph("Text."))).title == "plan"


# --- PowerPoint -------------------------------------------------------------------------------------------------


def test_slides_are_pages_in_reading_order_with_notes() -> None:
    """A slide is a section with its number and title; shapes come from the top left, notes last."""

    def fill(deck: Any) -> None:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Results"
        for left, top, words in ((5, 3, "right"), (1, 5, "below"), (1, 3.05, "left")):
            slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = words
        grid = slide.shapes.add_table(2, 2, Inches(1), Inches(6), Inches(4), Inches(1)).table
        for number, words in enumerate(["Year", "Sum", "2024", "7"]):
            grid.cell(number // 2, number % 2).text = words
        slide.notes_slide.notes_text_frame.text = "Thank the team."
        deck.slides.add_slide(deck.slide_layouts[6])
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Outlook"

    document = loaded("a.pptx", slides(fill))
    assert (document.title, document.pages, document.empty_pages, document.tables) == ("Results", 3, (2,), 1)
    assert sections(document) == [
        (
            ("Results",),
            1,
            "Results\n\nleft\n\nright\n\nbelow\n\n| Year | Sum |\n| --- | --- |\n| 2024 | 7 |"
            "\n\nNotes: Thank the team.",
        ),
        (("Outlook",), 3, "Outlook"),
    ]


def test_what_the_audience_does_not_see_is_put_aside() -> None:
    """Hidden slides and shapes, those beside the slide, and text too small to read are reported, not kept."""

    def fill(deck: Any) -> None:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Seen"
        slide.shapes.add_textbox(Inches(40), 0, Inches(1), Inches(1)).text_frame.text = "beside"
        veiled = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
        veiled.text_frame.text = "veiled"
        veiled._element.nvSpPr.cNvPr.set("hidden", "1")
        tiny = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.paragraphs[0].add_run()
        tiny.text, tiny.font.size = "tiny", Points(1)
        secret = deck.slides.add_slide(deck.slide_layouts[5])
        secret.shapes.title.text = "Secret"
        secret._element.set("show", "0")

    document = loaded("a.pptx", slides(fill))
    assert document.text == "Seen"
    assert sorted(document.hidden) == ["Secret", "beside", "tiny", "veiled"]


# --- Excel ------------------------------------------------------------------------------------------------------


def test_rows_stand_with_their_headers() -> None:
    """Each row makes sense alone: names of columns, ISO dates, percentages, no trailing zeros; sheets are pages."""

    def fill(book: Any) -> None:
        sheet = book.active
        sheet.title = "Staff"
        sheet.append(["All staff"])
        sheet.append([])
        sheet.append(["Name", "Since", "Share", "Active"])
        sheet.append(["Müller", date(2020, 1, 2), 0.25, True])
        sheet.append(["Smith", datetime(2021, 5, 6, 7, 8), 3.0])
        sheet["C4"].number_format = "0%"
        book.create_sheet("Empty")
        book.create_sheet("More").append([1, 2])

    document = loaded("a.xlsx", workbook(fill))
    assert (document.title, document.pages, document.empty_pages, document.tables) == ("a", 3, (2,), 2)
    assert sections(document) == [
        (
            ("Staff",),
            1,
            "All staff\n\nName: Müller | Since: 2020-01-02 | Share: 25% | Active: TRUE\n\n"
            "Name: Smith | Since: 2021-05-06 07:08:00 | Share: 3",
        ),
        (("More",), 3, "1 | 2"),
    ]


def test_hidden_cells_are_put_aside() -> None:
    """Hidden sheets, rows and columns, white text and formats that show nothing are reported, not kept."""

    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["Name", "City", "Code"])
        sheet.append(["Smith", "Paris", "c1"])
        sheet.append(["row", "hidden", "c2"])
        sheet.append(["Jones", "white", "nothing"])
        sheet.append(["White on blue"])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet["B4"].font = Font(color="FFFFFFFF")
        sheet["A5"].font, sheet["A5"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF0000FF")
        sheet["C4"].number_format = ";;;"
        secret = book.create_sheet("Secret")
        secret.append(["never", "shown"])
        secret.sheet_state = "veryHidden"

    document = loaded("a.xlsx", workbook(fill))
    assert document.text == "Name: Smith | City: Paris\n\nName: Jones\n\nName: White on blue"
    assert document.hidden == ("Code\nc1\nrow | hidden | c2\nwhite | nothing", "never | shown")


def test_a_sheet_that_claims_to_be_huge_is_read_at_once() -> None:
    """Neither a claimed size nor a cell in the last row and column costs a pass over what is not there."""

    def fill(book: Any) -> None:
        book.active["A1"] = "near"
        book.active["XFD1048576"] = "far"

    content = changed(
        workbook(fill), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A1:XFD1048576", b"A1:XFD9999999")
    )
    assert loaded("a.xlsx", content).text == "near\n\nfar"


def test_a_long_sheet_is_read_whole() -> None:
    """Every one of many rows comes through."""

    def fill(book: Any) -> None:
        book.active.append(["Number", "Square"])
        for number in range(3000):
            book.active.append([number, number * number])

    document = loaded("a.xlsx", workbook(fill))
    assert document.text.count("\n\n") == 2999
    assert document.text.endswith("Number: 2999 | Square: 8994001")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit, lowered here, the refusal says what to do."""
    from ingest.loaders import xlsx

    monkeypatch.setattr(xlsx, "_MOST_CELLS", 3)
    with pytest.raises(RefusedDocument, match="save it as CSV") as refusal:
        loaded("a.xlsx", workbook(lambda book: book.active.append([1, 2, 3, 4])))
    assert refusal.value.code == "too_large"


# --- refusals ---------------------------------------------------------------------------------------------------

SOUND = {
    "docx": word(lambda document: document.add_paragraph("Text.")),
    "pptx": slides(lambda deck: deck.slides.add_slide(deck.slide_layouts[5])),
    "xlsx": workbook(lambda book: book.active.append(["Text", "more"])),
}
MAIN = {"docx": "_rels/.rels", "pptx": "_rels/.rels", "xlsx": "xl/workbook.xml"}
PARTS = {"docx": "word/document.xml", "pptx": "ppt/slides/slide1.xml", "xlsx": "xl/worksheets/sheet1.xml"}


def refused(name: str, content: bytes) -> str:
    """The code under which a file is refused."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(name, content)
    assert len(refusal.value.reason) > 10
    return refusal.value.code


@pytest.mark.parametrize("kind", SOUND)
def test_office_files_are_known_by_their_content(kind: str) -> None:
    """The name of a file doesn't matter."""
    assert reading.loader_of(SourceFile("a.txt", Path("a.txt"), SOUND[kind])) == kind


@pytest.mark.parametrize("kind", SOUND)
def test_cut_off_and_damaged_office_files_are_refused(kind: str) -> None:
    """At whatever byte the download broke, and whatever part is no XML, the refusal has a name."""
    content = SOUND[kind]
    assert refused(f"a.{kind}", content[: len(content) // 2]) == "cut_off"
    for part in (PARTS[kind], "[Content_Types].xml", MAIN[kind]):
        assert refused(f"a.{kind}", changed(content, part, lambda xml: xml[: len(xml) // 2])) == "corrupt"
        assert refused(f"a.{kind}", changed(content, part, lambda xml: b"")) == "corrupt"
    assert refused(f"a.{kind}", zipped({"[Content_Types].xml": "<Types/>"})) == "corrupt"


@pytest.mark.parametrize("kind", SOUND)
def test_xml_bombs_in_office_files_are_refused(kind: str) -> None:
    """Entities never get to a parser."""
    assert refused(f"a.{kind}", bombed(SOUND[kind], PARTS[kind])) == "bomb"


@pytest.mark.parametrize("kind", SOUND)
def test_members_that_lead_out_are_refused(kind: str) -> None:
    """Although nothing is written to disk, such a file is no honest document."""
    with ZipFile(BytesIO(SOUND[kind])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert refused(f"a.{kind}", zipped({**members, "../../evil": "x"})) == "bad_path"


@pytest.mark.parametrize(
    ("name", "stream", "code"),
    [
        ("a.doc", "WordDocument", "old_format"),
        ("a.xls", "Workbook", "old_format"),
        ("a.ppt", "PowerPoint Document", "old_format"),
        ("a.xlsx", "EncryptedPackage", "encrypted"),
    ],
)
def test_old_and_encrypted_office_files_are_refused(name: str, stream: str, code: str) -> None:
    """Formats from before 2007 and files with a password say what to do."""
    assert refused(name, OLE + stream.encode("utf-16-le") + bytes(100)) == code


def test_empty_office_files_hold_no_text() -> None:
    """A file of the right kind with nothing in it is told as such."""
    assert refused("a.docx", word(lambda document: None)) == "no_text"
    assert refused("a.pptx", slides(lambda deck: None)) == "no_text"
    assert refused("a.xlsx", workbook(lambda book: None)) == "no_text"
