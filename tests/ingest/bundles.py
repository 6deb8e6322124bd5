"""Makes the zipped files that tests read: Word, PowerPoint, Excel, EPUB, and archives that are hostile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

CONTAINER = "<container><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>"


def word(fill: Callable[[Any], object], title: str = "") -> bytes:
    """A Word document that `fill` has written."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    fill(document)
    return _saved(document)


def slides(fill: Callable[[Any], object]) -> bytes:
    """A presentation that `fill` has written."""
    from pptx import Presentation

    deck = Presentation()
    fill(deck)
    return _saved(deck)


def workbook(fill: Callable[[Any], object]) -> bytes:
    """A workbook that `fill` has written; it begins with one empty sheet."""
    from openpyxl import Workbook

    book = Workbook()
    fill(book)
    return _saved(book)


def epub(chapters: Mapping[str, str], *, title: str = "", author: str = "", extra: Mapping[str, str] = {}) -> bytes:
    """A book with these pages in this order; `extra` are more members, manifest items of kind nav or ncx by name."""
    kinds = {"nav.xhtml": ("application/xhtml+xml", "nav"), "toc.ncx": ("application/x-dtbncx+xml", "")}
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in chapters)
    items += "".join(
        f'<item id="{n}" href="{n}" media-type="{kind}" properties="{role}"/>'
        for n, (kind, role) in kinds.items()
        if f"OPS/{n}" in extra
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OPS/book.opf": package}
    return zipped({**members, **{f"OPS/{name}": page for name, page in chapters.items()}, **extra})


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """An archive of these members; the one called `mimetype` is stored as it is."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, compress_type=0 if name == "mimetype" else ZIP_DEFLATED)
    return buffer.getvalue()


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one member changed."""
    with ZipFile(BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return zipped({**members, name: change(members[name])})


def bombed(content: bytes, name: str) -> bytes:
    """The archive with a member whose entities would grow to a billion words."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    return changed(
        content, name, lambda xml: b"<!DOCTYPE bomb [" + entities.encode() + b"]>" + xml[xml.find(b"?>") + 2 :]
    )


def _saved(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
