"""Tells office files apart by content and checks them before a library sees them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile

from core.errors import RefusedDocument
from ingest.formats import archives

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOLDERS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
# Streams of the formats before 2007; the outermost kind first, as slides embed sheets more often than sheets slides.
_STREAMS = {"pptx": "PowerPoint Document", "docx": "WordDocument", "xlsx": "Workbook"}
_STOCK_TITLES = {"", "word document", "powerpoint presentation", "untitled"}
# What the libraries let through from damaged files, besides errors of their own.
_DAMAGE: tuple[type[Exception], ...] = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    OSError,
    EOFError,
    BadZipFile,
    zlib.error,
)


def kind(content: bytes) -> str | None:
    """The suffix, without its dot, of the office format that this content is of; old formats count as their heirs."""
    if content.startswith(_OLE):
        return next((name for name, stream in _STREAMS.items() if _has_stream(content, stream)), None)
    names = archives.members(content)
    if "[Content_Types].xml" not in names:
        return None
    return next((name for name, folder in _FOLDERS.items() if any(n.startswith(folder) for n in names)), None)


def checked(content: bytes, suffix: str) -> BytesIO:
    """The content as a stream for a library to open; RefusedDocument when it is old, encrypted, damaged or a bomb."""
    if content.startswith(_OLE):
        if _has_stream(content, "EncryptedPackage"):
            raise RefusedDocument("encrypted", "it is encrypted: it opens only with a password")
        raise RefusedDocument("old_format", f"it is of a binary format from before 2007: save it as .{suffix}")
    with archives.open_zip(content) as archive:
        archives.refuse_doctypes(archive, archive.namelist())
    return BytesIO(content)


@contextmanager
def damage_refused(*also: type[Exception]) -> Iterator[None]:
    """Turn what a library raises on a damaged file into RefusedDocument; `also` are errors of its own."""
    try:
        yield
    except RecursionError as error:
        raise RefusedDocument("bomb", "its parts are nested too deep: it is not for people") from error
    except (*_DAMAGE, *also) as error:
        raise RefusedDocument(
            "corrupt", f"it is damaged, or not of the format that its name says ({type(error).__name__})"
        ) from error


def own_title(title: str | None) -> str:
    """The title in a file's properties; empty where it is only what the program fills in."""
    plain = " ".join((title or "").split())
    return "" if plain.lower() in _STOCK_TITLES else plain


def _has_stream(content: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in content
