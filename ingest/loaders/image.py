"""Pictures of text: a photograph of a letter, a screenshot, a fax of several pages, read by Tesseract."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats import ocr
from ingest.formats.manuscript import Manuscript
from ingest.source import SourceFile

if TYPE_CHECKING:
    import PIL.Image

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif"})
DOC = "pictures of text, by OCR where Tesseract is installed; TIFF with page numbers"
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
_MOST_PAGES = 2000
_MOST_PIXELS = 90_000_000  # a page of A3 at 600 dots an inch has 70 million


def recognise(content: bytes) -> bool:
    """Whether these bytes begin as a picture of a known kind does."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    is_bitmap = (
        content[:2] == b"BM" and content[6:10] == b"\0\0\0\0" and content[14:18] in {b"\x28\0\0\0", b"\x7c\0\0\0"}
    )
    return content.startswith(_BEGINNINGS) or is_webp or is_bitmap


def load(file: SourceFile) -> Document:
    """The words of each page in paragraphs; only a TIFF of several has page numbers."""
    if not file.options.ocr:
        raise RefusedDocument("needs_ocr", "its words stand in a picture, and recognising them is switched off")
    if not ocr.is_available():
        raise RefusedDocument("needs_ocr", f"its words stand in a picture: {ocr.HOW_TO_INSTALL}")
    texts = list(_texts(file))
    if not any(texts):
        raise RefusedDocument("no_text", "no words were found in the picture")
    written = Manuscript()
    for number, text in enumerate(texts, 1):
        if len(texts) > 1:
            written.turn_to(number)
        written.block(text)
    return Document(
        file.source,
        file.stem,
        written.text,
        written.sections(),
        pages=len(texts) if len(texts) > 1 else None,
        empty_pages=tuple(number for number, text in enumerate(texts, 1) if not text) if len(texts) > 1 else (),
    )


def _texts(file: SourceFile) -> Iterator[str]:
    """The text of each page of the picture."""
    for page in _pages(file.content):
        yield ocr.recognise(page, file.options.ocr_languages)
        file.alive()


def _pages(content: bytes) -> Iterator[PIL.Image.Image]:
    """The pages of a TIFF, the first picture of any other kind; upright, whole, and of a size that memory holds."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged metadata, which isn't read, and of sizes, which are checked
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as picture:
                count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
                _check_pages(count)
                for number in range(count):
                    picture.seek(number)
                    _check_size(picture.width, picture.height)
                    yield ImageOps.exif_transpose(picture)
        except Image.DecompressionBombError as error:
            raise RefusedDocument("bomb", f"the picture has too many pixels: {error}") from error
        # Pillow's readers of a damaged file raise whatever they come upon.
        except (
            OSError,
            SyntaxError,
            ValueError,
            TypeError,
            LookupError,
            EOFError,
            OverflowError,
            struct.error,
        ) as error:
            raise RefusedDocument("corrupt", "the picture is damaged or cut off and can't be read") from error


def _check_pages(count: int) -> None:
    if count > _MOST_PAGES:
        raise RefusedDocument("bomb", f"it has {count:,} pages; at most {_MOST_PAGES:,} are read: split it")


def _check_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        reason = f"the picture has {width:,} x {height:,} pixels; at most {_MOST_PIXELS:,} are read: make it smaller"
        raise RefusedDocument("bomb", reason)
