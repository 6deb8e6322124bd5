"""PDF: paragraphs in reading order with their pages, headings and tables; scans by OCR. One thread at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats.pdf.concealed import parted
from ingest.formats.pdf.headings import Entry
from ingest.formats.pdf.lines import lines_of
from ingest.formats.pdf.matter import matter_of
from ingest.formats.pdf.ruled import tables_of
from ingest.formats.pdf.scans import Scans
from ingest.formats.pdf.writing import Sheet, Writer
from ingest.source import SourceFile

SUFFIXES = frozenset({".pdf"})
DOC = "PDF with page numbers, columns, headings and ruled tables; scans by OCR where Tesseract is installed"
_one_at_a_time = Lock()  # PDFium is not safe to use from two threads
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_END = re.compile(rb"%%EOF|startxref\s+\d+")
_NO_TITLE = re.compile(
    r"untitled.*|\(?(?:anonymous|unspecified)\)?|.*\.(?:docx?|indd|qxd|tex|dvi|pdf|odt|rtf|pptx?)", re.I
)
_MOST_ENTRIES = 5000  # of the outline


def recognise(content: bytes) -> bool:
    """Whether these bytes begin as a PDF does."""
    return content.startswith(b"%PDF-")


def load(file: SourceFile) -> Document:
    """Pages one after another, an empty line between paragraphs; a section or more a page."""
    if b"%PDF-" not in file.content[:1024]:
        raise RefusedDocument("corrupt", "it is not a PDF, although its name says so")
    if not _END.search(file.content.rstrip(b"\0\r\n ")[-2048:]):
        raise RefusedDocument("cut_off", "the PDF is cut off: its end is missing; get the file again")
    scans = Scans(file)
    with _one_at_a_time:
        sheets, hidden, outline, title = _read(file, scans)
    writer = Writer(sheets, outline)
    written = writer.write()
    if not written.text.strip():
        raise scans.refusal()
    return Document(
        file.source,
        title or writer.title or file.stem,
        written.text,
        written.sections(),
        pages=len(sheets),
        meta={"recognised_pages": ", ".join(map(str, scans.read))} if scans.read else {},
        tables=written.tables,
        empty_pages=tuple(writer.empty_pages),
        hidden=tuple(dict.fromkeys(hidden)),
    )


def _read(file: SourceFile, scans: Scans) -> tuple[list[Sheet], list[str], list[Entry], str]:
    """Each page, what is hidden on them, the outline and the title."""
    from pypdfium2 import PdfDocument, PdfiumError

    hidden: list[str] = []
    try:
        document = PdfDocument(file.content)
        try:
            sheets = []
            for number in range(len(document)):
                sheets.append(_sheet(document[number], number + 1, scans, hidden))
                file.alive()
            return sheets, hidden, list(_outline(document)), _title(document)
        finally:
            document.close()
    except PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise RefusedDocument("encrypted", "the PDF is encrypted: it opens only with a password") from error
        raise RefusedDocument("corrupt", "the PDF is damaged and can't be read") from error


def _sheet(page: Any, number: int, scans: Scans, hidden: list[str]) -> Sheet:
    try:
        matter = matter_of(page)
        runs, unseen = parted(matter)
        hidden += unseen
        tables, rest = tables_of(matter.drawing.rules, [run for run in runs if run.upright])
        lines = sorted([*lines_of(rest), *tables], key=lambda line: (line.box.top, line.box.x0))
        aslant = [run.text for run in runs if not run.upright]
        recognised = "" if runs else scans.text_of(page, matter, number)
        return Sheet(lines, [" ".join(aslant)] if aslant else [], recognised)
    finally:
        page.close()


def _outline(document: Any) -> Iterator[Entry]:
    for count, bookmark in enumerate(document.get_toc()):
        if count == _MOST_ENTRIES:
            return
        aim = bookmark.get_dest()
        page = aim.get_index() if aim is not None else None
        title = _words(bookmark.get_title)
        if page is not None and title:
            yield Entry(bookmark.level + 1, title, page)


def _title(document: Any) -> str:
    title = _words(lambda: document.get_metadata_value("Title")).removeprefix("Microsoft Word - ")
    return "" if _NO_TITLE.fullmatch(title) else title


def _words(ask: Callable[[], str]) -> str:
    """What PDFium tells on a line; nothing where it is no text."""
    try:
        return " ".join((ask() or "").split())
    except UnicodeDecodeError:
        return ""
