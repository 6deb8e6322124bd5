"""What comes out of e-books, and which are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.source import SourceFile
from tests.ingest.bundles import changed, epub, zipped

XHTML = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
XHTML += "<title>x</title></head><body>{}</body></html>"
BOOK = {
    "two.xhtml": XHTML.format("<h1>Second</h1><p>Ünd so.</p><h2>Part</h2><p>More.</p>"),
    "one.xhtml": XHTML.format("<p>Only a short verse.</p><p hidden='hidden'>Words that nobody sees.</p>"),
}


def loaded(content: bytes, name: str = "a.epub") -> Document:
    """The document in a book."""
    return reading.load(SourceFile(name, Path(name), content))


def refused(content: bytes) -> str:
    """The code under which a book is refused."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(content)
    assert len(refusal.value.reason) > 10
    return refusal.value.code


def test_chapters_in_reading_order() -> None:
    """The spine decides the order; headings make the path; title and author are the book's own; nothing is dropped."""
    document = loaded(epub(BOOK, title="The Book", author="A. Writer"))
    assert (document.title, document.meta) == ("The Book", {"author": "A. Writer"})
    assert [(s.heading, document.text[s.start : s.end].strip()) for s in document.sections] == [
        (("Second",), "Second\n\nÜnd so."),
        (("Second", "Part"), "Part\n\nMore.\n\nOnly a short verse."),
    ]
    assert document.hidden == ("Words that nobody sees.",)


@pytest.mark.parametrize(
    "contents",
    [
        {"OPS/nav.xhtml": XHTML.format("<nav><ol><li><a href='one.xhtml#a'>The verse</a></li></ol></nav>")},
        {
            "OPS/toc.ncx": "<ncx><navMap><navPoint><navLabel><text>The verse</text></navLabel>"
            "<content src='one.xhtml'/></navPoint></navMap></ncx>"
        },
    ],
)
def test_a_chapter_without_heading_is_named_by_the_contents(contents: dict[str, str]) -> None:
    """Both kinds of tables of contents are understood; they are no chapters themselves."""
    document = loaded(epub(BOOK, extra=contents))
    assert document.sections[-1].heading == ("The verse",)
    assert "The verse" not in document.text


def test_books_are_known_by_their_content() -> None:
    """The mimetype entry says it, whatever the file is called."""
    assert loaded(epub(BOOK), "a.zip").text.startswith("Second")


def test_protected_books_are_refused_and_scrambled_fonts_are_fair() -> None:
    """Chapters that are encrypted can't be read; fonts alone don't matter."""
    lock = (
        "<encryption><EncryptedData><CipherData><CipherReference URI='{}'/></CipherData></EncryptedData></encryption>"
    )
    assert refused(epub(BOOK, extra={"META-INF/encryption.xml": lock.format("OPS/one.xhtml")})) == "encrypted"
    assert loaded(epub(BOOK, extra={"META-INF/encryption.xml": lock.format("OPS/font.otf")})).text


def test_damaged_books_are_refused() -> None:
    """Cut off, without a package, with a package that is no XML or names nothing, or with no words."""
    content = epub(BOOK)
    assert refused(content[: len(content) // 2]) == "cut_off"
    assert refused(zipped({"mimetype": "application/epub+zip"})) == "corrupt"
    assert refused(changed(content, "META-INF/container.xml", lambda xml: b"<container/>")) == "corrupt"
    assert refused(changed(content, "OPS/book.opf", lambda xml: xml[:-20])) == "corrupt"
    assert refused(changed(content, "OPS/book.opf", lambda xml: b"<package/>")) == "corrupt"
    assert refused(epub({"one.xhtml": XHTML.format("<img src='a.png'/>")})) == "no_text"
    assert refused(epub(BOOK, extra={"../up.xhtml": "x"})) == "bad_path"


def test_xml_bombs_in_books_are_refused() -> None:
    """Neither the package nor a chapter may grow or reach out by entities."""
    bomb = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    assert refused(changed(epub(BOOK), "OPS/book.opf", lambda xml: bomb.encode() + xml)) == "bomb"
    page = bomb + "<html><body><p>Words &b; and &c; here.</p></body></html>"
    text = loaded(epub({"one.xhtml": page})).text
    assert "root:" not in text
    assert "haha" not in text


def test_chapters_without_end_are_refused() -> None:
    """Elements nested deeper than any page's have no reader."""
    assert refused(epub({"one.xhtml": XHTML.format("<div>" * 300 + "x" + "</div>" * 300)})) == "bomb"
