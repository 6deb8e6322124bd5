"""What every loader must keep; a new file in ingest/loaders is picked up by itself."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core import plugins
from core.errors import RefusedDocument
from ingest import reading
from ingest.formats import ocr
from ingest.source import SourceFile
from tests.ingest.bundles import epub, slides, word, workbook
from tests.ingest.papers import encoded, pdf, picture


def titled_slide(deck: Any) -> None:
    """Write a slide with nothing but a title."""
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Some words here."


# A sample a loader, with words that must come through; a loader without one fails the first test.
SAMPLES: dict[str, tuple[bytes, str]] = {
    "code": (b"# Some words here.\ndef run(): ...\n", "Some words here."),
    "csv": (b"Topic,Text\nFirst,Some words here.\n", "Some words here."),
    "docx": (word(lambda document: document.add_paragraph("Some words here.")), "Some words here."),
    "email": (b"From: a@example.org\nSubject: Top\n\nSome words here.\n", "Some words here."),
    "epub": (epub({"one.xhtml": "<html><body><p>Some words here.</p></body></html>"}), "Some words here."),
    "html": (b"<html><body><h1>Top</h1><p>Some words here.</p></body></html>", "Some words here."),
    "image": (encoded(picture("Some words here.")), "Some words here."),
    "json": (b'[{"title": "Top", "text": "Some words here."}]', "Some words here."),
    "markdown": (b"# Top\n\nSome words here.\n", "Some words here."),
    "pdf": (pdf("Some words here.", "And more."), "Some words here."),
    "pptx": (slides(titled_slide), "Some words here."),
    "rst": (b"Top\n===\n\nSome words here.\n", "Some words here."),
    "text": (b"Some words here.\n", "Some words here."),
    "xlsx": (workbook(lambda book: book.active.append(["Some words here."])), "Some words here."),
}
NAMES = plugins.names(reading.LOADERS)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each loader in turn."""
    if request.param == "image" and not ocr.is_available():
        pytest.skip("Tesseract is not installed")
    return str(request.param)


@pytest.fixture
def loader(name: str) -> ModuleType:
    """Its file."""
    return plugins.load(reading.LOADERS, name)


def source_file(loader: ModuleType, content: bytes) -> SourceFile:
    """A file of this content with a suffix that the loader takes."""
    path = Path(f"folder/sample{min(loader.SUFFIXES)}")
    return SourceFile("folder/sample", path, content)


def test_it_has_a_sample_and_says_what_it_does(name: str, loader: ModuleType) -> None:
    """A loader names its suffixes in lower case and a line for the README; this file holds a sample of it."""
    assert name in SAMPLES
    assert loader.DOC
    assert "\n" not in loader.DOC
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in loader.SUFFIXES)


def test_suffixes_are_taken_once() -> None:
    """No two loaders take the same suffix."""
    taken = [suffix for name in NAMES for suffix in plugins.load(reading.LOADERS, name).SUFFIXES]
    assert sorted(taken) == sorted(set(taken))


def test_it_reads_its_sample(name: str, loader: ModuleType) -> None:
    """The words come through under the source's own name, with a title."""
    content, words = SAMPLES[name]
    document = loader.load(source_file(loader, content))
    assert words in document.text
    assert document.source == "folder/sample"
    assert document.title.strip()


def test_sections_cover_the_text(name: str, loader: ModuleType) -> None:
    """Sections follow each other without gap or overlap from the first character to the last."""
    document = loader.load(source_file(loader, SAMPLES[name][0]))
    edges = [section.start for section in document.sections] + [len(document.text)]
    assert edges[0] == 0
    assert [section.end for section in document.sections] == edges[1:]


def test_pages_are_numbered_where_there_are_pages(name: str, loader: ModuleType) -> None:
    """A format with pages tells the page of every section, any other of none."""
    document = loader.load(source_file(loader, SAMPLES[name][0]))
    pages = [section.page for section in document.sections]
    if document.pages is None:
        assert pages == [None] * len(pages)
    else:
        assert all(page is not None and 1 <= page <= document.pages for page in pages)


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\x03" * 50, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"%PDF-1.7\n", b"<"]
)
def test_it_refuses_or_reads_hostile_content(loader: ModuleType, content: bytes) -> None:
    """Content of another kind is refused with a code and a reason, or read: no other error comes out of a loader."""
    try:
        document = reading.load(source_file(loader, content))
    except RefusedDocument as refusal:
        assert refusal.code != "failed"
        assert refusal.reason
    else:
        assert document.text.strip()


def test_it_gives_the_same_each_time(name: str, loader: ModuleType) -> None:
    """Reading twice gives the same document: hashes and offsets can be relied on."""
    file = source_file(loader, SAMPLES[name][0])
    assert loader.load(file) == loader.load(file)
