"""What each loader makes of its format beyond what all of them must keep (tests/contracts)."""

import gzip
from pathlib import Path

import pytest

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.source import SourceFile
from tests.ingest.papers import pdf


def loaded(name: str, content: bytes | str) -> Document:
    """The document in a file of this name and content."""
    return reading.load(SourceFile(name, Path(name), content.encode() if isinstance(content, str) else content))


def sections(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Heading path and text of each section."""
    return [(section.heading, document.text[section.start : section.end]) for section in document.sections]


def test_text_is_kept_as_it_stands() -> None:
    """A text file's line ends and spaces are what offsets count."""
    assert loaded("a.txt", "One.\r\n\r\n  Two.\n").text == "One.\r\n\r\n  Two.\n"


def test_markdown_headings_make_sections_with_their_path() -> None:
    """Each heading begins a section that knows the headings above it, underlined ones too."""
    document = loaded("a.md", "# Guide\nIntro.\r\n\r\n## `Install` *it*\nRun.\n\nOther\n-----\nMore.\n# End\n")
    assert document.title == "Guide"
    assert sections(document) == [
        (("Guide",), "# Guide\nIntro.\r\n\r\n"),
        (("Guide", "Install it"), "## `Install` *it*\nRun.\n\n"),
        (("Guide", "Other"), "Other\n-----\nMore.\n"),
        (("End",), "# End\n"),
    ]


def test_markdown_fences_and_front_matter_hold_no_headings() -> None:
    """A comment in a code block and the underline of front matter are no headings."""
    document = loaded("a.md", "---\ntitle: 'The Title'\n---\nText.\n\n```sh\n# not a heading\n```\n## Real\nx\n")
    assert document.title == "The Title"
    assert [heading for heading, _ in sections(document)] == [(), (), ("Real",)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("program.txt", b"\x7fELF\x00\x01", "binary"),
        ("notes.docx", b"PK\x03\x04", "cut_off"),
        ("movie", b"\x00\x00\x00\x18ftypmp42", "unknown_type"),
    ],
)
def test_refusals(name: str, content: bytes, code: str) -> None:
    """What can't be read is refused with a stable code and a reason for people."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(name, content)
    assert refusal.value.code == code
    assert len(refusal.value.reason) > 10


def test_a_pdf_by_another_name_is_read_as_one() -> None:
    """The content decides: a PDF that is called .txt is a PDF."""
    assert loaded("a.txt", pdf("Inside.")).pages == 1


@pytest.mark.parametrize("name", ["LICENSE", "notes.unheard-of"])
def test_text_of_any_name_is_read(name: str) -> None:
    """A file of unknown suffix, or of none, that holds text is read as text, and as a web page when it is one."""
    assert loaded(name, "Some text.").text == "Some text."
    assert loaded(name, "<!DOCTYPE html><html><body><p>Some text.</p></body></html>").text == "Some text."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(b"Some text.", mtime=0)[:-6], "cut_off"),
        (b"\x1f\x8bno gzip", "corrupt"),
        (gzip.compress(bytes(30_000_000), mtime=0), "bomb"),
        (gzip.compress(b"\0\1\2", mtime=0), "unknown_type"),
    ],
    ids=["cut off", "damaged", "bomb", "binary"],
)
def test_packed_files_that_cannot_be_read(content: bytes, code: str) -> None:
    """What can't be unpacked, unpacks without end, or holds no text is refused."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded("a.gz", content)
    assert refusal.value.code == code


def test_a_packed_file_is_read_as_what_is_in_it() -> None:
    """The name without `.gz` and the unpacked content tell the format; several members are one file."""
    page = gzip.compress(b"<html><body><h1>Changes</h1>", mtime=0) + gzip.compress(b"<p>Some text.</p></body>", mtime=0)
    document = loaded("changes.html.gz", page)
    assert (document.source, document.title) == ("changes.html.gz", "Changes")
    assert document.text == "Changes\n\nSome text."
