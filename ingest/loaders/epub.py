"""E-books: the chapters in their reading order, each read whole as a web page is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from core.domain import Document
from core.errors import RefusedDocument
from ingest.formats import archives
from ingest.formats.decoding import decode
from ingest.formats.hypertext.tree import blocks_of
from ingest.formats.manuscript import Manuscript
from ingest.source import SourceFile

SUFFIXES = frozenset({".epub"})
DOC = "e-books in EPUB: chapters in reading order with their headings, title and author; protected ones are refused"
_CONTAINER, _LOCKS = "META-INF/container.xml", "META-INF/encryption.xml"
_MIME = b"mimetypeapplication/epub+zip"  # the first member's name and content, 30 bytes into the file
_PAGES = {"application/xhtml+xml", "text/html", "application/xml", "text/xml"}


def recognise(content: bytes) -> bool:
    """Whether this archive calls itself an e-book."""
    return (content.startswith(b"PK\x03\x04") and _MIME in content[:200]) or _CONTAINER in archives.members(content)


def load(file: SourceFile) -> Document:
    """A section for each heading; a chapter without one goes by its name in the table of contents."""
    with archives.open_zip(file.content) as archive:
        book = _Book(archive)
        written = Manuscript()
        hidden: list[str] = []
        for path in book.chapters():
            found, unseen = blocks_of(decode(content) if (content := _read(archive, path)).strip() else "")
            hidden.extend(unseen)
            if found and found[0].kind != "heading" and path in book.names:
                written.place(1, book.names[path])
            for block in found:
                if block.kind == "heading":
                    written.heading(block.level, block.text)
                else:
                    written.block(block.text, table=block.kind == "table")
            file.alive()
    if not written.text:
        raise RefusedDocument("no_text", "the book holds no text: its pages may be pictures")
    return Document(
        file.source,
        book.title or file.stem,
        written.text,
        written.sections(),
        meta={"author": book.author} if book.author else {},
        tables=written.tables,
        hidden=tuple(hidden),
    )


def _read(archive: ZipFile, path: str) -> bytes:
    return archives.read_member(archive, path)


class _Book:
    """What the package file says of a book."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        members = set(archive.namelist())
        root = next(_parsed(archive, _CONTAINER).iter("{*}rootfile"), None)
        self._path = "" if root is None else unquote(root.get("full-path", ""))
        package = _parsed(archive, self._path)
        items = {item.get("id", ""): item for item in package.iter("{*}item")}
        spine = [items.get(item.get("idref", "")) for item in package.iter("{*}itemref")]
        self._contents = _contents(items)
        self._spine = [self._place(item) for item in spine if item is not None and item.get("media-type") in _PAGES]
        self._spine = [path for path in self._spine if path in members and path != self._contents_path("nav")]
        self.title = _words(package, "title")
        self.author = _words(package, "creator")
        self.names = dict(self._named())
        self._refuse_locked(members)

    def chapters(self) -> list[str]:
        """The members that hold the text, in reading order."""
        if not self._spine:
            raise RefusedDocument("corrupt", "it is damaged: it names no chapter that it holds")
        return list(dict.fromkeys(self._spine))

    def _place(self, item: Any) -> str:
        """The member that an item stands for."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._path), unquote(item.get("href", ""))))

    def _contents_path(self, kind: str) -> str:
        return self._place(self._contents[kind]) if kind in self._contents else ""

    def _named(self) -> Iterator[tuple[str, str]]:
        """Each chapter that the table of contents names, with the first name that it has there."""
        for kind, link, target in (("ncx", "navPoint", "src"), ("nav", "a", "href")):
            path = self._contents_path(kind)
            if path not in self._archive.namelist():
                continue
            for entry in reversed(list(_parsed(self._archive, path).iter(f"{{*}}{link}"))):
                goal = entry if kind == "nav" else next(entry.iter("{*}content"), entry)
                label = entry if kind == "nav" else next(entry.iter("{*}text"), entry)
                chapter = unquote(goal.get(target, "").partition("#")[0])
                name = " ".join("".join(label.itertext()).split())
                if name and chapter:
                    yield posixpath.normpath(posixpath.join(posixpath.dirname(path), chapter)), name

    def _refuse_locked(self, members: set[str]) -> None:
        """Fonts are often scrambled in books that anyone may read; chapters are only in protected ones."""
        if _LOCKS in members:
            locked = {
                unquote(place.get("URI", "")) for place in _parsed(self._archive, _LOCKS).iter("{*}CipherReference")
            }
            if locked & set(self._spine):
                raise RefusedDocument("encrypted", "the book is protected: its chapters are encrypted")


def _contents(items: dict[str, Any]) -> dict[str, Any]:
    """The items that hold the table of contents, in its old and its new form."""
    found = {}
    for item in items.values():
        if item.get("media-type") == "application/x-dtbncx+xml":
            found["ncx"] = item
        elif "nav" in item.get("properties", "").split():
            found["nav"] = item
    return found


def _parsed(archive: ZipFile, name: str) -> Any:
    """A member's element. Entities stay as they are: they can neither multiply nor reach out of the book."""
    from lxml import etree  # type: ignore[import-untyped]

    content = archives.read_member(archive, name)
    if b"<!ENTITY" in content.replace(b"\0", b""):
        raise RefusedDocument("bomb", f"{name} in it declares entities, where XML bombs are hidden")
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedDocument("corrupt", f"it is damaged: {name} in it is no XML") from error


def _words(package: Any, name: str) -> str:
    found = next(package.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())
