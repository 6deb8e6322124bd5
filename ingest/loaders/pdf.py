"""PDF: the text of each page, with its number. What has no text is refused; a lock keeps PDFium to one thread."""

from __future__ import annotations

import re
from threading import Lock
from typing import Any

from core.domain import Document, Section
from core.errors import RefusedDocument
from ingest.source import SourceFile

SUFFIXES = frozenset({".pdf"})
DOC = "PDF with page numbers; cut off, encrypted and scanned files are refused"
_one_at_a_time = Lock()  # PDFium is not safe to use from two threads
_LINE_END_HYPHEN = re.compile("(?<=\\w)[\x02\ufffe]\\s*(?=\\w)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD


def recognise(content: bytes) -> bool:
    """Whether these bytes begin as a PDF does."""
    return content.startswith(b"%PDF-")


def load(file: SourceFile) -> Document:
    """Pages one after another, an empty line between them; a section a page."""
    if b"%PDF-" not in file.content[:1024]:
        raise RefusedDocument("corrupt", "it is not a PDF, although its name says so")
    if b"%%EOF" not in file.content[-2048:]:
        raise RefusedDocument("cut_off", "the PDF is cut off: its end is missing")
    with _one_at_a_time:
        pages, title = _read(file.content)
    if not any(page.strip() for page in pages):
        raise RefusedDocument("no_text", "the PDF has no text: it looks like a scan")
    sections = []
    length = 0
    for number, page in enumerate(pages, 1):
        sections.append(Section(length, length + len(page) + 2, page=number))
        length += len(page) + 2
    last = sections[-1]
    sections[-1] = Section(last.start, last.end - 2, page=last.page)
    kept = tuple(section for section in sections if section.start < section.end)
    return Document(file.source, title or file.stem, "\n\n".join(pages), kept, pages=len(pages))


def _read(content: bytes) -> tuple[list[str], str]:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(content)
        try:
            pages = [_clean(_text_of(document[number])) for number in range(len(document))]
            title = " ".join(document.get_metadata_value("Title").split())
        finally:
            document.close()
    except PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise RefusedDocument("encrypted", "the PDF is encrypted: it opens only with a password") from error
        raise RefusedDocument("corrupt", "the PDF is damaged and can't be read") from error
    return pages, "" if title.lower() in {"untitled", "(anonymous)", "(unspecified)"} else title


def _text_of(page: Any) -> str:
    try:
        text_page = page.get_textpage()
        try:
            return str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()


def _clean(text: str) -> str:
    text = _LINE_END_HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", text).strip()
