"""Pages of a PDF that are pictures: which ones are, and what Tesseract reads in them."""

from __future__ import annotations

from typing import Any

from core.errors import RefusedDocument
from ingest.formats import ocr
from ingest.formats.pdf.matter import Page
from ingest.source import SourceFile

_LEAST_SHARE = 0.1  # of the page that pictures cover; a logo is no scan
_MANY_SHAPES = 100  # letters that are drawn as shapes
_DOTS_AN_INCH = 300  # what Tesseract reads best
_MOST_DOTS = 25_000_000  # of a page: a poster is rendered coarser


class Scans:
    """Reads pages without text, as far as it can; remembers what stood in the way."""

    def __init__(self, file: SourceFile) -> None:
        """Nothing is read yet."""
        self._file = file
        self._trouble: RefusedDocument | None = None
        self._found = 0
        self.read: list[int] = []  # numbers of the pages that were recognised

    def text_of(self, page: Any, matter: Page, number: int) -> str:
        """What Tesseract reads on a page without text; empty where it is no scan or can't be read."""
        if not _is_picture(matter):
            return ""
        self._found += 1
        if not self._file.options.ocr or self._trouble is not None:
            return ""
        try:
            text = ocr.recognise(_rendered(page), self._file.options.ocr_languages)
        except RefusedDocument as trouble:  # the pages with text go in all the same
            self._trouble = trouble if trouble.code == "needs_ocr" else None
            return ""
        finally:
            self._file.alive()
        if text:
            self.read.append(number)
        return text

    def refusal(self) -> RefusedDocument:
        """Why a document of which no page has text is refused, and what to do."""
        if not self._found:
            return RefusedDocument("no_text", "the PDF has no text, and no pictures that might hold some")
        if not self._file.options.ocr:
            return RefusedDocument("no_text", "the PDF is a scan, and recognising words in pictures is switched off")
        if not ocr.is_available():
            return RefusedDocument("no_text", f"the PDF is a scan: {ocr.HOW_TO_INSTALL}")
        return self._trouble or RefusedDocument("no_text", "the PDF is a scan, and no words were recognised in it")


def _is_picture(matter: Page) -> bool:
    page = (matter.box.x1 - matter.box.x0) * (matter.box.bottom - matter.box.top)
    covered = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in matter.drawing.pictures)
    return covered > _LEAST_SHARE * page or len(matter.drawing.grounds) > _MANY_SHAPES


def _rendered(page: Any) -> Any:
    """The page as a picture in shades of grey."""
    width, height = page.get_size()
    scale = _DOTS_AN_INCH / 72
    scale = min(scale, (_MOST_DOTS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return bitmap.to_pil().copy()
    finally:
        bitmap.close()
